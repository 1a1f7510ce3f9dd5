import { rangeError, typeError } from './argument-error.js'
import { show } from './check.js'
import { allFinite, newFloats, type Floats, type Precision } from './floats.js'
import { hintFor, hintForRow, hintForWidth } from './sample-hints.js'

/** A row of numbers: an array, or a typed array of any kind except the 64-bit integers. */
export type Row =
  | readonly number[]
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array

/** Samples by row: flat and row-major, or an array of rows. */
export type Samples = Row | readonly Row[]

/** Samples as an engine takes them. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** rows × columns, row-major; the caller's own array if it can be used unchanged: see owned */
  readonly values: Floats
}

/** One sample of a matrix: a view. */
export function rowOf({ values, columns }: Matrix, row: number): Floats {
  return values.subarray(row * columns, (row + 1) * columns)
}

/** One column of a matrix: a copy. */
export function columnOf({ rows, columns, values }: Matrix, column: number): number[] {
  return Array.from({ length: rows }, (_, row) => values[row * columns + column])
}

/** Some samples of a matrix: a copy. */
export function selectRows(matrix: Matrix, rows: Uint32Array): Matrix {
  const { columns, values } = matrix
  const selected = newFloats(rows.length * columns, values instanceof Float64Array ? 'f64' : 'f32')
  for (const [i, row] of rows.entries()) selected.set(rowOf(matrix, row), i * columns)
  return { rows: rows.length, columns, values: selected }
}

/** Samples that do not change when the caller writes to the array that it passed. */
export function owned(matrix: Matrix, given: unknown): Matrix {
  return matrix.values === given ? { ...matrix, values: matrix.values.slice() } : matrix
}

/**
 * Reads samples by row, checking every number.
 *
 * @param name of the argument, for messages
 * @param columns numbers per sample; `what` says what they are: `inputs` or `outputs`
 * @throws TypeError for anything that is not an array; RangeError for wrong lengths, no samples, and numbers that
 *   are not finite in the requested precision
 */
export function readSamples(
  name: string,
  samples: unknown,
  columns: number,
  what: 'inputs' | 'outputs',
  precision: Precision,
): Matrix {
  const values = isRow(samples)
    ? readFlat(name, samples, columns, what, precision)
    : readRows(name, samples, columns, what, precision)
  return { rows: values.length / columns, columns, values }
}

/** Whether samples are flat: a row of numbers. */
export function isRow(samples: unknown): samples is Row {
  if (Array.isArray(samples)) return !isNested(samples[0])
  return ArrayBuffer.isView(samples) && 'length' in samples && typeof (samples as Row)[0] !== 'bigint'
}

function isNested(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value)
}

/**
 * Reads one row of so many numbers, checking each.
 *
 * @param name of the argument, for messages
 * @param what they are, for messages, too
 * @throws TypeError or RangeError, as readSamples
 */
export function readRow(
  name: string,
  row: unknown,
  columns: number,
  what: string,
  precision: Precision,
): Floats {
  if (!isRow(row)) throw typeError(name, 'an array of numbers', show(row), { hint: hintFor(row, false) })
  if (row.length !== columns) throw rangeError(name, `${columns} numbers (${what})`, row.length)
  return readFlat(name, row, columns, what, precision)
}

function readFlat(name: string, row: Row, columns: number, what: string, precision: Precision): Floats {
  if (row.length === 0) throw rangeError(name, 'at least 1 sample', 0)
  if (row.length % columns !== 0) {
    const wrong = Array.isArray(row) ? row.findIndex((value) => typeof value !== 'number') : -1
    if (wrong >= 0) throw notANumber(`${name}[${wrong}]`, row[wrong])
    throw rangeError(name, `a multiple of ${columns} values (${what})`, row.length)
  }
  if (row instanceof (precision === 'f64' ? Float64Array : Float32Array)) {
    checkFinite(row, 0, row, name)
    return row
  }
  const values = newFloats(row.length, precision)
  copyChecked(values, 0, row, name)
  return values
}

function readRows(name: string, rows: unknown, columns: number, what: string, precision: Precision): Floats {
  if (!Array.isArray(rows)) {
    throw notSamples(name, rows)
  }
  if (rows.length === 0) throw rangeError(name, 'at least 1 sample', 0)
  const checked = Array.from(rows, (row: unknown, i) => {
    if (!isRow(row)) {
      const hint = hintForRow(name, row, columns)
      throw typeError(`${name}[${i}]`, 'a row of numbers', show(row), { hint })
    }
    if (row.length === columns) return row
    const hint = rows.every(isRow) ? hintForWidth(name, rows, columns) : ''
    throw rangeError(`${name}[${i}]`, `${columns} values (${what})`, row.length, { hint })
  })
  const values = newFloats(rows.length * columns, precision)
  for (const [i, row] of checked.entries()) copyChecked(values, i * columns, row, `${name}[${i}]`)
  return values
}

/** The error for samples that are not an array. */
export function notSamples(name: string, samples: unknown): TypeError {
  const hint = hintFor(samples, false)
  return typeError(name, 'an array of numbers or of rows', show(samples), { hint })
}

function notANumber(name: string, value: unknown): TypeError {
  return typeError(name, 'a number', show(value), { hint: hintFor(value, true) })
}

/** Copies a row; throws for anything that is not a number, or not finite after rounding to the precision. */
function copyChecked(values: Floats, start: number, row: Row, name: string): void {
  if (Array.isArray(row)) {
    for (let i = 0; i < row.length; ++i) {
      const value: unknown = row[i]
      if (typeof value !== 'number') throw notANumber(`${name}[${i}]`, value)
      values[start + i] = value
    }
  } else {
    values.set(row, start)
  }
  checkFinite(values, start, row, name)
}

/** @throws RangeError unless the copied row, starting at `start`, is finite */
function checkFinite(values: Floats, start: number, row: Row, name: string): void {
  if (allFinite(values, start, start + row.length)) return
  const i = row.findIndex((_, k) => !Number.isFinite(values[start + k]))
  const kind = Number.isFinite(row[i]) ? 'a number within the range of f32' : 'a finite number'
  throw rangeError(`${name}[${i}]`, kind, row[i])
}
