import { rangeError, typeError } from '../base/argument-error.js'
import { checkNumber, show } from '../base/check.js'
import { Random } from '../base/random.js'
import { owned, selectRows } from '../base/samples.js'
import { holdOut, inOrder, rowsOfClasses } from '../base/stratify.js'
import { ownedTargets, selectTargets } from '../base/targets.js'
import { otherData } from '../definition/other-names.js'
import type { Spec } from '../definition/spec.js'
import { checkData, readSampleSet, type SampleSet } from './sample-set.js'

/** Samples to train on, and others to validate with. */
export interface Split extends SampleSet {
  readonly validation: SampleSet | undefined
}

/**
 * Splits off the validation set, unless it has data of its own. Which samples it takes follows from the network's
 * seed; where targets are classes it takes the same fraction of each.
 *
 * @param option samples { x, y }, a fraction, or undefined
 * @throws TypeError or RangeError that names the option
 */
export function splitValidation(spec: Spec, samples: SampleSet, option: unknown): Split {
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
  const select = (rows: Uint32Array): SampleSet => ({
    x: selectRows(x, rows),
    y: selectTargets(y, rows),
    weights: weights && selectRows(weights, rows),
  })
  return { ...select(kept), validation: select(held) }
}

/**
 * A validation set with data of its own, copied.
 *
 * @param expected what the option may be
 * @throws TypeError or RangeError that names it
 */
export function readValidation(spec: Spec, option: unknown, expected: string): SampleSet | undefined {
  if (option === undefined) return undefined
  if (typeof option !== 'object' || option === null || !('x' in option && 'y' in option)) {
    const hint = Array.isArray(option) ? otherData[''] : ''
    throw typeError('validation', expected, show(option), { hint })
  }
  const given = checkData('validation', option)
  const { x, y, weights } = readSampleSet(spec, given, 'validation.')
  return { x: owned(x, given.x), y: ownedTargets(y, given.y), weights }
}
