/** The columns of a file to train on. */
import { rangeError } from '../base/argument-error.js'
import { namelessNotes } from '../data/csv-plan.js'
import { chooseColumns, type ChosenColumns } from './choose-columns.js'
import type { TableOptions } from './commands/train-options.js'
import { showFile } from './files.js'
import type { Rows } from '../scoring/json-table.js'
import { columnOf, readAllRows } from './rows.js'

/** The rows of a file, with the columns to train on. */
export interface TrainingTable {
  readonly rows: Rows
  readonly columns: ChosenColumns
}

/** Reads the columns to train on, and determines which they are. @throws Error that names the file, or an option */
export async function readUsed(path: string, options: TableOptions): Promise<TrainingTable> {
  let chosen: ChosenColumns | undefined
  let texts: ReadonlySet<string> | undefined
  const choose = (names: readonly string[]): ChosenColumns => {
    chosen ??= chooseColumns(options, names)
    texts ??= new Set(chosen.texts)
    return chosen
  }
  const rows = await readAllRows(path, {
    ...options,
    columns(names) {
      const { features, target } = choose(names)
      const read = new Set([...features, ...target])
      return names.filter((name) => read.has(name))
    },
    kinds: (name) => (texts?.has(name) === true ? 'text' : undefined),
  })
  if (rows.rows === 0) throw rangeError(showFile(path), 'at least 1 row', 0)
  const columns = choose(rows.columns.map(({ name }) => name))
  return { rows: { ...rows, notes: [...(rows.notes ?? []), ...namelessNotes(columns.nameless)] }, columns }
}

/** The target by row if it holds classes, to stratify the held-out rows; the model reports anything wrong with it. */
export function targetClasses(
  rows: Rows,
  { target, texts }: ChosenColumns,
  task: TableOptions['task'],
): ArrayLike<unknown> | undefined {
  const [name] = target
  const values = target.length === 1 ? columnOf(rows, name) : undefined
  const isName = texts.includes(name) || typeof values?.[0] !== 'number'
  const isClasses = task === undefined ? isName : task === 'classification'
  if (values === undefined || !isClasses) return undefined
  return Array.from(values).every((value) => ['string', 'number', 'boolean'].includes(typeof value))
    ? values
    : undefined
}
