import { checkObject, show } from '../check.js'
import type { Table } from '../data/table.js'
import { readSamples, type Samples } from '../samples.js'
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

/** Samples { x, y }, stratified by their classes, where y has them. */
export function selectablePair(
  data: Readonly<Record<string, unknown>>,
  inputs: unknown,
  isStratified: boolean,
): Selectable {
  const shape = shapeOf(data.x, data.y, inputs)
  const targets = readSamples('y', data.y, shape.outputs, 'outputs', 'f64')
  const [x, y] = [data.x as Samples, data.y as Samples]
  return {
    rows: shape.rows,
    groups: rowGroups(targets, isStratified),
    select: (rows) => ({ x: pickSamples(x, shape.inputs, rows), y: pickSamples(y, shape.outputs, rows) }),
  }
}

/** A table, stratified by the values of a column. */
export function selectableTable({ rows, columns }: Table, target: string | undefined): Selectable {
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

/** Records, stratified by the values of a key. */
export function selectableRecords(records: readonly unknown[], target: string | undefined): Selectable {
  const labels = records.map((record, i) => {
    const object = checkObject(`data[${i}]`, record)
    if (target === undefined) return undefined
    const label = Object.hasOwn(object, target) ? object[target] : undefined
    if (typeof label === 'string' || typeof label === 'number' || typeof label === 'boolean') return label
    throw new TypeError(`data[${i}].${target}: expected a text, a number or a boolean, got ${show(label)}`)
  })
  return {
    rows: records.length,
    groups: Array.from(groupRows<unknown>(labels).values()),
    select: (rows) => Array.from(rows, (row) => records[row]),
  }
}
