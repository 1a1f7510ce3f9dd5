import type { ColumnName } from './csv-errors.js'
import type { Format, NumberReader } from './csv-format.js'
import { STARTS, Verdict, type Fault } from './csv-verdict.js'

/** Which texts of a column are judged: none once it is decided, only those that may be numbers, or all. */
const JUDGED = { none: 0, likeNumbers: 1, all: 2 } as const

/** The number of records after which a column that is clearly texts is no longer judged. */
const SETTLED_RECORDS = 1000

/** What is known about the columns whose kinds are not decided yet. */
export class Verdicts {
  /** by column of the table; undefined once it is decided */
  readonly #verdicts: (Verdict | undefined)[]
  /** by column, one of JUDGED; 0 where texts are only texts */
  readonly judged: Uint8Array
  /** columns that may still be numbers */
  #numbers: number

  /**
   * @param names of the columns
   * @param columns as messages name them
   * @param isOpen by column
   */
  constructor(names: readonly string[], columns: readonly ColumnName[], isOpen: readonly boolean[]) {
    this.#verdicts = names.map((name, column) =>
      isOpen[column] ? new Verdict(name, columns[column]) : undefined,
    )
    this.judged = Uint8Array.from(isOpen, (open) => (open ? JUDGED.all : JUDGED.none))
    this.#numbers = isOpen.filter((open) => open).length
  }

  /** Whether some columns are not decided yet. */
  get hasNumbers(): boolean {
    return this.#numbers > 0
  }

  /** The verdict on a column; undefined once it is decided. */
  of(column: number): Verdict | undefined {
    return this.#verdicts[column]
  }

  /** Whether a text that begins with this byte must be judged. */
  isJudged(column: number, first: number, text: string): boolean {
    const judged = this.judged[column]
    if (judged === JUDGED.none) return false
    if (STARTS[first] === 1) return true
    return judged === JUDGED.all && this.#verdicts[column]?.knows(text) === false
  }

  /**
   * Stops judging columns that have clearly been texts for long: parseCsv is then as fast as if their kinds were given,
   * 1.1 times as fast as otherwise.
   *
   * @param records so far
   */
  settle(records: number): void {
    if (records < SETTLED_RECORDS) return
    for (const [column, judged] of this.judged.entries()) {
      const isSettled = judged !== JUDGED.none && this.#verdicts[column]?.isSettled(records)
      if (isSettled === true) this.judged[column] = JUDGED.none
    }
  }

  /** Judges the text in bytes [start, end), surrounding blanks aside. */
  judge(
    column: number,
    text: string,
    numbers: NumberReader,
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
  ): void {
    const verdict = this.#verdicts[column]
    if (verdict === undefined) return
    if (Number.isNaN(numbers.read(bytes, start, end))) verdict.addText(text, bytes[start], line)
    else verdict.addNumber()
    if (verdict.hasWords) this.judged[column] = JUDGED.likeNumbers
  }

  /**
   * A column turns out to hold texts.
   *
   * @param records before this one
   * @returns whether it had numbers or marks, which turn out to be texts too
   */
  becomeText(column: number, records: number): boolean {
    --this.#numbers
    return this.#verdicts[column]?.becomeText(records) ?? false
  }

  /**
   * Decides all columns.
   *
   * @param isText by column
   * @param missing marks of missing values in the file
   * @param records so far
   * @returns notes on texts that would be marks among numbers, and whether there are marks among numbers
   * @throws RangeError for the first of what is wrong
   */
  decide(
    isText: readonly boolean[],
    isMissingAnError: boolean,
    format: Format,
    missing: () => readonly string[],
    records: number,
  ): { readonly notes: readonly string[]; readonly hasMarks: boolean } {
    const notes: string[] = []
    let worst: Fault | undefined
    let hasMarks = false
    for (const [column, verdict] of this.#verdicts.entries()) {
      if (verdict === undefined) continue
      const fault = isText[column]
        ? verdict.faultOfTexts(format, missing, records)
        : verdict.faultOfNumbers(isMissingAnError)
      if (fault !== undefined && (worst === undefined || fault.line < worst.line)) worst = fault
      if (!verdict.hasMarks) continue
      if (isText[column]) notes.push(verdict.markNote())
      else hasMarks = true
    }
    if (worst !== undefined) throw worst.error
    this.#verdicts.fill(undefined)
    this.judged.fill(JUDGED.none)
    this.#numbers = 0
    return { notes, hasMarks }
  }
}
