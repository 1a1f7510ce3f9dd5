/** An engine's window: how many rows can be staged in it together, and copying samples there. */
import { rangeError, typeError } from '../base/argument-error.js'
import { show, typedArrayTag } from '../base/check.js'
import { newFloats, type Floats, type Precision } from '../base/floats.js'
import type { Matrix } from '../base/samples.js'
import { writeTargets } from '../base/targets.js'
import type { Architecture } from '../definition/architecture.js'
import type { Engine, EngineArrays, PredictionEngine } from './engine.js'
import type { Task } from './task.js'

/**
 * The number of rows that an engine's window holds, with rowBytes for a row of x and y together: as many as fit into
 * 1 MiB, from 1 to 65,536.
 */
export function windowRows(rowBytes: number): number {
  return Math.max(1, Math.min(65_536, Math.floor(2 ** 20 / rowBytes)))
}

/** A small integer in every engine, which is kept without an object. */
const MOST_STAGINGS = 2 ** 30 - 1

/** The number of the last staging in any window: small networks share one. */
let stagings = 0

/** Before anything is staged in the window of an engine: returns the number of this staging. */
export function beginStaging(engine: Pick<Engine, 'staged'>): number {
  engine.staged = undefined
  return endStaging()
}

/** Ends what is staged, in whatever window; returns the number of the next staging. */
export function endStaging(): number {
  return (stagings = (stagings + 1) & MOST_STAGINGS)
}

/**
 * Whether no other staging has begun: reading a row may run code of the caller's, a getter's or a proxy's, that calls
 * this network or another.
 */
export function isStaged(staging: number): boolean {
  return staging === stagings
}

/**
 * Stages samples in order starting at `first`, as many as the engine can take but at most `most`; returns their
 * number.
 */
export function stageInputs(engine: PredictionEngine, x: Matrix, first: number, most = Infinity): number {
  beginStaging(engine)
  const n = Math.min(engine.capacity, x.rows - first, most)
  engine.x.set(x.values.subarray(first * x.columns, (first + n) * x.columns))
  for (let i = 0; i < n; ++i) engine.order[i] = i
  return n
}

/**
 * Stages one sample as row 0, if it is a plain row of n finite numbers. What is anything else, or wrong, is left to
 * the reader of samples, which takes several times as long; the row may have been overwritten even so.
 */
export function stageRow(to: Floats, row: unknown, n: number): boolean {
  // Each in a loop of its own: one loop would take as long as the slower of both, and V8 inlines no more than is used.
  if (!Array.isArray(row)) return stageFloats(to, row, n)
  if (row.length !== n) return false
  let sum = 0
  for (let k = 0; k < n; ++k) {
    const value: unknown = row[k]
    if (typeof value !== 'number') return false
    to[k] = value
    // 0, or NaN if it is not finite.
    sum += to[k] - to[k]
  }
  return sum === 0
}

function stageFloats(to: Floats, row: unknown, n: number): boolean {
  // A proxy is no view.
  if (!ArrayBuffer.isView(row) || !(row instanceof Float32Array || row instanceof Float64Array)) return false
  if (row.length !== n) return false
  let sum = 0
  for (let k = 0; k < n; ++k) {
    to[k] = row[k]
    sum += to[k] - to[k]
  }
  return sum === 0
}

/**
 * The outputs of one sample, if it is a plain row of numbers; otherwise undefined, and predictAll is for it.
 *
 * @param out where to write them; undefined: to a new array
 */
export function predictRow(
  engine: PredictionEngine,
  { inputs, layers, precision }: Architecture,
  x: unknown,
  out: Floats | undefined,
): Floats | undefined {
  const staging = beginStaging(engine)
  if (!stageRow(engine.x, x, inputs)) return undefined
  const outputs = layers[layers.length - 1].units
  const result = out === undefined ? newFloats(outputs, precision) : checkOut(out, outputs, precision)
  if (!isStaged(staging)) return undefined
  const at = engine.predictRow()
  const { numbers } = engine
  for (let j = 0; j < outputs; ++j) result[j] = numbers[at + j]
  return result
}

/** @throws TypeError or RangeError unless outputs can be written to it */
export function checkOut(out: unknown, length: number, precision: Precision): Floats {
  const Kind = precision === 'f64' ? Float64Array : Float32Array
  // A proxy of one is no view.
  if (out instanceof Kind && ArrayBuffer.isView(out) && out.length === length) return out
  return checkOther(out, length, Kind.name, precision)
}

/** The same for whatever else it is: a typed array of another realm, too. */
function checkOther(out: unknown, length: number, kind: string, precision: Precision): Floats {
  if (!ArrayBuffer.isView(out) || typedArrayTag(out) !== kind) {
    throw typeError('out', `a ${kind}, as the precision is ${precision}`, show(out))
  }
  const floats = out as Floats
  if (floats.length === length) return floats
  throw rangeError('out', `${length} values (outputs of all samples)`, floats.length)
}

/** The outputs of all samples, in `out` or a copy, samples × outputs, row-major; throws as checkOut. */
export function predictAll(
  engine: PredictionEngine,
  { layers, precision }: Architecture,
  samples: Matrix,
  out: Floats | undefined,
): Floats {
  const outputs = layers[layers.length - 1].units
  const length = samples.rows * outputs
  const given = out === undefined ? undefined : checkOut(out, length, precision)
  // What is written for one window is not to be what the next one reads.
  const isRead =
    given !== undefined &&
    samples.rows > engine.capacity &&
    (areInOneMemory(given, samples.values) || areInOneMemory(given, engine.parameters))
  const result = given === undefined || isRead ? newFloats(length, precision) : given
  for (let first = 0, n = 0; first < samples.rows; first += n) {
    n = stageInputs(engine, samples, first)
    engine.predict(n)
    result.set(engine.y.subarray(0, n * outputs), first * outputs)
  }
  if (isRead) given.set(result)
  return given ?? result
}

/** Whether two arrays may overlap. */
export function areInOneMemory({ buffer: one }: Floats, { buffer: other }: Floats): boolean {
  return one === other
}

/** The arrays of an engine that hold samples. */
type SampleArrays = Pick<EngineArrays, 'x' | 'y' | 'weights'>

type Samples = Pick<Task, 'x' | 'y' | 'weights'>

/** Copies all samples to an engine with room for them. */
export function copySamples(arrays: SampleArrays, { x, y, weights }: Samples): void {
  arrays.x.set(x.values)
  writeTargets(arrays.y, y, 0, y.rows)
  if (weights !== undefined) arrays.weights.set(weights.values)
}

/** As copySamples, in parts of half a million numbers, about 1 ms. */
export function* copySamplesInParts(arrays: SampleArrays, samples: Samples): Generator<undefined, void> {
  const { x, y, weights } = samples
  const rows = Math.max(1, Math.floor(2 ** 19 / (x.columns + y.columns)))
  for (let first = 0; first < x.rows; first += rows) {
    const n = Math.min(rows, x.rows - first)
    arrays.x.set(x.values.subarray(first * x.columns, (first + n) * x.columns), first * x.columns)
    writeTargets(arrays.y.subarray(first * y.columns), y, first, n)
    yield
  }
  if (weights !== undefined) arrays.weights.set(weights.values)
}
