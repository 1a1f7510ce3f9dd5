/**
 * Operations on a network that not every application needs: as functions, so that bundlers drop those that are not
 * imported.
 */
import { readPair } from '../definition/read-pair.js'
import { toFunction as writeFunction } from '../formats/to-function.js'
import { evaluateTargets, type Evaluation } from '../metrics/evaluate.js'
import { ratio, sum } from '../metrics/weights.js'
import { stateOf, type Network } from './network.js'
import { viewLayers } from '../state/layer.js'
import { betweenParts, lossOf } from '../state/state.js'
import type { FitData } from '../training/options.js'
import { checkData, readWeightColumn } from '../training/sample-set.js'

/**
 * How well a network does on samples: the mean loss, and metrics as defined by scikit-learn. The targets decide
 * which. One-hot rows, a single column of 0 and 1, and class numbers are classes: accuracy, confusionMatrix,
 * precision, recall, f1, rocAuc, logLoss, brier, kappa and matthews. Other rows of 0 and 1, with the loss
 * binaryCrossEntropy, are labels, of which a sample may have any number: subsetAccuracy, hammingLoss, precision,
 * recall, f1, rocAuc and logLoss. Everything else is a regression: meanSquared, rootMeanSquared, meanAbsolute and
 * r2, overall and per output.
 *
 * @param data x: samples × inputs, y: samples × outputs, or classes; weights: how often each sample counts, in the
 *   loss and in every metric
 * @throws RangeError if an output is not a finite number
 * @example
 * import { evaluate, Network } from 'deltaprop'
 * const net = new Network([2, 3], { activation: 'softmax' })
 * const result = evaluate(net, { x: [[1, 2], [3, 4]], y: [0, 2] })
 * if (result.kind === 'classification') console.log(result.accuracy, result.confusionMatrix)
 */
export function evaluate(net: Network, data: FitData): Evaluation & { readonly loss: number } {
  const { spec } = stateOf('evaluate', net)
  const given = checkData('data', data)
  const [inputs, targets] = readPair(spec, given.x, given.y)
  const weights = readWeightColumn(spec, inputs.rows, given.weights)
  const count = weights === undefined ? inputs.rows : sum(Array.from(weights.values))
  // Reading the data may have run code of the caller's.
  const state = betweenParts(stateOf('evaluate', net))
  const loss = ratio(lossOf(state, inputs, targets, weights), count)
  return { loss, ...evaluateTargets(net.predict(inputs.values), targets, weights?.values, spec.loss) }
}

/**
 * The source text of a JavaScript module that predicts without deltaprop or any other dependency: its predict(x)
 * takes the inputs of one sample and returns an array of its outputs. The weights are exactly the network's; sums
 * and activations are f64 in both precisions.
 *
 * @throws RangeError for more than 100,000 parameters, or for a parameter that is not finite
 * @example
 * import { Network, toFunction } from 'deltaprop'
 * console.log(toFunction(new Network([2, 3, 2]))) // kept as predict.js: import { predict } from './predict.js'
 */
export function toFunction(net: Network): string {
  const state = betweenParts(stateOf('toFunction', net))
  return writeFunction(state.spec, viewLayers(state))
}
