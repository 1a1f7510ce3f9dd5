import { rangeError, typeError } from '../base/argument-error.js'
import { checkNumber, show } from '../base/check.js'
import { Random } from '../base/random.js'
import { readPair } from '../definition/read-pair.js'
import { owned, selectRows, type Matrix } from '../base/samples.js'
import type { Spec } from '../definition/spec.js'
import { ownedTargets, selectTargets, type Targets } from '../base/targets.js'
import { holdOut, inOrder, rowsOfClasses } from '../base/stratify.js'
import { checkData } from './course.js'
import { readWeightColumn } from './sample-weights.js'

export interface Pair {
  readonly x: Matrix
  readonly y: Targets
  /** samples × 1: how often each counts; undefined where all count alike */
  readonly weights: Matrix | undefined
}

/** Samples that a network is trained on, and others that its training is judged by. */
export interface Split extends Pair {
  readonly validation: Pair | undefined
}

/**
 * The samples of a fit and those of its validation: data of its own, or a fraction of the samples, chosen by the network's seed and
 * stratified: of every class the same fraction, where targets are classes.
 *
 * @param option samples { x, y }, a fraction, or undefined
 * @throws TypeError or RangeError that names the option
 */
export function splitValidation(spec: Spec, samples: Pair, option: unknown): Split {
  if (typeof option !== 'number') {
    const validation = readValidation(spec, option, 'samples { x, y } or a fraction of the samples')
    return { ...samples, validation }
  }
  const { x, y, weights } = samples
  const fraction = checkNumber('validation', option, { above: 0, below: 1 })
  const parts = holdOut(rowsOfClasses(y), fraction, new Random(spec.seed, 'validation'))
  const [kept, held] = [inOrder(parts.kept), inOrder(parts.held)]
  if (kept.length === 0 || held.length === 0) {
    throw rangeError('validation', 'a fraction that leaves samples on both sides', `${fraction} of ${x.rows}`)
  }
  const rowsOf = (rows: Uint32Array): Pair => ({
    x: selectRows(x, rows),
    y: selectTargets(y, rows),
    weights: weights && selectRows(weights, rows),
  })
  return { ...rowsOf(kept), validation: rowsOf(held) }
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
    throw typeError('validation', expected, show(option))
  }
  const given = checkData('validation', option)
  const [x, y] = readPair(spec, given.x, given.y, 'validation.')
  const weights = readWeightColumn(spec, x.rows, given.weights, 'validation.weights')
  return { x: owned(x, given.x), y: ownedTargets(y, given.y), weights }
}
