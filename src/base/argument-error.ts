/**
 * Errors about arguments and data. Each is a plain TypeError or RangeError whose message is built from its details,
 * so that code which knows more about where the value came from, a file or a command-line option, can change the
 * details without parsing text.
 *
 *     place: expected …, got …; hint; remedy, remedy
 */
import { showColumn } from './show.js'
import { isError } from './thrown.js'

/** Where the wrong value is; a message gives line, row, column and path, in this order. */
export interface ErrorPlace {
  /** the argument or option, and the place in it: `epochs`, `layers[0].units`, `x[3][0]` */
  readonly path?: string | undefined
  /** line of a text file, from 1 */
  readonly line?: number | undefined
  /** row of a table or of an array of rows, from 1; the row's number in the file, if some of its rows were left out */
  readonly row?: number | undefined
  /** the name of a column; or its number, from 1, if it has no name */
  readonly column?: string | number | undefined
}

/** What a deltaprop error says, in parts: see errorDetails. Missing parts are undefined. */
export interface ErrorDetails extends ErrorPlace {
  /** `an integer >= 1` */
  readonly expected: string
  /** the actual value, as the message shows it: `"abc"` */
  readonly got?: string | undefined
  /** what was probably meant, or what would help: `did you mean sigmoid?` */
  readonly hint?: string | undefined
  /** options that would make the value acceptable */
  readonly remedies?: readonly Remedy[] | undefined
}

/** An option that helps, and its effect. */
export interface Remedy {
  /** name of the library's option */
  readonly option: string
  /** the option's value, in terms of JSON; undefined if the reader has to choose it */
  readonly value?: unknown
  /** the package entry that exports the value, if it is an export */
  readonly entry?: string
  /** the column that the option concerns, if its value does not say so */
  readonly column?: string
  /** the effect: `takes it for missing` */
  readonly effect: string
}

/** Optional parts of an error; a hint of '' means none. */
type More = Pick<ErrorDetails, 'hint' | 'remedies'> & ErrorOptions

type Kind<E extends Error> = new (message: string, options?: ErrorOptions) => E

/** @param where the path, or the whole place */
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

/** An error for a value of the right type that is wrong. */
export function rangeError(
  where: string | ErrorPlace,
  expected: string,
  got?: string | number,
  more?: More,
): RangeError {
  return argumentError(RangeError, where, expected, got, more)
}

/** An error for a value of the wrong type. */
export function typeError(
  where: string | ErrorPlace,
  expected: string,
  got?: string | number,
  more?: More,
): TypeError {
  return argumentError(TypeError, where, expected, got, more)
}

/** The details are not enumerable: a printed error shows its message, and not everything twice. */
function make<E extends Error>(Kind: Kind<E>, details: ErrorDetails, options: ErrorOptions): E {
  return Object.defineProperty(new Kind(errorText(details), options), 'details', { value: details })
}

/**
 * What is wrong, in parts, for a program that shows it next to a form field or a table cell. The TypeErrors and
 * RangeErrors of all entries have details: `path` names the argument or the option, `row` and `line` are numbers
 * from 1, `column` is the name of a column, or its number if it has no name; `expected`, `got`, `hint` and
 * `remedies` are the parts of the message, in this order. They are not properties of the error itself, where Safari
 * and Bun store a `line` and a `column` of the source code.
 *
 * @returns undefined for all other errors, such as system errors; an error from load, which names a file, has an
 *   error with details as its cause
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
  // Possibly from another bundle or realm, which has its own copy of this module; other libraries' details differ.
  return typeof details === 'object' && details !== null && 'expected' in details
    ? (details as ErrorDetails)
    : undefined
}

/**
 * The same error with changed details, and the original as its cause; anything without details is returned
 * unchanged.
 */
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

/**
 * A message.
 *
 * @param help text for the remedies; by default what they say themselves
 */
export function errorText(
  { expected, got, hint, remedies = [], ...place }: ErrorDetails,
  help: readonly string[] = remedies.map(String),
): string {
  const came = got === undefined ? '' : `, got ${got}`
  const fact = joined([placeText(place), `expected ${expected}${came}`], ': ')
  return joined([fact, hint, help.join(', ')], '; ')
}

/** Joins the parts that are present. */
function joined(parts: readonly unknown[], separator: string): string {
  return parts.filter(Boolean).join(separator)
}
