/** Parses option values from command-line text to what the library takes. Errors name the option. */
import { rangeError } from '../base/argument-error.js'
import { checkInteger, checkName, checkNumber, show, type Bounds } from '../base/check.js'
import { checkDelimiter } from '../data/csv-options.js'
import { checkEncoding } from '../data/encodings.js'
import { columnsOption } from './choose-columns.js'

/** Decimal notation only: Number would also accept 0x10 and empty text. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** The number if the text is one, otherwise the text, for an error message to show. */
function numeric(text: string): number | string {
  return NUMBER.test(text) ? Number(text) : text
}

/** A parser for an option that takes a number. */
export function number(name: string, bounds: Bounds = {}): (text: string) => number {
  return (text) => checkNumber(name, numeric(text), bounds)
}

/** A parser for an option that takes an integer. */
export function integer(name: string, bounds: Bounds = {}): (text: string) => number {
  return (text) => checkInteger(name, numeric(text), bounds)
}

/** A parser for an option that takes one of several names. */
export function oneOf<Name extends string>(name: string, known: readonly Name[]): (text: string) => Name {
  return (text) => checkName(name, text, known)
}

/** A parser for an option that takes a number or one of several names. */
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

/** A parser for comma-separated integers: `16,8`; `none` for none. */
export function integers(name: string, bounds: Bounds): (text: string) => number[] {
  return (text) =>
    text === 'none' ? [] : text.split(',').map((part) => checkInteger(name, numeric(part.trim()), bounds))
}

/** Parses a delimiter, or the word for one that is hard to type in a shell. */
export function delimiter(text: string): string {
  const character = text === 'tab' || text === String.raw`\t` ? '\t' : text
  checkDelimiter('--delimiter', character)
  return character
}

/** A parser for comma-separated texts, with the syntax of column names. */
export function texts(option: string): (text: string) => readonly string[] {
  const read = columnsOption(option)
  return (text) => read(text).names
}

/** Parses the name of an encoding. */
export function encoding(text: string): string {
  try {
    return checkEncoding(text)
  } catch (cause) {
    const expected = 'one that TextDecoder knows, such as latin1 or utf-16le'
    throw rangeError('--encoding', expected, show(text), { cause })
  }
}

/** Parses a thousands separator, or the word for the one that is hard to type in a shell. */
export function thousands(text: string): string {
  return text === 'space' ? ' ' : text
}
