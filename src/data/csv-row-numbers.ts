/** The numbers that the rows of a table have among the records of their file, kept where they are not 1, 2 … alone. */
export class RowNumbers {
  /** records so far, those that were left out too */
  #records = 0
  /** rows of this table */
  #rows = 0
  /** that of the first row, if there are no #numbers */
  #first = 1
  /** by row, undefined as long as no record between two rows was left out */
  #numbers: Uint32Array<ArrayBuffer> | undefined

  /** what they take */
  get bytes(): number {
    return this.#numbers?.byteLength ?? 0
  }

  /** The next record is a row. @returns whether that takes more bytes than before */
  keep(): boolean {
    ++this.#records
    ++this.#rows
    if (this.#numbers === undefined) return false
    const grows = this.#rows > this.#numbers.length
    if (grows) this.#numbers = resized(this.#numbers, 2 * this.#rows)
    this.#numbers[this.#rows - 1] = this.#records
    return grows
  }

  /** The next record is left out. */
  drop(): void {
    ++this.#records
    if (this.#rows === 0) this.#first = this.#records + 1
    else this.#numbers ??= count(this.#first, this.#rows, 2 * this.#rows)
  }

  /** Those of the rows since the last time; undefined for 1, 2 … */
  take(): Uint32Array | undefined {
    const rows = this.#rows
    let numbers: Uint32Array | undefined
    if (this.#numbers !== undefined) {
      numbers = this.#numbers.slice(0, rows)
      // Records left out behind the last row change nothing.
      if (numbers[rows - 1] === rows) numbers = undefined
    } else if (this.#first > 1) {
      numbers = count(this.#first, rows, rows)
    }
    this.#rows = 0
    this.#first = this.#records + 1
    this.#numbers = undefined
    return numbers
  }
}

/** first, first + 1 …, and zeros behind. */
function count(first: number, rows: number, length: number): Uint32Array<ArrayBuffer> {
  const numbers = new Uint32Array(length)
  for (let row = 0; row < rows; ++row) numbers[row] = first + row
  return numbers
}

function resized(numbers: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(length)
  more.set(numbers)
  return more
}
