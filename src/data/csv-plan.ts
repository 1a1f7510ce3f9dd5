/** Which columns of a file are read, from the names in its first record. */
import { rangeError } from '../base/argument-error.js'
import { checkName, showName } from '../base/check.js'
import { suggestion } from '../base/suggest.js'
import type { ColumnName } from './csv-errors.js'
import { checkColumnNames, KINDS, type CsvSettings } from './csv-options.js'
import type { Kind } from './table.js'

export interface Plan {
  /** by column of the file */
  readonly names: readonly string[]
  /** by column of the file, which column of the table it is; −1 for those that are not read */
  readonly targets: Int32Array
  /** which columns of the file are read */
  readonly sources: readonly number[]
  /** by column of the table, the kind that the options give it */
  readonly given: readonly (Kind | undefined)[]
  readonly notes: readonly string[]
}

/** @throws RangeError for names that are missing or appear twice; whatever the option columns throws */
export function planColumns(texts: readonly string[], line: number, settings: CsvSettings): Plan {
  const { header, kinds } = settings
  const names = texts.map((text, column) => {
    if (!header) return String(column + 1)
    return text.trim() === '' && !isGiven(kinds, text) ? '' : text
  })
  if (typeof kinds !== 'function') checkKnown('kinds', kinds.keys(), names)
  const wanted = wantedNames(names, settings)
  const isRead = (name: string): boolean => wanted?.has(name) ?? (name !== '' || isGiven(kinds, ''))
  const sources = [...names.keys()].filter((column) => isRead(names[column]))
  const known = new Set<string>()
  for (const column of sources) {
    const name = names[column]
    if (known.has(name)) {
      throw rangeError({ line }, 'columns of different names', `${showName(name)} twice`)
    }
    known.add(name)
  }
  if (sources.length === 0) throw rangeError({ line }, 'a column that has a name', 'none')
  const targets = new Int32Array(names.length).fill(-1)
  for (const [target, source] of sources.entries()) targets[source] = target
  return {
    names,
    targets,
    sources,
    given: sources.map((column) => givenKind(kinds, names[column])),
    notes: wanted === undefined ? namelessNotes(unread(targets)) : [],
  }
}

/** Whether a column is named by the option kinds. */
function isGiven(kinds: CsvSettings['kinds'], name: string): boolean {
  return typeof kinds !== 'function' && kinds.has(name)
}

/**
 * The kind that the options give a column.
 *
 * @throws TypeError or RangeError if a function returns anything but a kind or undefined
 */
function givenKind(kinds: CsvSettings['kinds'], name: string): Kind | undefined {
  if (typeof kinds !== 'function') return kinds.get(name)
  const kind = kinds(name)
  return kind === undefined ? undefined : checkName(`kinds(${showName(name)})`, kind, KINDS)
}

function wantedNames(names: readonly string[], { columns }: CsvSettings): ReadonlySet<string> | undefined {
  if (columns === undefined) return undefined
  const wanted =
    typeof columns === 'function'
      ? checkColumnNames(columns([...names]), 'an array of names from the function')
      : columns
  checkKnown('columns', wanted, names)
  return wanted
}

function checkKnown(option: string, wanted: Iterable<string>, names: readonly string[]): void {
  const known = new Set(names)
  const name = Array.from(wanted).find((each) => !known.has(each))
  if (name === undefined) return
  const some = names.slice(0, 10).map(showName).join(', ')
  throw rangeError(option, `columns of the file (${some}${names.length > 10 ? ', …' : ''})`, showName(name), {
    hint: suggestion(name, names),
  })
}

function unread(targets: Int32Array): number[] {
  return [...targets.keys()].filter((column) => targets[column] < 0).map((column) => column + 1)
}

/** Notes on columns that are left out because they have no name. @param nameless their numbers, from 1 */
export function namelessNotes(nameless: readonly number[]): string[] {
  if (nameless.length === 0) return []
  const some = `${nameless.slice(0, 10).join(', ')}${nameless.length > 10 ? ', …' : ''}`
  return [
    nameless.length === 1
      ? `column ${some} has no name and is left out`
      : `columns ${some} have no names and are left out`,
  ]
}

/** The names of the columns of the table. */
export function namesOf({ names, sources }: Plan): string[] {
  return sources.map((column) => names[column])
}

/** What messages call a column of the file, counted from 0. */
export function columnName(names: readonly string[], column: number): ColumnName {
  const name = names.at(column)
  return name === undefined || name === '' ? column + 1 : name
}
