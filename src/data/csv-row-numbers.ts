/** Bytes that a gap takes, about. */
const GAP_BYTES = 32

/**
 * The numbers that the rows of a table have among the records of their file. Only gaps between rows are kept, so that a row costs nothing:
 *
 *     gaps[i] = [row, dropped]    behind this many records that were left out since the table began come rows from this one on
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

  /** Records up to now, if there are so many rows. */
  records(rows: number): number {
    return this.#before + rows + this.#dropped
  }

  /** A record is left out behind so many rows. @returns whether that takes more bytes than before */
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
