/** Columns of a data file by name, as a command line says them. */
import { rangeError } from '../base/argument-error.js'
import { show, showName } from '../base/check.js'
import { showNames } from '../model/messages.js'
import { suggestion } from '../base/suggest.js'
import { NamedError } from '../node/files.js'

/** What an option says of columns: as it stands there, which may be one name, and taken for several. */
export interface ColumnList {
  readonly text: string
  readonly names: readonly string[]
}

/**
 * A reader of an option that is a list of names.
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
 * Names with commas between them. One with a comma in it stands in quotes, as in CSV: `"weight, kg",height`; blanks around names are
 * none of theirs. Undefined for a quote that is not closed.
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
 * The columns that an option means: the one that is called like all of its text, or those that it lists; blanks around a name of the
 * file aside, where that leaves no doubt.
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
    const hint = suggestion(name, known)
    throw new NamedError(
      option,
      `expected columns of the data (${showNames(known)}), got ${showName(name)}${hint}`,
    )
  })
  checkOnce(option, chosen)
  return chosen
}

/** @throws NamedError that names the option, for a column twice, or one that is in another list, too */
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
    const fact =
      other === undefined
        ? `expected each column once, got ${showName(name)} twice`
        : `expected no column of ${other}, got ${showName(name)}`
    throw new NamedError(option, fact)
  }
}

/** What is said of the columns of a table to train on. */
export interface ColumnOptions {
  readonly target: ColumnList
  readonly features?: ColumnList
  readonly ignore?: ColumnList
  readonly texts?: ColumnList
}

/** The columns of a table to train on; all others are not read. */
export interface ChosenColumns {
  readonly target: readonly string[]
  /** those to predict from, in the order of the file or of the option */
  readonly features: readonly string[]
  readonly texts: readonly string[]
  /** places, from 1, of columns without a name, which are left out unless they are asked for */
  readonly nameless: readonly number[]
}

/** @throws NamedError that names the option */
export function chooseColumns(
  { target, features, ignore, texts }: ColumnOptions,
  known: readonly string[],
): ChosenColumns {
  if (features !== undefined && ignore !== undefined) {
    throw new NamedError('--ignore', 'expected none beside --features')
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
