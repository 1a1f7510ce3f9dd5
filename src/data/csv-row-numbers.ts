/** Bytes that a gap takes, about. */
const GAP_BYTES = 32

/**
 * The numbers of a table's rows among the records of their file. Only gaps between rows are kept, so that a row costs
 * nothing:
 *
 *     gaps[i] = [row, dropped]    from this row on, this many records have been left out since the table began
 */
export class RowNumbers {
  #gaps: [row: number, dropped: number][] = []
  /** records of the tables before */
  #before = 0
  #dropped = 0

  /** what they take */
  get bytes(): number {
    return GAP_BYTES * this.#gaps.length
  }

  /** The records so far, given the rows so far. */
  records(rows: number): number {
    return this.#before + rows + this.#dropped
  }

  /** A record is left out after this many rows. @returns whether that takes more bytes than before */
  drop(rows: number): boolean {
    ++this.#dropped
    const last = this.#gaps.at(-1)
    if (last?.[0] === rows) {
      last[1] = this.#dropped
      return false
    }
    this.#gaps.push([rows, this.#dropped])
    return true
  }

  /** Those of the rows since the last time. @returns undefined for 1, 2 … */
  take(rows: number): Uint32Array<ArrayBuffer> | undefined {
    const gaps = this.#gaps
    const isPlain = this.#before === 0 && !gaps.some(([row]) => row < rows)
    const numbers = new Uint32Array(isPlain ? 0 : rows)
    for (let row = 0, gap = 0, dropped = 0; row < numbers.length; ++row) {
      if (gap < gaps.length && gaps[gap][0] === row) dropped = gaps[gap++][1]
      numbers[row] = this.#before + dropped + row + 1
    }
    this.#before = this.records(rows)
    this.#dropped = 0
    this.#gaps = []
    return isPlain ? undefined : numbers
  }
}
