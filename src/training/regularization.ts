import { rangeError, typeError } from '../base/argument-error.js'
import { checkKeys, checkNumber, show } from '../base/check.js'
import { otherLimits } from '../definition/other-names.js'
import type { Regularization } from '../engine/regularization.js'
import type { Spec } from '../definition/spec.js'

/** Limits of a batch's mean gradient, applied one after the other. */
export interface ClipOptions {
  /** of every component: larger ones become ±value */
  readonly value?: number
  /** of the norm of the gradient of one layer's weights, or of its biases: larger ones are scaled down to it */
  readonly norm?: number
  /** of the norm of the whole gradient */
  readonly globalNorm?: number
}

export interface RegularizationOptions {
  /** λ₁: adds λ₁·Σ|w| over the weights, not the biases, to the loss of a batch; reported losses are without it */
  readonly l1?: number
  /** λ₂: adds ½·λ₂·Σw² in the same way */
  readonly l2?: number
  readonly clipGradients?: ClipOptions
  /** limit of the norm of the weights of one neuron after an update: larger ones are scaled down to it */
  readonly maxWeightNorm?: number
  /**
   * the probability p that a neuron of a hidden layer is left out for a sample; one for all hidden layers, or one for
   * each. The activations of the others are scaled by 1/(1 − p), so that prediction needs no correction
   */
  readonly dropout?: number | readonly number[]
  /**
   * the decay d of a moving average of all parameters, mean += (1 − d)·(w − mean) after every update: the average is
   * validated, and is what the network has in the end
   */
  readonly averageWeights?: number
}

/** @throws TypeError or RangeError that names the option */
export function resolveRegularization(given: Record<string, unknown>): Regularization {
  const { l1 = 0, l2 = 0, clipGradients = {}, averageWeights } = given
  const clip = checkKeys('clipGradients', clipGradients, ['value', 'norm', 'globalNorm'], otherLimits)
  const limit = (name: string, value: unknown): number =>
    value === undefined ? 0 : checkNumber(name, value, { above: 0 })
  const decay =
    averageWeights === undefined ? 1 : checkNumber('averageWeights', averageWeights, { min: 0, below: 1 })
  return {
    l1: checkNumber('l1', l1, { min: 0 }),
    l2: checkNumber('l2', l2, { min: 0 }),
    clipValue: limit('clipGradients.value', clip.value),
    clipNorm: limit('clipGradients.norm', clip.norm),
    clipGlobalNorm: limit('clipGradients.globalNorm', clip.globalNorm),
    maxWeightNorm: limit('maxWeightNorm', given.maxWeightNorm),
    averageTake: 1 - decay,
  }
}

/** Back to the names of the options; undefined or 0 where there is none. */
export function regularizationOptions(regularization: Regularization): Record<string, unknown> {
  const { l1, l2, clipValue, clipNorm, clipGlobalNorm, maxWeightNorm, averageTake } = regularization
  const clipGradients = { value: clipValue, norm: clipNorm, globalNorm: clipGlobalNorm }
  return {
    l1,
    l2,
    clipGradients,
    maxWeightNorm,
    averageWeights: averageTake > 0 ? 1 - averageTake : undefined,
  }
}

/**
 * The probability of dropout for each layer; undefined where there is none.
 *
 * @throws TypeError or RangeError that names the option
 */
export function resolveDropout({ layers }: Spec, option: unknown): readonly number[] | undefined {
  if (option === undefined) return undefined
  const hidden = layers.length - 1
  const check = (name: string, rate: unknown): number => checkNumber(name, rate, { min: 0, below: 1 })
  let rates: number[]
  if (typeof option === 'number') {
    rates = new Array<number>(hidden).fill(check('dropout', option))
  } else if (Array.isArray(option)) {
    rates = option.map((rate: unknown, l) => check(`dropout[${l}]`, rate))
  } else {
    throw typeError('dropout', 'a number or one per hidden layer', show(option))
  }
  if (rates.length !== hidden) {
    throw rangeError('dropout', `${hidden} numbers, one per hidden layer`, rates.length)
  }
  return rates.some((rate) => rate > 0) ? [...rates, 0] : undefined
}
