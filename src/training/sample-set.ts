import { checkKeys } from '../base/check.js'
import { owned, readSamples, type Matrix } from '../base/samples.js'
import { ownedTargets, type Targets } from '../base/targets.js'
import { otherData } from '../definition/other-names.js'
import { readPair } from '../definition/read-pair.js'
import type { Spec } from '../definition/spec.js'
import type { Task } from '../engine/task.js'
import { readWeights } from '../metrics/weights.js'

/** Samples with their targets, checked, in the precision of the network. */
export interface SampleSet {
  readonly x: Matrix
  readonly y: Targets
  /** samples × 1: how often each counts; undefined where all count alike */
  readonly weights: Matrix | undefined
}

/** A value that may be samples { x, y, weights }; their contents are not checked yet. */
export type GivenSamples = Readonly<Record<string, unknown>>

/** @throws TypeError or RangeError unless data are an object with no keys but x, y and weights */
export function checkData(name: string, data: unknown): GivenSamples {
  return checkKeys(name, data, ['x', 'y', 'weights'], otherData)
}

/**
 * Samples as a network takes them. Their arrays may be the caller's own.
 *
 * @param path before the names of x, y and weights in errors
 * @throws TypeError or RangeError that names what is wrong with them
 */
export function readSampleSet(spec: Spec, given: GivenSamples, path = ''): SampleSet {
  const [x, y] = readPair(spec, given.x, given.y, path)
  return { x, y, weights: readWeightColumn(spec, x.rows, given.weights, `${path}weights`) }
}

/**
 * Weights as an engine takes them, samples × 1; undefined where none are given.
 *
 * @throws TypeError or RangeError unless there is a number >= 0 for each sample
 */
export function readWeightColumn(
  { precision }: Spec,
  samples: number,
  weights: unknown,
  name = 'weights',
): Matrix | undefined {
  if (weights === undefined) return undefined
  return readSamples(name, readWeights(weights, samples, name), 1, 'outputs', precision)
}

/** A task with samples that are not the caller's arrays. */
export function ownedTask<T extends Pick<Task, 'x' | 'y'>>(task: T, given: GivenSamples): T {
  return { ...task, x: owned(task.x, given.x), y: ownedTargets(task.y, given.y) }
}
