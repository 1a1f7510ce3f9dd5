import { rangeError, typeError } from '../base/argument-error.js'
import { checkKeys, checkObject, show, typedArrayTag } from '../base/check.js'
import { isTable, rowNumbers, withNumbersOf, type Table } from '../data/table.js'
import { otherData } from '../definition/other-names.js'
import { classesOf } from '../base/classes.js'
import type { Floats } from '../base/floats.js'
import { readSamples, rowOf, selectRows, type Matrix, type Row, type Samples } from '../base/samples.js'
import { groupRows, rowsOfClasses } from '../base/stratify.js'
import type { Targets } from '../base/targets.js'
import { suggestion } from '../base/suggest.js'
import { classLabels, likelyLabels, type ClassRows } from './target-classes.js'
import { pickSamples, shapeOf } from './pick-samples.js'

/** Data whose rows can be selected. */
export interface Selectable {
  readonly rows: number
  /** all rows, grouped for stratification; one group if not stratified */
  readonly groups: readonly Uint32Array[]
  /** the classes and their row counts, if there are classes */
  readonly classes?: readonly ClassRows[]
  /** some rows, in the order given, as data of the same kind */
  select(rows: Uint32Array): unknown
  /** all rows in the same form, if errors should refer to the rows of all data; undefined if they already do */
  readonly all?: unknown
  /**
   * the same rows for evaluation, if `select` does not suffice: interpreted as all data is, whatever these rows look
   * like alone
   */
  readonly toTest?: (rows: Uint32Array) => unknown
  /**
   * all data, stratified by the class indices in its only target; undefined if not requested, or if there are several
   * targets
   */
  readonly byClass?: () => Selectable
}

/** Samples as matrices, each in f32 if it was given in f32, otherwise in f64, with every number checked. */
export interface Matrices {
  readonly x: Matrix
  readonly y: Matrix
  readonly weights: Matrix | undefined
}

interface Selected {
  readonly x: Floats
  readonly y: Floats
  readonly weights?: Floats
}

/** @param inputs numbers per sample of x, see shapeOf */
export function readMatrices(data: unknown, inputs: unknown): Matrices {
  const { x, y, weights } = checkKeys('data', data, ['x', 'y', 'weights'], otherData)
  const shape = shapeOf(x, y, inputs)
  const read = (name: string, samples: unknown, columns: number, what: 'inputs' | 'outputs'): Matrix =>
    readSamples(name, samples, columns, what, typedArrayTag(samples) === 'Float32Array' ? 'f32' : 'f64')
  return {
    x: read('x', x, shape.inputs, 'inputs'),
    y: read('y', y, shape.outputs, 'outputs'),
    weights:
      weights === undefined ? undefined : checkWeightRows(read('weights', weights, 1, 'outputs'), shape.rows),
  }
}

/** Samples, selected as matrices; stratified by class if requested and y has classes. */
export function selectableMatrices(matrices: Matrices, isStratified: boolean): Selectable {
  const { x, y, weights } = matrices
  const select = (rows: Uint32Array): Selected => ({
    x: selectRows(x, rows).values,
    y: selectRows(y, rows).values,
    ...(weights && { weights: selectRows(weights, rows).values }),
  })
  const source: Selectable = {
    rows: x.rows,
    groups: rowGroups(y, isStratified),
    classes: countRows(groupRows(classesOf(y) ?? [])),
    all: { x: x.values, y: y.values, ...(weights && { weights: weights.values }) },
    select,
    toTest: (rows) => {
      const witness = witnessOf(y, rows)
      if (witness === undefined) return select(rows)
      // With a weight of 0, it does not count anywhere.
      const own = weights === undefined ? rows.map(() => 1) : selectRows(weights, rows).values
      return { ...select(Uint32Array.from([...rows, witness])), weights: Float64Array.from([...own, 0]) }
    },
  }
  if (!isStratified || y.columns > 1) return source
  const byClass = (): Selectable => {
    const labels = classLabels(y)
    return { ...source, groups: rowGroups(labels, true), classes: countRows(groupRows(labels.classes)) }
  }
  return { ...source, byClass }
}

/** Samples, selected in the form they were given; stratified in the same way. */
export function selectableSamples(data: unknown, inputs: unknown, isStratified: boolean): Selectable {
  const { x, y, weights } = checkKeys('data', data, ['x', 'y', 'weights'], otherData)
  const shape = shapeOf(x, y, inputs)
  const targets = readSamples('y', y, shape.outputs, 'outputs', 'f64')
  if (weights !== undefined) checkWeightRows(readSamples('weights', weights, 1, 'outputs', 'f64'), shape.rows)
  return {
    rows: shape.rows,
    groups: rowGroups(likelyLabels(targets) ?? targets, isStratified),
    select: (rows) => ({
      x: pickSamples(x as Samples, shape.inputs, rows),
      y: pickSamples(y as Samples, shape.outputs, rows),
      ...(weights !== undefined && { weights: pickSamples(weights as Row, 1, rows) }),
    }),
  }
}

/**
 * A table or an array of records, stratified by the values of a column. Selected rows keep their numbers, for messages.
 */
export function selectableRows(data: unknown, target: string | undefined): Selectable {
  if (Array.isArray(data) && data.length > 0) return selectableRecords(data, target)
  if (isTable(data) && data.rows > 0) return selectableTable(data, target)
  if (Array.isArray(data) || isTable(data)) throw rangeError('data', 'at least 1 row', 0)
  throw typeError('data', 'a table or an array of records', show(data))
}

function selectableTable(table: Table, target: string | undefined): Selectable {
  const { rows, columns } = table
  for (const { name, values } of columns) {
    if (values.length === rows) continue
    throw rangeError('data', `${rows} values in column ${show(name)}`, values.length)
  }
  const column = columns.find(({ name }) => name === target)
  if (target !== undefined && column === undefined) {
    const known = columns.map(({ name }) => name)
    const hint = suggestion(target, known)
    throw rangeError('target', `one of ${known.join(', ')}`, show(target), { hint })
  }
  return {
    rows,
    ...groupsOf(groupRows<unknown>(column?.values ?? new Uint8Array(rows)), target),
    select(chosen): Table {
      const picked = columns.map((each) =>
        each.kind === 'number'
          ? { ...each, values: Float64Array.from(chosen, (row) => each.values[row]) }
          : { ...each, values: Array.from(chosen, (row) => each.values[row]) },
      )
      return withNumbersOf({ rows: chosen.length, columns: picked }, table, chosen)
    },
  }
}

/** Groups rows by the values of a target, its classes. */
function groupsOf(
  groups: ReadonlyMap<unknown, Uint32Array>,
  target: string | undefined,
): Pick<Selectable, 'groups' | 'classes'> {
  return {
    groups: Array.from(groups.values()),
    ...(target !== undefined && { classes: countRows(groups) }),
  }
}

function countRows(groups: ReadonlyMap<unknown, Uint32Array>): ClassRows[] {
  return Array.from(groups, ([name, { length }]) => ({ name: String(name), rows: length }))
}

function selectableRecords(records: readonly unknown[], target: string | undefined): Selectable {
  const numbers = rowNumbers(records)
  const labels = records.map((record, i) => {
    const place = { row: numbers?.[i] ?? i + 1 }
    const object = checkObject(place, record)
    if (target === undefined) return undefined
    const label = Object.hasOwn(object, target) ? object[target] : undefined
    if (typeof label === 'string' || typeof label === 'number' || typeof label === 'boolean') return label
    throw typeError({ ...place, column: target }, 'a text, a number or a boolean', show(label))
  })
  return {
    rows: records.length,
    ...groupsOf(groupRows<unknown>(labels), target),
    select: (rows) =>
      withNumbersOf(
        Array.from(rows, (row) => records[row]),
        records,
        rows,
      ),
  }
}

function checkWeightRows(weights: Matrix, rows: number): Matrix {
  if (weights.rows === rows) return weights
  throw rangeError('weights', `${rows} samples as in x`, weights.rows)
}

/** All rows, grouped by class if stratification is requested and the targets have classes; otherwise in one group. */
function rowGroups(y: Targets, isStratified: boolean): Uint32Array[] {
  return isStratified ? rowsOfClasses(y) : Array.from(groupRows(new Uint8Array(y.rows)).values())
}

/** What targets look like. Ascending: adding a row never lowers it. */
type TargetKind = 'classes' | 'bits' | 'numbers'

/**
 * A row of y that makes these rows classify as all of y does when added to them. On their own, the first two of
 * [1, 0], [0, 1], [1, 1] would be classes, as would those of 0, 1, 2.
 *
 * @returns undefined if the rows already classify that way
 */
function witnessOf(y: Matrix, rows: Uint32Array): number | undefined {
  const kind = targetKind(y)
  if (targetKind(selectRows(y, rows)) === kind) return undefined
  for (let row = 0; row < y.rows; ++row) {
    if (targetKind({ ...y, rows: 1, values: rowOf(y, row) }) === kind) return row
  }
  return undefined
}

function targetKind(y: Matrix): TargetKind {
  if (classesOf(y) !== undefined) return 'classes'
  return y.values.every((value) => value === 0 || value === 1) ? 'bits' : 'numbers'
}
