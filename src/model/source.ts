import { rangeError, typeError, type ErrorPlace } from '../base/argument-error.js'
import { checkInteger, checkObject, isObject, isRecord, show, showName } from '../base/check.js'
import { isTable, rowNumbers, type Kind, type Table } from '../data/table.js'

/** A row, which maps column names to values, or a pair, whose inputs and outputs have names. */
export interface Pair {
  readonly input: Readonly<Record<string, number>>
  readonly output?: Readonly<Record<string, number>>
}

/** Data for a model: a table of deltaprop/data, rows as objects with numbers, texts and booleans by name, or pairs. */
export type Data = Table | readonly object[] | readonly Pair[]

/** Values by row and column name, whatever form they came in; rows count from 0. */
export interface Source {
  readonly rows: number
  /** whether the first row has this column */
  has(name: string): boolean
  /** the columns of a row */
  names(row: number): readonly string[]
  /** the values of a column by row; undefined if a row has none */
  column(name: string): (row: number) => unknown
  /** the declared kind of a column; undefined if it must be inferred from the values */
  kind(name: string): Kind | undefined
  /** a row, or a value in it, for messages: by its number in the file if that is known, otherwise counted from 1 */
  place(row: number, name?: string): ErrorPlace
}

/** Where a model finds its inputs and targets. */
export interface Sources {
  readonly inputs: Source
  /** the same source as the inputs, except for pairs; undefined for pairs without outputs */
  readonly targets: Source | undefined
  readonly isPairs: boolean
}

/**
 * @param before the number of earlier rows of the same data; rows without their own numbers are counted on from there
 * @throws TypeError or RangeError if it is not data, or has no rows
 */
export function readData(name: string, data: unknown, before = 0): Sources {
  if (isTable(data)) {
    const source = fromTable(name, data, before)
    return { inputs: source, targets: source, isPairs: false }
  }
  if (!Array.isArray(data)) {
    throw typeError(name, 'a table, an array of rows or an array of pairs', show(data), {
      hint: hintForData(data),
    })
  }
  if (data.length === 0) throw rangeError(name, 'at least 1 row', 0)
  return fromObjects(data, placesOf(data, before))
}

/** What was given in the place of data, if that is known. */
function hintForData(data: unknown): string {
  if (!isRecord(data)) return ''
  if (data.name === 'stream') return 'batches are given to Model.fit as they are, without stream'
  return 'x' in data && 'y' in data ? 'samples { x, y } are for Network' : ''
}

/** One row, or the inputs of one pair. */
export function readRow(row: unknown): Source {
  return fromObjects([checkRow('data', row)], placesOf([], 0)).inputs
}

/** As checkObject, which looks at more: a row without entries lacks a column, see fromRows. */
function checkRow(place: string | ErrorPlace, row: unknown): Record<string, unknown> {
  return isRecord(row) ? row : checkObject(place, row)
}

function fromTable(name: string, table: Table, before: number): Source {
  const rows = checkInteger(`${name}.rows`, table.rows, { min: 0 })
  if (rows === 0) throw rangeError(name, 'at least 1 row', 0)
  checkNumbers(name, table.numbers, rows)
  const columns = new Map<string, ArrayLike<unknown>>()
  const kinds = new Map<string, unknown>()
  for (const [i, column] of table.columns.entries()) {
    const { name: title, kind, values } = checkObject(`${name}.columns[${i}]`, column)
    if (typeof title !== 'string') throw typeError(`${name}.columns[${i}].name`, 'a text', show(title))
    if (columns.has(title)) throw rangeError(name, 'columns of different names', `${showName(title)} twice`)
    if (!isList(values)) throw typeError(`${name}.columns[${i}].values`, 'an array', show(values))
    if (values.length !== rows) {
      throw rangeError(`${name}.columns[${i}].values`, `${rows} values`, values.length)
    }
    columns.set(title, values)
    kinds.set(title, kind)
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
    kind(title) {
      const kind = kinds.get(title)
      return kind === 'number' || kind === 'text' ? kind : undefined
    },
    place: placesOf(table, before),
  }
}

function isList(values: unknown): values is ArrayLike<unknown> {
  return Array.isArray(values) || (ArrayBuffer.isView(values) && 'length' in values)
}

function fromObjects(data: readonly unknown[], place: Source['place']): Sources {
  const rows = Array.from(data, (row, i) => checkRow(place(i), row))
  if (!isObject(rows[0].input)) {
    const source = fromRows(rows, place)
    return { inputs: source, targets: source, isPairs: false }
  }
  const part = (key: 'input' | 'output'): Source =>
    fromRows(
      rows.map((row, i) => checkRow({ ...place(i), path: key }, row[key])),
      place,
    )
  return {
    inputs: part('input'),
    targets: rows[0].output === undefined ? undefined : part('output'),
    isPairs: true,
  }
}

function fromRows(rows: readonly Record<string, unknown>[], place: Source['place']): Source {
  return {
    rows: rows.length,
    has: (name) => Object.hasOwn(rows[0], name) || Object.hasOwn(checkObject(place(0), rows[0]), name),
    names: (row) => Object.keys(rows[row]),
    column(name) {
      return (row) => (Object.hasOwn(rows[row], name) ? rows[row][name] : undefined)
    },
    kind: () => undefined,
    place,
  }
}

function placesOf(data: Table | readonly unknown[], before: number): Source['place'] {
  const numbers = rowNumbers(data)
  return (row, column) => ({ row: numbers?.[row] ?? before + row + 1, column })
}

/** @throws TypeError or RangeError unless there is a number for each row, or none at all */
function checkNumbers(name: string, numbers: unknown, rows: number): void {
  if (numbers === undefined) return
  if (!isList(numbers)) throw typeError(`${name}.numbers`, 'an array', show(numbers))
  if (numbers.length === rows) return
  throw rangeError(`${name}.numbers`, `${rows} numbers`, numbers.length)
}

/** The number of the last row of data that follows `before` rows. */
export function lastNumber(data: Data, before: number): number {
  const rows = isTable(data) ? data.rows : data.length
  return rowNumbers(data)?.[rows - 1] ?? before + rows
}
