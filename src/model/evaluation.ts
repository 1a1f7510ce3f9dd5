import {
  regressionMetrics,
  type ClassificationMetrics,
  type Network,
  type RegressionMetrics,
} from '../index.js'
import { unscale } from './answer.js'
import type { WeightedPair } from './coder.js'
import type { Category } from './column.js'
import { readNumbers } from './learn-column.js'
import { classNames, type Preprocessing } from './preprocessing.js'
import type { Source } from './source.js'

/** What a model is worth, with the mean loss, which is that of the network: of scaled numbers. */
export type ModelEvaluation = { readonly loss: number } & (
  | (ClassificationMetrics & {
      readonly kind: 'classification'
      /** in the order of the metrics that have one number, or one row, for each class */
      readonly classes: readonly Category[]
    })
  | (RegressionMetrics & {
      /** in the units of the target */
      readonly kind: 'regression'
    })
)

/**
 * Metrics of classes, where the outputs are, or are such in pairs: each row one 1, the rest 0; in the units of the target otherwise.
 *
 * @param targets where the encoded targets come from
 */
export function evaluateModel(
  network: Network,
  preprocessing: Preprocessing,
  { x, y, weights }: WeightedPair,
  targets: Source,
): ModelEvaluation {
  const evaluation = network.evaluate(weights === undefined ? { x, y } : { x, y, weights })
  const classes = classNames(preprocessing)
  if (classes !== undefined) {
    return evaluation.kind === 'regression' ? evaluation : { ...evaluation, classes }
  }
  const { outputs, isSparse } = preprocessing
  const { length } = outputs
  const rows = y.length / length
  const predicted = Float64Array.from(network.predict(x), (o, i) => unscale(outputs[i % length], o))
  const truth = new Float64Array(y.length)
  for (const [j, { name }] of outputs.entries()) {
    const numbers = readNumbers(targets, name, isSparse ? 0 : undefined)
    for (let row = 0; row < rows; ++row) truth[row * length + j] = numbers[row]
  }
  const { loss } = evaluation
  return { loss, kind: 'regression', ...regressionMetrics(truth, predicted, length, weights) }
}
