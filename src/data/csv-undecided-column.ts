/** What is known about a column until its kind is decided, and the messages that follow from it. */
import { show } from '../base/check.js'
import { showColumn } from '../base/show.js'
import type { Remedy } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { missingError, type ColumnName } from './csv-errors.js'
import { clueOf, hasManyLetters, signOf, trimmed, type Clue, type NumberFormat } from './csv-number-format.js'

/** A field, and the line where it begins. */
interface Field {
  readonly text: string
  readonly line: number
}

/** The most different words that a remedy names. */
const MAX_WORDS = 3

/** By byte, 1 for those that a number, or a sign before it, may begin with: an €, too, and Infinity. */
export const STARTS = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte > 0x7f || '0123456789+-., \t$EUGCJkI'.includes(String.fromCharCode(byte))),
)

/** The most characters of a number with its sign. */
const MAX_LENGTH = 40

/** What is wrong, and in which line. */
export interface Fault {
  readonly error: RangeError
  readonly line: number
}

export class UndecidedColumn {
  readonly #name: string
  readonly #column: ColumnName
  /** missing values, marks that are missing values only among numbers, and the first of those */
  #missing = 0
  #marks = 0
  #mark: Field | undefined
  /** the marks found, which come from a short list */
  readonly #markTexts = new Set<string>()
  #inexact: Field | undefined
  /** numbers in the format of the file */
  #numbers = 0
  /** numbers in another format, and the first one */
  #foreign = 0
  #firstForeign: { readonly field: Field; readonly clue: Clue } | undefined
  #signed = 0
  #firstSign: string | undefined
  /** the first different texts that are not numbers at all, one more than a message names */
  readonly #words: Field[] = []
  #firstText: Field | undefined

  /** @param column as messages name it */
  constructor(name: string, column: ColumnName) {
    this.#name = name
    this.#column = column
  }

  /** Whether some fields stand for missing values among numbers. */
  get hasMarks(): boolean {
    return this.#marks > 0
  }

  /** Whether so many different words are known that more do not matter. */
  get hasWords(): boolean {
    return this.#words.length > MAX_WORDS
  }

  /** Whether a text that does not look like a number is one of the words so far. */
  knows(text: string): boolean {
    for (const word of this.#words) if (word.text === text) return true
    return false
  }

  /** The remedy that they stay texts. */
  markNote(): string {
    const such = `${show(this.#mark?.text)}, which ${this.#marks === 1 ? 'stands' : 'stand'} for missing values among numbers`
    return `column ${showColumn(this.#column)} keeps ${this.#marks === 1 ? 'one text' : `${this.#marks} texts such as`} ${such}`
  }

  /** A mark that stands for a missing value among numbers. */
  addMark(text: string, line: number): void {
    ++this.#marks
    this.#mark ??= { text, line }
    this.#markTexts.add(text)
  }

  /** An integer that f64 does not have exactly. */
  addInexact(text: string, line: number): void {
    this.#inexact ??= { text, line }
  }

  /** A missing value. */
  addMissing(): void {
    ++this.#missing
  }

  /** A number in a column of texts. */
  addNumber(): void {
    ++this.#numbers
  }

  /** @param first its first byte */
  addText(text: string, first: number, line: number): void {
    this.#firstText ??= { text, line }
    if (STARTS[first] === 1 && this.#isLikeNumber(text, line)) return
    if (!this.hasWords && !this.knows(text)) this.#words.push({ text, line })
  }

  /**
   * All values before were numbers.
   *
   * @param records before this one
   * @returns whether there were numbers or marks
   */
  becomeText(records: number): boolean {
    this.#numbers = records - this.#missing - this.#marks
    return this.#numbers + this.#marks > 0
  }

  /** Counts a number of another format, or with a sign. */
  #isLikeNumber(text: string, line: number): boolean {
    if (text.length > MAX_LENGTH || hasManyLetters(text)) return false
    const value = trimmed(text)
    const clue = clueOf(value)
    if (clue !== undefined) {
      ++this.#foreign
      this.#firstForeign ??= { field: { text, line }, clue }
      return true
    }
    const sign = signOf(value)
    if (sign === undefined) return false
    ++this.#signed
    this.#firstSign ??= sign
    return true
  }

  /** Whether at least three in four are texts. */
  isSettled(records: number): boolean {
    return this.#firstText !== undefined && 4 * this.#like < records - this.#missing - this.#marks
  }

  /** What is wrong with a column of numbers: an integer that f64 does not have exactly, or a missing value. */
  faultOfNumbers(isMissingAnError: boolean): Fault | undefined {
    const inexact = this.#inexact
    const mark = isMissingAnError ? this.#mark : undefined
    if (inexact !== undefined && (mark === undefined || inexact.line <= mark.line)) {
      return { error: inexactError(inexact, this.#name, this.#column), line: inexact.line }
    }
    if (mark === undefined) return undefined
    return { error: missingError(mark.line, this.#column, show(mark.text)), line: mark.line }
  }

  /**
   * What is wrong with a column of texts: that most of them are numbers, or would be in another format or without
   * signs, and some are not.
   *
   * @param missing the marks of missing values in the file
   * @param records so far
   */
  faultOfTexts(format: NumberFormat, missing: () => readonly string[], records: number): Fault | undefined {
    const first = this.#firstText
    const values = records - this.#missing - this.#marks
    if (first === undefined || 2 * this.#like <= values) return undefined
    const without = this.#firstSign === undefined ? '' : ` without ${show(this.#firstSign)}`
    const share = this.#numbers === 0 ? '' : `, as in ${this.#numbers} of ${values} rows`
    const other = this.#words.find(({ text }) => text !== first.text)
    const also = other === undefined ? '' : ` (also ${show(other.text)} in line ${other.line})`
    const remedies = [
      ...this.#formatRemedies(format),
      ...this.#missingRemedies(missing()),
      takeForTexts(this.#name),
    ]
    const error = remediableError(
      { line: first.line, column: this.#column },
      `a number${without}${share}`,
      `${show(first.text)}${also}`,
      remedies,
    )
    return { error, line: first.line }
  }

  /** values that are numbers, or would be, in another format or without their signs */
  get #like(): number {
    return this.#numbers + this.#foreign + this.#signed
  }

  #formatRemedies(format: NumberFormat): Remedy[] {
    const foreign = this.#firstForeign
    if (foreign === undefined) return []
    const { field, clue } = foreign
    const digits = trimmed(field.text)
    const reads = (text: string): string => `reads ${show(digits)} as ${text}`
    if (clue.decimal === 'doubt') {
      return [
        { option: 'decimal', value: ',', effect: reads(digits.replace(',', '.')) },
        { option: 'thousands', value: ',', effect: reads(digits.replace(',', '')) },
      ]
    }
    const plain = digits
      .replace(clue.thousands === "'" ? /['\u2019]/g : /[\s\u00a0\u202f]/g, '')
      .replaceAll(clue.decimal === ',' ? '.' : ',', '')
      .replace(',', '.')
    const remedies: Remedy[] = []
    if (clue.decimal === ',' && format.decimal === '.') {
      remedies.push({ option: 'decimal', value: ',', effect: reads(plain) })
    }
    if (clue.thousands !== undefined && clue.thousands !== format.thousands && clue.decimal !== ',') {
      remedies.push({ option: 'thousands', value: clue.thousands, effect: reads(plain) })
    }
    return remedies
  }

  #missingRemedies(missing: readonly string[]): Remedy[] {
    if (this.#words.length === 0 || this.hasWords) return []
    const words = this.#words.map(({ text }) => trimmed(text))
    const effect = words.length === 1 ? 'takes it for missing' : 'takes them for missing'
    if (words.some(isLong)) return []
    return [{ option: 'missingValues', value: [...missing, ...this.#markTexts, ...words], effect }]
  }
}

/** @param column as messages name it */
export function inexactError({ text, line }: Field, name: string, column: ColumnName): RangeError {
  return remediableError({ line, column }, 'an integer that a number has exactly', show(text), [
    takeForTexts(name),
    { option: 'columns', column: name, effect: 'leaves it out' },
  ])
}

/**
 * A text in a column that had only numbers so far.
 *
 * @param missing the marks of missing values so far, which stay such
 */
export function noNumberError(
  { text, line }: Field,
  name: string,
  column: ColumnName,
  missing: readonly string[],
): RangeError {
  const word = trimmed(text)
  const value = [...missing, word]
  const takeForMissing = { option: 'missingValues', value, effect: 'takes it for missing' }
  return remediableError({ line, column }, 'a number', show(text), [
    ...(isLong(word) ? [] : [takeForMissing]),
    takeForTexts(name),
  ])
}

/** Too long to stand for a missing value, and for a message. */
function isLong(word: string): boolean {
  return word.length > MAX_LENGTH
}

function takeForTexts(name: string): Remedy {
  return { option: 'kinds', value: { [name]: 'text' }, effect: 'takes all for texts' }
}
