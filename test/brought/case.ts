/** What a file that someone brings must give: to the readers, to a model, and to the command line. */
import type { CsvOptions } from '../../src/data/index.js'
import type { ModelOptions } from '../../src/model/index.js'

/** A whole message, what it matches, or several things that it matches all of. */
export type Message = string | RegExp | readonly RegExp[]

/** A column by its name, with all its values; NaN is a number that is missing, an empty text a text that is. */
export type Values = readonly [name: string, values: readonly (number | string)[]]

/** One way to read a file as CSV. */
export interface Reading {
  readonly options: CsvOptions
  /** all columns of the table, in their order; undefined for a reading that must fail */
  readonly columns?: readonly Values[]
  /** each matches a note, and each note matches one of them */
  readonly notes: readonly (string | RegExp)[]
  /** of the rows, where they are not 1, 2 … */
  readonly numbers?: readonly number[]
  /** the error; with columns too, either is right */
  readonly error?: Message
}

/** What a model learns from the first reading that gives a table, or from JSON lines. */
export interface Learning {
  readonly options: ModelOptions
  /** name and kind of each column that goes in and that comes out; categories in the place of the kinds of texts and classes */
  readonly inputs?: readonly (readonly [string, 'number' | readonly unknown[]])[]
  readonly outputs?: readonly (readonly [string, 'number' | readonly unknown[]])[]
  readonly error?: Message
}

/** One run of `deltaprop train FILE --out … --epochs 3 --holdout 0` and these. */
export interface Run {
  readonly args: readonly string[]
  /** what standard output must have, or standard error if it must fail */
  readonly says: readonly (string | RegExp)[]
  /** options of a `deltaprop predict` of the same file behind it, which must give a line for each row */
  readonly predict?: readonly string[]
  /** rows that are predicted then */
  readonly rows?: number
  readonly code: 0 | 1 | 2
  /** whether the file comes over standard input */
  readonly isPiped?: boolean
}

export interface Case {
  /** in test/brought/files */
  readonly file: string
  /** who brings it, or what is the matter with it */
  readonly about: string
  readonly readings?: readonly Reading[]
  readonly models?: readonly Learning[]
  readonly runs?: readonly Run[]
}

export function reads(
  options: CsvOptions,
  columns: readonly Values[],
  more: Partial<Pick<Reading, 'notes' | 'numbers'>> = {},
): Reading {
  return { options, columns, notes: [], ...more }
}

export function refuses(options: CsvOptions, error: Message): Reading {
  return { options, error, notes: [] }
}

/** Where the decision is the reader's: it understands the file, or says what would help; anything else would be a misreading. */
export function readsOrRefuses(
  columns: readonly Values[],
  error: Message,
  notes: readonly (string | RegExp)[],
): Reading {
  return { options: {}, columns, error, notes }
}

export function learns(options: ModelOptions, more: Pick<Learning, 'inputs' | 'outputs'> = {}): Learning {
  return { options, ...more }
}

export function cannotLearn(options: ModelOptions, error: Message): Learning {
  return { options, error }
}

/** @param args as a command line without quotes has them, or as a list */
export function runs(
  args: string | readonly string[],
  says: readonly (string | RegExp)[] = [],
  more: Partial<Pick<Run, 'predict' | 'rows' | 'isPiped'>> = {},
): Run {
  return { args: split(args), says, code: 0, ...more }
}

export function fails(args: string | readonly string[], ...says: (string | RegExp)[]): Run {
  return { args: split(args), says, code: 1 }
}

function split(args: string | readonly string[]): readonly string[] {
  return typeof args === 'string' ? args.split(' ') : args
}
