/** What samples are to come to: numbers, or the number of a class each, which are as many numbers only where an engine reads them. */
import { newFloats, type Floats, type Precision } from './floats.js'
import { owned, rowOf, selectRows, type Matrix } from './samples.js'

/** Targets of which each row is `on` at its class and `off` everywhere else: one number a sample in the place of `columns`. */
export interface ClassNumbers {
  readonly rows: number
  /** classes that there are */
  readonly columns: number
  /** rows: the number of the class, from 0; never the caller's own array */
  readonly classes: Uint32Array
  /** 1, but for label smoothing */
  readonly on: number
  /** 0, but for label smoothing */
  readonly off: number
}

/** Targets as training takes them. */
export type Targets = Matrix | ClassNumbers

export function areClassNumbers(targets: Targets): targets is ClassNumbers {
  return 'classes' in targets
}

/** Writes n rows of targets from the first-th on, samples × columns, to where an engine reads them. */
export function writeTargets(to: Floats, y: Targets, first: number, n: number): void {
  const { columns } = y
  if (!areClassNumbers(y)) {
    to.set(y.values.subarray(first * columns, (first + n) * columns))
    return
  }
  to.fill(y.off, 0, n * columns)
  for (let i = 0; i < n; ++i) to[i * columns + y.classes[first + i]] = y.on
}

/** Writes one row of targets, as the i-th of those that an engine reads. */
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

/** Targets that stay as they are when whoever gave them writes to their array. */
export function ownedTargets(y: Targets, given: unknown): Targets {
  return areClassNumbers(y) ? y : owned(y, given)
}

/** Whether targets, written out as numbers, are more of them than x is: then no engine is to hold those of all samples. */
export function areWide(y: Targets, x: Matrix): boolean {
  return areClassNumbers(y) && y.columns > x.columns
}
