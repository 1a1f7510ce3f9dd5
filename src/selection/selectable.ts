import { checkKeys, checkObject, show, showName, typedArrayTag } from '../check.js'
import { isTable, type Table } from '../data/table.js'
import { readSamples, selectRows, type Matrix, type Row, type Samples } from '../samples.js'
import { groupRows } from '../stratify.js'
import { rowGroups } from './folds.js'
import { pickSamples, shapeOf } from './samples.js'

/** Data whose rows can be chosen. */
export interface Selectable {
  readonly rows: number
  /** all rows, by what they are stratified by; one group if that is nothing */
  readonly groups: readonly Uint32Array[]
  /** some rows, in the order given, as data of the same kind */
  select(rows: Uint32Array): unknown
}

/** Samples as matrices, each in f32 where it was given so, else in f64, every number checked. */
export interface Matrices {
  readonly x: Matrix
  readonly y: Matrix
  readonly weights: Matrix | undefined
}

/** @param inputs numbers that a sample of x has, see shapeOf */
export function readMatrices(data: unknown, inputs: unknown): Matrices {
  const { x, y, weights } = checkKeys('data', data, ['x', 'y', 'weights'])
  const shape = shapeOf(x, y, inputs)
  const read = (name: string, samples: unknown, columns: number, what: 'inputs' | 'outputs'): Matrix =>
    readSamples(name, samples, columns, what, typedArrayTag(samples) === 'Float32Array' ? 'f32' : 'f64')
  return {
    x: read('x', x, shape.inputs, 'inputs'),
    y: read('y', y, shape.outputs, 'outputs'),
    weights:
      weights === undefined ? undefined : checkRows(read('weights', weights, 1, 'outputs'), shape.rows),
  }
}

/** Samples, of which matrices are selected; stratified by their classes, where y has them and that is wanted. */
export function selectableMatrices({ x, y, weights }: Matrices, isStratified: boolean): Selectable {
  return {
    rows: x.rows,
    groups: rowGroups(y, isStratified),
    select: (rows) => ({
      x: selectRows(x, rows).values,
      y: selectRows(y, rows).values,
      ...(weights && { weights: selectRows(weights, rows).values }),
    }),
  }
}

/** Samples, of which those are selected that were given; stratified likewise. */
export function selectableSamples(data: unknown, inputs: unknown, isStratified: boolean): Selectable {
  const { x, y, weights } = checkKeys('data', data, ['x', 'y', 'weights'])
  const shape = shapeOf(x, y, inputs)
  const targets = readSamples('y', y, shape.outputs, 'outputs', 'f64')
  if (weights !== undefined) checkRows(readSamples('weights', weights, 1, 'outputs', 'f64'), shape.rows)
  return {
    rows: shape.rows,
    groups: rowGroups(targets, isStratified),
    select: (rows) => ({
      x: pickSamples(x as Samples, shape.inputs, rows),
      y: pickSamples(y as Samples, shape.outputs, rows),
      ...(weights !== undefined && { weights: pickSamples(weights as Row, 1, rows) }),
    }),
  }
}

/** A table or an array of records, stratified by the values of a column. */
export function selectableRows(data: unknown, target: string | undefined): Selectable {
  if (Array.isArray(data) && data.length > 0) return selectableRecords(data, target)
  if (isTable(data) && data.rows > 0) return selectableTable(data, target)
  if (Array.isArray(data) || isTable(data)) throw new RangeError('data: expected at least 1 row, got 0')
  throw new TypeError(`data: expected a table or an array of records, got ${show(data)}`)
}

function selectableTable({ rows, columns }: Table, target: string | undefined): Selectable {
  for (const { name, values } of columns) {
    if (values.length === rows) continue
    throw new RangeError(`data: expected ${rows} values in column ${show(name)}, got ${values.length}`)
  }
  const column = columns.find(({ name }) => name === target)
  if (target !== undefined && column === undefined) {
    const known = columns.map(({ name }) => name).join(', ')
    throw new RangeError(`target: expected one of ${known}, got ${show(target)}`)
  }
  return {
    rows,
    groups: Array.from(groupRows<unknown>(column?.values ?? new Uint8Array(rows)).values()),
    select: (chosen): Table => ({
      rows: chosen.length,
      columns: columns.map((each) =>
        each.kind === 'number'
          ? { ...each, values: Float64Array.from(chosen, (row) => each.values[row]) }
          : { ...each, values: Array.from(chosen, (row) => each.values[row]) },
      ),
    }),
  }
}

function selectableRecords(records: readonly unknown[], target: string | undefined): Selectable {
  const labels = records.map((record, i) => {
    const object = checkObject(`row ${i + 1}`, record)
    if (target === undefined) return undefined
    const label = Object.hasOwn(object, target) ? object[target] : undefined
    if (typeof label === 'string' || typeof label === 'number' || typeof label === 'boolean') return label
    const place = `row ${i + 1}, column ${showName(target)}`
    throw new TypeError(`${place}: expected a text, a number or a boolean, got ${show(label)}`)
  })
  return {
    rows: records.length,
    groups: Array.from(groupRows<unknown>(labels).values()),
    select: (rows) => Array.from(rows, (row) => records[row]),
  }
}

function checkRows(weights: Matrix, rows: number): Matrix {
  if (weights.rows === rows) return weights
  throw new RangeError(`weights: expected ${rows} samples as in x, got ${weights.rows}`)
}
