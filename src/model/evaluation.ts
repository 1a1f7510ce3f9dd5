import {
  evaluate,
  multilabelMetrics,
  regressionMetrics,
  type ClassificationMetrics,
  type MultilabelMetrics,
  type Network,
  type RegressionMetrics,
} from '../index.js'
import type { Floats } from '../base/floats.js'
import { checkAnswers, unscale } from './answer.js'
import type { WeightedPair } from './coder.js'
import { isLabel, type Category, type Preprocessing } from './column.js'
import { readNumberColumn } from './learn-column.js'
import { classNames } from './preprocessing.js'
import type { Sources } from './source.js'

/** A model's metrics, and its mean loss, which is the network's: computed on scaled numbers. */
export type ModelEvaluation = { readonly loss: number } & (
  | (ClassificationMetrics & {
      readonly kind: 'classification'
      /** the order of the metrics that have one number, or one row, per class */
      readonly classes: readonly Category[]
    })
  | (MultilabelMetrics & {
      readonly kind: 'multilabel'
      /** the order of the metrics that have one number per label */
      readonly labels: readonly string[]
    })
  | (RegressionMetrics & {
      /** in the units of the targets */
      readonly kind: 'regression'
      /** the order of the metrics that have one number per target */
      readonly targets: readonly string[]
    })
)

/**
 * Classification metrics for class outputs, or for pairs whose outputs are one-hot in every row: one 1, the rest 0;
 * multilabel metrics for label outputs, or for pairs that qualify, see evaluate; otherwise regression metrics in the
 * units of the targets.
 *
 * @param sources the data that was encoded
 * @throws RangeError that names row and output, if an answer is not a finite number
 */
export function evaluateModel(
  network: Network,
  preprocessing: Preprocessing,
  { x, y, weights }: WeightedPair,
  { inputs, targets = inputs }: Pick<Sources, 'inputs' | 'targets'>,
): ModelEvaluation {
  const { outputs, isSparse } = preprocessing
  const answers = (): Floats => {
    const o = network.predict(x)
    checkAnswers(outputs, o, inputs, network)
    return o
  }
  const evaluation = evaluateNetwork(network, weights === undefined ? { x, y } : { x, y, weights }, answers)
  const { loss } = evaluation
  const targetNames = outputs.map(({ name }) => name)
  const classes = classNames(preprocessing)
  if (classes !== undefined) {
    switch (evaluation.kind) {
      case 'classification':
        return { ...evaluation, classes }
      case 'multilabel':
        return { ...evaluation, labels: targetNames }
      case 'regression':
        return { ...evaluation, targets: targetNames }
    }
  }
  const { length } = outputs
  const o = answers()
  if (outputs.some(isLabel)) {
    const metrics = multilabelMetrics(y, o, length, weights)
    return { loss, kind: 'multilabel', labels: targetNames, ...metrics }
  }
  const rows = y.length / length
  const predicted = Float64Array.from(o, (value, i) => unscale(outputs[i % length], value))
  const truth = new Float64Array(y.length)
  for (const [j, { name }] of outputs.entries()) {
    const numbers = readNumberColumn(targets, name, isSparse ? 0 : undefined)
    for (let row = 0; row < rows; ++row) truth[row * length + j] = numbers[row]
  }
  const metrics = regressionMetrics(truth, predicted, length, weights)
  return { loss, kind: 'regression', targets: targetNames, ...metrics }
}

/**
 * Calls evaluate. Its error for outputs that are not finite lacks the model's names, so `answers` gets to throw first.
 *
 * @param answers throws if an output is not finite, naming the row
 */
function evaluateNetwork(
  network: Network,
  data: WeightedPair,
  answers: () => unknown,
): ReturnType<typeof evaluate> {
  try {
    return evaluate(network, data)
  } catch (error) {
    if (error instanceof RangeError) answers()
    throw error
  }
}
