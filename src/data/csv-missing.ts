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
  readonly #entries = new Map<number, Entry[]>()
  /** by first byte, a bit for each number of bytes that those have, the last one for 31 and more */
  readonly #lengths = new Int32Array(256)
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
    for (const entry of entries) {
      const { bytes } = entry
      if (bytes.length === 0) continue
      this.#lengths[bytes[0]] |= 1 << Math.min(bytes.length, 31)
      const others = this.#entries.get(bytes[0])
      if (others === undefined) this.#entries.set(bytes[0], [entry])
      else others.push(entry)
    }
  }

  /** Those of columns of either kind that `find` has found. */
  get seen(): readonly string[] {
    return [...this.#seen]
  }

  /** What bytes [start, end) are. */
  find(bytes: Uint8Array, start: number, end: number): Mark {
    const length = end - start
    if (length > 0) {
      const isOne = (this.#lengths[bytes[start]] >>> (length < 31 ? length : 31)) & 1
      return isOne === 0 ? MARK.none : this.#search(bytes, start, end)
    }
    if (this.#empty === MARK.everywhere) this.#seen.add('')
    return this.#empty
  }

  #search(bytes: Uint8Array, start: number, end: number): Mark {
    const entry = this.#entries.get(bytes[start])?.find(({ bytes: mark }) => isSame(mark, bytes, start, end))
    if (entry?.mark === MARK.everywhere) this.#seen.add(entry.text)
    return entry?.mark ?? MARK.none
  }
}

function isSame(value: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (value.length !== end - start) return false
  for (let i = 0; i < value.length; ++i) if (value[i] !== bytes[start + i]) return false
  return true
}
