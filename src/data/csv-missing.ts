import { parseNumber } from './csv-number.js'

/** What a field is: no mark of a missing value, one in columns of either kind, or one among numbers alone. */
export const MARK = { none: 0, everywhere: 1, amongNumbers: 2 } as const
export type Mark = (typeof MARK)[keyof typeof MARK]

interface Entry {
  readonly text: string
  readonly bytes: Uint8Array
  readonly mark: Mark
}

/** The texts that stand for missing values, as bytes. */
export class MissingValues {
  /** Whether one of them is a number. */
  readonly hasNumbers: boolean
  readonly #empty: Mark
  /** by first byte */
  readonly #entries: readonly (readonly Entry[] | undefined)[]
  readonly #maxLength: number
  readonly #seen = new Set<string>()

  /**
   * @param everywhere in columns of either kind
   * @param amongNumbers in columns of numbers alone
   */
  constructor(everywhere: readonly string[], amongNumbers: readonly string[]) {
    const encoder = new TextEncoder()
    const entries = [
      ...everywhere.map((text) => ({ text, bytes: encoder.encode(text), mark: MARK.everywhere })),
      ...amongNumbers.map((text) => ({ text, bytes: encoder.encode(text), mark: MARK.amongNumbers })),
    ]
    this.hasNumbers = entries.some(({ bytes }) => !Number.isNaN(parseNumber(bytes, 0, bytes.length)))
    this.#empty = entries.find(({ text }) => text === '')?.mark ?? MARK.none
    this.#maxLength = Math.max(0, ...entries.map(({ bytes }) => bytes.length))
    this.#entries = Array.from({ length: 256 }, (_, byte) => {
      const some = entries.filter(({ bytes }) => bytes[0] === byte)
      return some.length === 0 ? undefined : some
    })
  }

  /** Those of columns of either kind that `find` has found. */
  get seen(): readonly string[] {
    return [...this.#seen]
  }

  /** What bytes [start, end) are. */
  find(bytes: Uint8Array, start: number, end: number): Mark {
    if (start === end) {
      if (this.#empty === MARK.everywhere) this.#seen.add('')
      return this.#empty
    }
    const entries = this.#entries[bytes[start]]
    if (entries === undefined || end - start > this.#maxLength) return MARK.none
    for (const entry of entries) {
      if (!isSame(entry.bytes, bytes, start, end)) continue
      if (entry.mark === MARK.everywhere) this.#seen.add(entry.text)
      return entry.mark
    }
    return MARK.none
  }
}

function isSame(value: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (value.length !== end - start) return false
  for (let i = 0; i < value.length; ++i) if (value[i] !== bytes[start + i]) return false
  return true
}
