/** Samples { x, y }: counts them, and selects from them. */
import { rangeError, typeError } from '../base/argument-error.js'
import { checkInteger, typedArrayTag } from '../base/check.js'
import { isRow, notSamples, type Row, type Samples } from '../base/samples.js'

type TypedRow = Exclude<Row, readonly number[]>

const TYPED_ARRAYS = [
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
] as const

/** The number of samples, and the numbers per sample of each. */
export interface Shape {
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
}

/**
 * The shape of samples where one of x and y may be flat: the rows of the other give their number.
 *
 * @param inputs numbers per sample of x; required if x and y are both flat
 * @throws TypeError or RangeError if these do not fit together; the contents of rows are not checked
 */
export function shapeOf(x: unknown, y: unknown, inputs: unknown): Shape {
  checkNotEmpty('x', x)
  checkNotEmpty('y', y)
  const given = inputs === undefined ? undefined : checkInteger('inputs', inputs, { min: 1 })
  if (!isRow(x)) return { rows: x.length, inputs: rowWidth(x), outputs: columnsFor('y', y, x.length, 'in x') }
  if (!isRow(y)) return { rows: y.length, inputs: columnsFor('x', x, y.length, 'in y'), outputs: rowWidth(y) }
  if (given === undefined) {
    throw typeError('inputs', 'how many numbers a sample has, as x and y are flat', 'undefined')
  }
  if (x.length % given !== 0) {
    throw rangeError('x', `a multiple of ${given} values (inputs)`, x.length)
  }
  const rows = x.length / given
  return { rows, inputs: given, outputs: columnsFor('y', y, rows, 'in x') }
}

/** Selects samples, in the order given. Numbers are copied; rows are the same objects. */
export function pickSamples(samples: Samples, columns: number, rows: Uint32Array): Samples {
  if (!isRow(samples)) return Array.from(rows, (row) => samples[row])
  if (Array.isArray(samples)) {
    const flat: readonly number[] = samples
    return Array.from(rows).flatMap((row) => flat.slice(row * columns, (row + 1) * columns))
  }
  const typed = samples as TypedRow
  const picked = zerosLike(typed, rows.length * columns)
  for (const [i, row] of rows.entries()) {
    picked.set(typed.subarray(row * columns, (row + 1) * columns), i * columns)
  }
  return picked
}

/** Returns an array of the same type, from any realm. For a derived class such as Buffer, that is its base class. */
function zerosLike(values: TypedRow, length: number): TypedRow {
  const kind = typedArrayTag(values)
  const Kind = TYPED_ARRAYS.find(({ name }) => name === kind) ?? Float64Array
  return new Kind(length)
}

function checkNotEmpty(name: string, samples: unknown): asserts samples is Samples {
  if (!Array.isArray(samples) && !isRow(samples)) {
    throw notSamples(name, samples)
  }
  if (samples.length === 0) throw rangeError(name, 'at least 1 sample', 0)
}

/** The length of the first of several rows; invalid rows are detected when they are read. */
function rowWidth(rows: readonly Row[]): number {
  return isRow(rows[0]) ? Math.max(1, rows[0].length) : 1
}

/** The numbers per sample, given a known number of samples. */
function columnsFor(name: string, samples: Samples, rows: number, where: string): number {
  if (!isRow(samples)) {
    if (samples.length === rows) return rowWidth(samples)
    throw rangeError(name, `${rows} samples as ${where}`, samples.length)
  }
  if (samples.length % rows === 0) return samples.length / rows
  throw rangeError(name, `a multiple of ${rows} values, samples as ${where}`, samples.length)
}
