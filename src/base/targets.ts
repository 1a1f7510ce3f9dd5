/**
 * The targets of samples: numbers, or one class number each, which is expanded to a row of numbers only where an
 * engine reads it.
 */
import { newFloats, type Floats, type Precision } from './floats.js'
import { owned, rowOf, selectRows, type Matrix } from './samples.js'

/**
 * Targets whose rows are `on` at their class and `off` everywhere else: one number per sample instead of `columns`.
 */
export interface ClassNumbers {
  readonly rows: number
  /** number of classes */
  readonly columns: number
  /** rows: the class number, from 0; never the caller's own array */
  readonly classes: Uint32Array
  /** 1, except with label smoothing */
  readonly on: number
  /** 0, except with label smoothing */
  readonly off: number
}

/** Targets in the form that training uses. */
export type Targets = Matrix | ClassNumbers

export function areClassNumbers(targets: Targets): targets is ClassNumbers {
  return 'classes' in targets
}

/** Writes n rows of targets starting at `first`, samples × columns, to where an engine reads them. */
export function writeTargets(to: Floats, y: Targets, first: number, n: number): void {
  const { columns } = y
  if (!areClassNumbers(y)) {
    to.set(y.values.subarray(first * columns, (first + n) * columns))
    return
  }
  to.fill(y.off, 0, n * columns)
  for (let i = 0; i < n; ++i) to[i * columns + y.classes[first + i]] = y.on
}

/** Writes one row of targets as row i of those that an engine reads. */
export function writeTarget(to: Floats, i: number, y: Targets, row: number): void {
  const start = i * y.columns
  if (!areClassNumbers(y)) {
    to.set(rowOf(y, row), start)
    return
  }
  to.fill(y.off, start, start + y.columns)
  to[start + y.classes[row]] = y.on
}

/** All targets as numbers: a copy. */
export function targetValues(y: Targets, precision: Precision): Floats {
  const values = newFloats(y.rows * y.columns, precision)
  writeTargets(values, y, 0, y.rows)
  return values
}

/** Some rows: a copy. */
export function selectTargets(y: Targets, rows: Uint32Array): Targets {
  if (!areClassNumbers(y)) return selectRows(y, rows)
  return { ...y, rows: rows.length, classes: Uint32Array.from(rows, (row) => y.classes[row]) }
}

/** Targets that do not change when the caller writes to the array that it passed. */
export function ownedTargets(y: Targets, given: unknown): Targets {
  return areClassNumbers(y) ? y : owned(y, given)
}

/**
 * Whether targets, written out as numbers, take more space than x: then no engine should hold those of all samples.
 */
export function areWide(y: Targets, x: Matrix): boolean {
  return areClassNumbers(y) && y.columns > x.columns
}
