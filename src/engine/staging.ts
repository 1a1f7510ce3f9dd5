import type { Floats } from '../base/floats.js'
import { writeTargets } from '../base/targets.js'
import type { Task } from './task.js'

/** The arrays of an engine that hold samples. */
interface SampleArrays {
  readonly x: Floats
  readonly y: Floats
  readonly weights: Floats
}

type Samples = Pick<Task, 'x' | 'y' | 'weights'>

/** Copies all samples to an engine with room for them. */
export function copySamples(arrays: SampleArrays, { x, y, weights }: Samples): void {
  arrays.x.set(x.values)
  writeTargets(arrays.y, y, 0, y.rows)
  if (weights !== undefined) arrays.weights.set(weights.values)
}

/** How many numbers to copy before the next pause: about 1 ms. */
const PART = 2 ** 19

/** As copySamples, in parts. */
export function* copySamplesInParts(arrays: SampleArrays, samples: Samples): Generator<undefined, void> {
  const { x, y, weights } = samples
  const rows = Math.max(1, Math.floor(PART / (x.columns + y.columns)))
  for (let first = 0; first < x.rows; first += rows) {
    const n = Math.min(rows, x.rows - first)
    arrays.x.set(x.values.subarray(first * x.columns, (first + n) * x.columns), first * x.columns)
    writeTargets(arrays.y.subarray(first * y.columns), y, first, n)
    yield
  }
  if (weights !== undefined) arrays.weights.set(weights.values)
}
