import { checkInteger, checkObject, show, showName } from '../check.js'
import { isTable, type Table } from '../data/table.js'

/** A row, values by the names of their columns, or a pair, whose inputs and outputs have names. */
export interface Pair {
  readonly input: Readonly<Record<string, number>>
  readonly output?: Readonly<Record<string, number>>
}

/** What models take: a table of deltaprop/data, rows as objects with numbers and texts by name, or pairs. */
export type Data = Table | readonly object[] | readonly Pair[]

/** Values by row and by the name of their column, whatever form they came in; rows count from 0. */
export interface Source {
  readonly rows: number
  /** whether the first row has this column */
  has(name: string): boolean
  /** the columns that a row has */
  names(row: number): readonly string[]
  /** the values of a column by row, undefined where a row has none */
  column(name: string): (row: number) => unknown
  /** a row, or a value in it, in messages, where rows count from 1 */
  place(row: number, name?: string): string
}

/** Where a model finds its inputs and its targets. */
export interface Sources {
  readonly inputs: Source
  /** that of the inputs but for pairs; undefined for pairs without outputs */
  readonly targets: Source | undefined
  readonly isPairs: boolean
}

/** @throws TypeError or RangeError for what is no data, or has no rows */
export function readData(name: string, data: unknown): Sources {
  if (isTable(data)) {
    const source = fromTable(name, data)
    return { inputs: source, targets: source, isPairs: false }
  }
  if (!Array.isArray(data)) {
    throw new TypeError(`${name}: expected a table, an array of rows or an array of pairs, got ${show(data)}`)
  }
  if (data.length === 0) throw new RangeError(`${name}: expected at least 1 row, got 0`)
  return fromObjects(data)
}

/** One row, or the inputs of one pair. */
export function readRow(row: unknown): Source {
  return fromObjects([checkObject('data', row)]).inputs
}

function fromTable(name: string, table: Table): Source {
  const rows = checkInteger(`${name}.rows`, table.rows, { min: 0 })
  if (rows === 0) throw new RangeError(`${name}: expected at least 1 row, got 0`)
  const columns = new Map<string, ArrayLike<unknown>>()
  for (const [i, column] of table.columns.entries()) {
    const { name: title, values } = checkObject(`${name}.columns[${i}]`, column)
    if (typeof title !== 'string')
      throw new TypeError(`${name}.columns[${i}].name: expected a text, got ${show(title)}`)
    if (columns.has(title))
      throw new RangeError(`${name}: expected columns of different names, got ${showName(title)} twice`)
    if (!isList(values))
      throw new TypeError(`${name}.columns[${i}].values: expected an array, got ${show(values)}`)
    if (values.length !== rows) {
      throw new RangeError(`${name}.columns[${i}].values: expected ${rows} values, got ${values.length}`)
    }
    columns.set(title, values)
  }
  const names = Array.from(columns.keys())
  return {
    rows,
    has: (title) => columns.has(title),
    names: () => names,
    column(title) {
      const values = columns.get(title)
      return (row) => values?.[row]
    },
    place: placeInRows,
  }
}

function isList(values: unknown): values is ArrayLike<unknown> {
  return Array.isArray(values) || (ArrayBuffer.isView(values) && 'length' in values)
}

function fromObjects(data: readonly unknown[]): Sources {
  const rows = Array.from(data, (row, i) => checkObject(`row ${i + 1}`, row))
  if (!isObject(rows[0].input)) {
    const source = fromRows(rows)
    return { inputs: source, targets: source, isPairs: false }
  }
  const part = (key: 'input' | 'output'): Source =>
    fromRows(rows.map((row, i) => checkObject(`row ${i + 1}, ${key}`, row[key])))
  return {
    inputs: part('input'),
    targets: rows[0].output === undefined ? undefined : part('output'),
    isPairs: true,
  }
}

function fromRows(rows: readonly Record<string, unknown>[]): Source {
  return {
    rows: rows.length,
    has: (name) => Object.hasOwn(rows[0], name),
    names: (row) => Object.keys(rows[row]),
    column(name) {
      return (row) => (Object.hasOwn(rows[row], name) ? rows[row][name] : undefined)
    },
    place: placeInRows,
  }
}

function placeInRows(row: number, name?: string): string {
  return name === undefined ? `row ${row + 1}` : `row ${row + 1}, column ${showName(name)}`
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
