/** Selects columns of a data file by name, as given on a command line. */
import { rangeError } from '../base/argument-error.js'
import { show, showName } from '../base/check.js'
import { showNames } from '../model/messages.js'
import { suggestion } from '../base/suggest.js'
import { NamedError } from '../node/files.js'

/** The columns given by an option, both as the raw text, which may be a single name, and parsed as a list of names. */
export interface ColumnList {
  readonly text: string
  readonly names: readonly string[]
}

/**
 * A parser for an option that takes a list of names.
 *
 * @param option for messages
 * @throws RangeError that names it, for a quote that is not closed
 */
export function columnsOption(option: string): (text: string) => ColumnList {
  return (text) => {
    const list = columnList(text)
    if (list !== undefined) return list
    throw rangeError(option, 'texts in quotes with a quote at their end', show(text))
  }
}

/**
 * Parses comma-separated names. A name that contains a comma is quoted, as in CSV: `"weight, kg",height`; spaces around
 * names are ignored. Undefined for a quote that is not closed.
 */
export function columnList(text: string): ColumnList | undefined {
  const names: string[] = []
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^",][^,]*)?)\s*(,|$)/y
  for (;;) {
    const found: readonly (string | undefined)[] | null = pattern.exec(text)
    if (found === null) return undefined
    const [, quoted, plain = '', end] = found
    names.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'))
    if (end === '') return { text, names }
  }
}

/**
 * The columns that an option means: the one whose name is the whole text, or else the ones listed. Spaces around a name
 * in the file are ignored if that is unambiguous.
 *
 * @throws NamedError that names the option, unless the file has them
 */
export function resolveColumns(
  option: string,
  { text, names }: ColumnList,
  known: readonly string[],
): string[] {
  const columns = new Set(known)
  if (columns.has(text)) return [text]
  const chosen = names.map((name) => {
    if (columns.has(name)) return name
    const trimmed = known.filter((each) => each.trim() === name)
    if (trimmed.length === 1) return trimmed[0]
    const expected = `columns of the data (${showNames(known)})`
    throw notChosen(option, expected, showName(name), suggestion(name, known))
  })
  checkOnce(option, chosen)
  return chosen
}

/** The error of an option, which no file is to blame for. */
function notChosen(option: string, expected: string, got?: string, hint?: string): NamedError {
  return new NamedError(option, rangeError({}, expected, got, { hint }))
}

/** @throws NamedError that names the option, for a column listed twice, or also listed by another option */
function checkOnce(
  option: string,
  names: readonly string[],
  other?: string,
  others?: Iterable<string>,
): void {
  const seen = new Set(others)
  for (const name of names) {
    if (!seen.has(name)) {
      if (others === undefined) seen.add(name)
      continue
    }
    if (other === undefined) throw notChosen(option, 'each column once', `${showName(name)} twice`)
    throw notChosen(option, `no column of ${other}`, showName(name))
  }
}

/** Options that select the columns of a table to train on. */
export interface ColumnOptions {
  readonly target: ColumnList
  readonly features?: ColumnList
  readonly ignore?: ColumnList
  readonly texts?: ColumnList
}

/** The columns of a table to train on; no others are read. */
export interface ChosenColumns {
  readonly target: readonly string[]
  /** the columns to predict from, in the order of the file or of the option */
  readonly features: readonly string[]
  readonly texts: readonly string[]
  /** positions, counted from 1, of columns without a name, which are left out unless requested */
  readonly nameless: readonly number[]
}

/** @throws NamedError that names the option */
export function chooseColumns(
  { target, features, ignore, texts }: ColumnOptions,
  known: readonly string[],
): ChosenColumns {
  if (features !== undefined && ignore !== undefined) {
    throw notChosen('--ignore', 'none beside --features')
  }
  const targets = resolveColumns('--target', target, known)
  const ignored = ignore === undefined ? [] : resolveColumns('--ignore', ignore, known)
  checkOnce('--ignore', ignored, '--target', targets)
  const left = new Set([...ignored, ...targets])
  const others = known.filter((name) => name !== '' && !left.has(name))
  const chosen = features === undefined ? others : resolveColumns('--features', features, known)
  checkOnce('--features', chosen, '--target', targets)
  const texted = texts === undefined ? [] : resolveColumns('--texts', texts, known)
  checkOnce('--texts', texted, '--ignore', ignored)
  const isNameless = !chosen.includes('') && !ignored.includes('')
  return {
    target: targets,
    features: chosen,
    texts: texted,
    nameless: known.flatMap((name, column) => (name === '' && isNameless ? [column + 1] : [])),
  }
}
