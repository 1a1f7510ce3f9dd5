import { DIGIT_0, MINUS } from './csv-bytes.js'

/** The texts that stand for missing values, as bytes. */
export class MissingValues {
  readonly #values: readonly Uint8Array[]
  readonly #hasEmpty: boolean
  /** by byte, 1 for those that one begins with */
  readonly #starts = new Uint8Array(256)

  constructor(values: readonly Uint8Array[]) {
    this.#values = values.filter((value) => value.length > 0)
    this.#hasEmpty = this.#values.length < values.length
    for (const [first] of this.#values) this.#starts[first] = 1
  }

  /** Whether one of them may be a number. */
  get hasNumbers(): boolean {
    return this.#values.some(([first]) => first === MINUS || (first >= DIGIT_0 && first <= DIGIT_0 + 9))
  }

  /** Whether bytes [start, end) are one of them. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (start === end) return this.#hasEmpty
    return this.#starts[bytes[start]] === 1 && this.#values.some((value) => isSame(value, bytes, start, end))
  }
}

function isSame(value: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (value.length !== end - start) return false
  for (let i = 0; i < value.length; ++i) if (value[i] !== bytes[start + i]) return false
  return true
}
