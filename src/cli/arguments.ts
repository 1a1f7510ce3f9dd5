/** Values of options: from the text of a command line to what the library takes. What is wrong with one is an error of its option. */
import { rangeError } from '../base/argument-error.js'
import { checkInteger, checkName, checkNumber, show, type Bounds } from '../base/check.js'
import { checkDelimiter } from '../data/csv-options.js'
import { checkEncoding } from '../data/encodings.js'
import { columnsOption } from './columns.js'

/** Digits as people write numbers: no 0x10, no empty text, which Number reads too. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A number where the text is one, else the text, for a message that shows it. */
function numeric(text: string): number | string {
  return NUMBER.test(text) ? Number(text) : text
}

/** A reader of an option that is a number. */
export function number(name: string, bounds: Bounds = {}): (text: string) => number {
  return (text) => checkNumber(name, numeric(text), bounds)
}

/** A reader of an option that is an integer. */
export function integer(name: string, bounds: Bounds = {}): (text: string) => number {
  return (text) => checkInteger(name, numeric(text), bounds)
}

/** A reader of an option that is one of some names. */
export function oneOf<Name extends string>(name: string, known: readonly Name[]): (text: string) => Name {
  return (text) => checkName(name, text, known)
}

/** A reader of an option that is a number or one of some names. */
export function numberOr<Name extends string>(
  name: string,
  known: readonly Name[],
  read: (text: string) => number,
): (text: string) => number | Name {
  return (text) => {
    const found = known.find((each) => each === text)
    if (found !== undefined || NUMBER.test(text)) return found ?? read(text)
    throw rangeError(name, `${known.join(', ')} or a number`, show(text))
  }
}

/** A reader of integers with commas between them: `16,8`; `none` for none. */
export function integers(name: string, bounds: Bounds): (text: string) => number[] {
  return (text) =>
    text === 'none' ? [] : text.split(',').map((part) => checkInteger(name, numeric(part.trim()), bounds))
}

/** A delimiter, or the word for one that shells make hard to write. */
export function delimiter(text: string): string {
  const character = text === 'tab' || text === String.raw`\t` ? '\t' : text
  checkDelimiter('--delimiter', character)
  return character
}

/** A reader of an option that is texts with commas between them, as names of columns are. */
export function texts(option: string): (text: string) => readonly string[] {
  const read = columnsOption(option)
  return (text) => read(text).names
}

/** The name of an encoding. */
export function encoding(text: string): string {
  try {
    return checkEncoding(text)
  } catch (cause) {
    const expected = 'one that TextDecoder knows, such as latin1 or utf-16le'
    throw rangeError('--encoding', expected, show(text), { cause })
  }
}

/** A separator of groups of digits, or the word for the one that shells make hard to write. */
export function thousands(text: string): string {
  return text === 'space' ? ' ' : text
}
