/**
 * Errors of arguments and of data. Each is a plain TypeError or RangeError whose message is made of its details, so
 * that whoever knows better where the value came from, a file or an option of the command line, changes the details and
 * reads no text.
 *
 *     place: expected …, got …; hint; remedy, remedy
 */
import { showColumn } from './show.js'
import { isError } from './thrown.js'

/** Where a value is that is wrong; in a message in the order line, row, column, path. */
export interface ErrorPlace {
  /** the argument or option, and where in it: `epochs`, `layers[0].units`, `x[3][0]` */
  readonly path?: string | undefined
  /** of a text file, from 1 */
  readonly line?: number | undefined
  /** of a table or an array of rows, from 1; its number in the file, where rows of that were left out */
  readonly row?: number | undefined
  /** the name of a column; its number, from 1, where it has no name */
  readonly column?: string | number | undefined
}

/** What an error of deltaprop says, in parts: see errorDetails. What it does not say is undefined. */
export interface ErrorDetails extends ErrorPlace {
  /** `an integer >= 1` */
  readonly expected: string
  /** what came, as the message shows it: `"abc"` */
  readonly got?: string | undefined
  /** what was probably meant, or what helps: `did you mean sigmoid?` */
  readonly hint?: string | undefined
  /** options that would let it pass */
  readonly remedies?: readonly Remedy[] | undefined
}

/** An option that helps, and what comes of it. */
export interface Remedy {
  /** of the library */
  readonly option: string
  /** what the option is to be, in the words of JSON; undefined where that is for the reader to say */
  readonly value?: unknown
  /** the entry of the package that exports the value, if it is one */
  readonly entry?: string
  /** the column that the option is about, where its value does not say so */
  readonly column?: string
  /** what comes of it: `takes it for missing` */
  readonly effect: string
}

/** What else an error has: a hint may be '', for none. */
type More = Pick<ErrorDetails, 'hint' | 'remedies'> & ErrorOptions

type Kind<E extends Error> = new (message: string, options?: ErrorOptions) => E

/** @param where its path, or the whole place */
export function argumentError<E extends Error>(
  Kind: Kind<E>,
  where: string | ErrorPlace,
  expected: string,
  got?: string | number,
  more: More = {},
): E {
  const place = typeof where === 'string' ? { path: where } : where
  const { hint, remedies } = more
  return make(
    Kind,
    { ...place, expected, got: got?.toString(), hint: hint === '' ? undefined : hint, remedies },
    more,
  )
}

/** The error that a value is of the right type, and wrong. */
export function rangeError(
  where: string | ErrorPlace,
  expected: string,
  got?: string | number,
  more?: More,
): RangeError {
  return argumentError(RangeError, where, expected, got, more)
}

/** The error that a value is of the wrong type. */
export function typeError(
  where: string | ErrorPlace,
  expected: string,
  got?: string | number,
  more?: More,
): TypeError {
  return argumentError(TypeError, where, expected, got, more)
}

/** Not enumerable: whoever prints an error sees its message, and not everything twice. */
function make<E extends Error>(Kind: Kind<E>, details: ErrorDetails, options: ErrorOptions): E {
  return Object.defineProperty(new Kind(errorText(details), options), 'details', { value: details })
}

/**
 * What is wrong, in parts, for a program that shows it beside a field of a form or a cell of a table. TypeErrors and
 * RangeErrors of all entries have them: `path` names the argument or the option, `row` and `line` are numbers from 1,
 * `column` is the name of a column, or its number where it has none; `expected`, `got`, `hint` and `remedies` are what
 * the message says, in this order. They are no properties of the error itself, where Safari and Bun have a `line` and a
 * `column` of the source code.
 *
 * @returns undefined for all other errors, such as those of the system; that of load, which names a file, has an error
 *   with details as its cause
 * @example
 * import { errorDetails, parseCsv } from 'deltaprop/data'
 * try {
 *   parseCsv('age\n31\nold\n', { kinds: { age: 'number' } })
 * } catch (error) {
 *   const { line, column, expected, got } = errorDetails(error) ?? {}
 *   console.log(line, column, expected, got) // 3 age a number "old"
 * }
 */
export function errorDetails(error: unknown): ErrorDetails | undefined {
  if (!isError(error) || !('details' in error)) return undefined
  const { details } = error
  // Of another bundle or realm, which has a module of its own like this one; other libraries have other details.
  return typeof details === 'object' && details !== null && 'expected' in details
    ? (details as ErrorDetails)
    : undefined
}

/** The same error with other details, and the first as its cause; what has no details comes back as it is. */
export function amended(error: unknown, change: (details: ErrorDetails) => Partial<ErrorDetails>): unknown {
  const details = errorDetails(error)
  if (details === undefined) return error
  const { name } = error as Error
  const Kind = name === 'TypeError' ? TypeError : name === 'RangeError' ? RangeError : Error
  return make(Kind, { ...details, ...change(details) }, { cause: error })
}

/** A place in a message: `row 3, column age`. */
export function placeText({ path, line, row, column }: ErrorPlace): string {
  const parts = [
    line && `line ${line}`,
    row && `row ${row}`,
    column !== undefined && `column ${showColumn(column)}`,
    path,
  ]
  return joined(parts, ', ')
}

/** A message. @param help what is said of remedies, unless it is what they say themselves */
export function errorText(
  { expected, got, hint, remedies = [], ...place }: ErrorDetails,
  help: readonly string[] = remedies.map(String),
): string {
  const came = got === undefined ? '' : `, got ${got}`
  const fact = joined([placeText(place), `expected ${expected}${came}`], ': ')
  return joined([fact, hint, help.join(', ')], '; ')
}

/** The parts that there are. */
function joined(parts: readonly unknown[], separator: string): string {
  return parts.filter(Boolean).join(separator)
}
