import { parseNumber } from './csv-number.js'

/** Whether a field marks a missing value: not at all, in columns of either kind, or only among numbers. */
export const MARK = { none: 0, everywhere: 1, amongNumbers: 2 } as const
export type Mark = (typeof MARK)[keyof typeof MARK]

interface Entry {
  readonly text: string
  readonly bytes: Uint8Array
  readonly mark: Mark
  isSeen: boolean
}

/** The texts that stand for missing values, as bytes. */
export class MissingValues {
  /** Whether one of them is a number. */
  readonly hasNumbers: boolean
  readonly #empty: Mark
  /** by first byte */
  readonly #entries = new Array<readonly Entry[]>(256).fill([])
  /** by first byte, a bit for each length that its texts have, the last bit for 31 and more */
  readonly #lengths = new Int32Array(256)
  #isEmptySeen = false
  /** what `find` found last, of one byte or more */
  #last: Entry | undefined

  /**
   * @param everywhere in columns of either kind
   * @param amongNumbers only in columns of numbers
   */
  constructor(everywhere: readonly string[], amongNumbers: readonly string[]) {
    const entries = [
      ...everywhere.map((text) => newEntry(text, MARK.everywhere)),
      ...amongNumbers.map((text) => newEntry(text, MARK.amongNumbers)),
    ]
    this.hasNumbers = entries.some(({ bytes }) => !Number.isNaN(parseNumber(bytes, 0, bytes.length)))
    this.#empty = entries.find(({ text }) => text === '')?.mark ?? MARK.none
    for (const entry of entries) {
      const { bytes } = entry
      if (bytes.length === 0) continue
      this.#lengths[bytes[0]] |= 1 << Math.min(bytes.length, 31)
      this.#entries[bytes[0]] = [...this.#entries[bytes[0]], entry]
    }
  }

  /** Those of columns of either kind that `find` found, and those that were missing values among numbers. */
  get seen(): readonly string[] {
    const entries = this.#entries.flat().filter(({ isSeen }) => isSeen)
    return [...(this.#isEmptySeen ? [''] : []), ...entries.map(({ text }) => text)]
  }

  /** Records that the mark which `find` found last was a missing value among numbers. @returns its text */
  takeLast(): string {
    if (this.#last === undefined) return ''
    this.#last.isSeen = true
    return this.#last.text
  }

  /** What bytes [start, end) are. */
  find(bytes: Uint8Array, start: number, end: number): Mark {
    const length = end - start
    if (length > 0) {
      const isOne = (this.#lengths[bytes[start]] >>> (length < 31 ? length : 31)) & 1
      return isOne === 0 ? MARK.none : this.#search(bytes, start, end)
    }
    this.#isEmptySeen = this.#empty === MARK.everywhere
    return this.#empty
  }

  #search(bytes: Uint8Array, start: number, end: number): Mark {
    for (const entry of this.#entries[bytes[start]]) {
      if (!isSame(entry.bytes, bytes, start, end)) continue
      if (entry.mark === MARK.everywhere) entry.isSeen = true
      this.#last = entry
      return entry.mark
    }
    return MARK.none
  }
}

function newEntry(text: string, mark: Mark): Entry {
  return { text, bytes: new TextEncoder().encode(text), mark, isSeen: false }
}

function isSame(value: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (value.length !== end - start) return false
  for (let i = 0; i < value.length; ++i) if (value[i] !== bytes[start + i]) return false
  return true
}
