import { evaluateTargets } from '../metrics/evaluate.js'
import type { MetricsFeature, ValidationMetrics } from './features.js'

const feature: MetricsFeature = { name: 'validationMetrics', evaluate: evaluateTargets }

/**
 * For the option `metrics` of fit: each report has, beside the loss of the validation, what `evaluate` says of it.
 *
 * @example
 * import { Network, validationMetrics } from 'deltaprop'
 * const net = new Network([1, 8, 2], { activation: { hidden: 'tanh', output: 'softmax' }, seed: 1 })
 * const data = { x: [-2, -1, 1, 2], y: [0, 0, 1, 1] }
 * const { epochs } = await net.fit(data, { epochs: 10, validation: data, metrics: validationMetrics })
 * console.log(epochs[9].validation.metrics.confusionMatrix)
 */
export const validationMetrics: ValidationMetrics = feature
