import { checkNumber, show } from '../check.js'
import { classesOf } from '../classes.js'
import { newFloats } from '../floats.js'
import { Random } from '../random.js'
import { owned, readPair, rowOf, type Matrix } from '../samples.js'
import type { Spec } from '../spec.js'

/** Samples that a network is trained on, and others that its training is judged by. */
export interface Split {
  readonly x: Matrix
  readonly y: Matrix
  readonly validation: Pair | undefined
  /** the rows of the samples given that x and y are; undefined: all, in their order */
  readonly rows: readonly number[] | undefined
}

export interface Pair {
  readonly x: Matrix
  readonly y: Matrix
}

/**
 * The samples of a fit and those of its validation: data of its own, or a fraction of the samples, chosen by the network's seed and
 * stratified: of every class the same fraction, where targets are classes.
 *
 * @param option samples { x, y }, a fraction, or undefined
 * @throws TypeError or RangeError that names the option
 */
export function splitValidation(spec: Spec, x: Matrix, y: Matrix, option: unknown): Split {
  if (typeof option !== 'number') {
    const validation = readValidation(spec, option, 'samples { x, y } or a fraction of the samples')
    return { x, y, validation, rows: undefined }
  }
  const fraction = checkNumber('validation', option, { above: 0, below: 1 })
  const [kept, held] = stratified(y, fraction, new Random(spec.seed, 'validation'))
  if (kept.length === 0 || held.length === 0) {
    throw new RangeError(
      `validation: expected a fraction that leaves samples on both sides, got ${fraction} of ${x.rows}`,
    )
  }
  const rowsOf = (rows: readonly number[]): Pair => ({ x: select(x, rows), y: select(y, rows) })
  return { ...rowsOf(kept), validation: rowsOf(held), rows: kept }
}

/**
 * The samples of a validation that has data of its own.
 *
 * @param expected what the option may be
 * @throws TypeError or RangeError that names it
 */
export function readValidation(spec: Spec, option: unknown, expected: string): Pair | undefined {
  if (option === undefined) return undefined
  if (typeof option !== 'object' || option === null || !('x' in option && 'y' in option)) {
    throw new TypeError(`validation: expected ${expected}, got ${show(option)}`)
  }
  const [x, y] = readPair(spec, option.x, option.y, 'validation.')
  return { x: owned(x, option.x), y: owned(y, option.y) }
}

/** The rows of a matrix that stay and the fraction that is held out, both in their order. */
function stratified(y: Matrix, fraction: number, random: Random): [number[], number[]] {
  const isHeld = new Uint8Array(y.rows)
  // Of the classes up to each: what rounding takes too much of one it leaves to the next.
  let [wanted, taken] = [0, 0]
  for (const rows of rowsOfClasses(y)) {
    random.shuffle(rows)
    wanted += fraction * rows.length
    const count = Math.round(wanted) - taken
    taken += count
    for (const row of rows.subarray(0, count)) isHeld[row] = 1
  }
  const rows = Array.from(isHeld, (_, row) => row)
  return [rows.filter((row) => isHeld[row] === 0), rows.filter((row) => isHeld[row] === 1)]
}

/** The rows of each class; all rows together where targets are not classes. */
function rowsOfClasses(y: Matrix): Uint32Array[] {
  const rows = new Map<number, number[]>()
  for (const [row, label] of (classesOf(y) ?? new Array<number>(y.rows).fill(0)).entries()) {
    const own = rows.get(label)
    if (own === undefined) rows.set(label, [row])
    else own.push(row)
  }
  return Array.from(rows.keys())
    .sort((one, other) => one - other)
    .map((label) => Uint32Array.from(rows.get(label) ?? []))
}

export function select(matrix: Matrix, rows: readonly number[]): Matrix {
  const { columns, values } = matrix
  const selected = newFloats(rows.length * columns, values instanceof Float64Array ? 'f64' : 'f32')
  for (const [i, row] of rows.entries()) selected.set(rowOf(matrix, row), i * columns)
  return { rows: rows.length, columns, values: selected }
}
