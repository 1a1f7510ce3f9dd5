import { rangeError, typeError } from '../base/argument-error.js'
import { resolveActivation, type Activation, type ActivationName } from './activations.js'
import { checkInteger, checkKeys, checkName, show } from '../base/check.js'
import type { Precision } from '../base/floats.js'
import type { otherParts } from './other-names.js'
import { fusedActivation, lossNames, type LossName } from './losses.js'

export interface LayerArchitecture {
  readonly inputs: number
  readonly units: number
  readonly activation: Activation
}

/** What a network computes, apart from the values of its parameters. */
export interface Architecture {
  readonly inputs: number
  readonly layers: readonly LayerArchitecture[]
  readonly loss: LossName
  readonly precision: Precision
}

export const MAX_UNITS = 2 ** 31

/**
 * The most layers a network may have: far more than anything can be trained through, yet few enough to check quickly.
 * Without a limit, a file of a few megabytes, or an array of numbers, could keep us busy for hours; the count is
 * checked before any layer is.
 */
const MAX_LAYERS = 4096

/**
 * The architecture described by options of the long form; the caller checks the other options.
 *
 * @param others names that other libraries use, see OtherNames
 * @throws TypeError or RangeError that names the option, what was expected and what came.
 */
export function resolveArchitecture(
  given: Readonly<Record<string, unknown>>,
  others: OtherParts = {},
): Architecture {
  const { precision = 'f32' } = given
  if (!Array.isArray(given.layers)) {
    throw typeError('layers', 'an array of layers', show(given.layers))
  }
  if (given.layers.length === 0) throw rangeError('layers', 'at least 1 layer', 0)
  checkLayerCount('layers', given.layers.length, 'layers')
  const inputs = checkInteger('inputs', given.inputs, { min: 1, max: MAX_UNITS })
  const layers: LayerArchitecture[] = []
  for (const [l, option] of given.layers.entries()) {
    const isLast = l === given.layers.length - 1
    layers.push(resolveLayer(`layers[${l}]`, option, l === 0 ? inputs : layers[l - 1].units, isLast, others))
  }
  return {
    inputs,
    layers,
    loss: resolveLoss(given.loss, layers, others),
    precision: checkName('precision', precision, ['f32', 'f64'], others.precisions),
  }
}

/** Names that other libraries use for parts of an architecture. */
type OtherParts = Partial<typeof otherParts>

/** @throws RangeError for more layers than a network may have, or more of something that depends on their number */
export function checkLayerCount(name: string, count: number, what: string, more = 0): void {
  const most = MAX_LAYERS + more
  if (count > most) throw rangeError(name, `at most ${most} ${what}`, count)
}

/** Weights and biases of all layers. */
export function parameterCount(spec: { inputs: number; layers: readonly { units: number }[] }): number {
  let count = 0
  let inputs = spec.inputs
  for (const { units } of spec.layers) {
    count += units * (inputs + 1)
    inputs = units
  }
  return count
}

/** 2 → 3 sigmoid → 2 sigmoid; 17 parameters, f64 */
export function describeArchitecture({
  inputs,
  layers,
  precision,
}: {
  readonly inputs: number
  readonly layers: readonly Pick<LayerArchitecture, 'units' | 'activation'>[]
  readonly precision: Precision
}): string {
  const sizes = [inputs, ...layers.map(({ units, activation }) => `${units} ${activation.type}`)]
  return `${sizes.join(' → ')}; ${parameterCount({ inputs, layers }).toLocaleString('en')} parameters, ${precision}`
}

/** Where the weights or the biases of one layer lie in the parameters. */
export interface ParameterRange {
  readonly layer: number
  readonly kind: 'weights' | 'biases'
  readonly shape: readonly number[]
  readonly start: number
  readonly end: number
}

const knownRanges = new WeakMap<Architecture['layers'], readonly ParameterRange[]>()

/** The order of all parameters: layer by layer, weights then biases. */
export function parameterRanges({ layers }: Architecture): readonly ParameterRange[] {
  const known = knownRanges.get(layers) ?? rangesOf(layers)
  knownRanges.set(layers, known)
  return known
}

function rangesOf(layers: Architecture['layers']): readonly ParameterRange[] {
  let end = 0
  const range = (layer: number, kind: 'weights' | 'biases', shape: readonly number[]): ParameterRange => {
    const start = end
    end += shape.reduce((product, size) => product * size)
    return { layer, kind, shape, start, end }
  }
  return layers.flatMap(({ units, inputs }, l) => [
    range(l, 'weights', [units, inputs]),
    range(l, 'biases', [units]),
  ])
}

function resolveLayer(
  name: string,
  option: unknown,
  inputs: number,
  isLast: boolean,
  others: OtherParts,
): LayerArchitecture {
  const given = checkKeys(
    name,
    option,
    ['units', 'activation', 'initializer', 'biasInitializer'],
    others.layers,
  )
  const units = checkInteger(`${name}.units`, given.units, { min: 1, max: MAX_UNITS })
  const { activation: chosen = isLast ? 'linear' : 'relu' } = given
  const activation = resolveActivation(`${name}.activation`, chosen, others.activations)
  if (activation.type === 'softmax' && !isLast) {
    throw rangeError(`${name}.activation`, '"softmax" on the output layer only')
  }
  if (activation.type === 'softmax' && units === 1) throw softmaxOfOne(`${name}.units`)
  return { inputs, units, activation }
}

/** The loss of a network that is not given another, by the activation of its output. */
export function usualLoss(output: ActivationName): LossName {
  return output === 'softmax' ? 'categoricalCrossEntropy' : 'halfSquared'
}

function resolveLoss(
  option: unknown,
  layers: readonly LayerArchitecture[],
  { losses }: OtherParts,
): LossName {
  const output = layers[layers.length - 1].activation.type
  const loss = checkName('loss', option === undefined ? usualLoss(output) : option, lossNames, losses)
  const needed = fusedActivation(loss)
  if (needed !== null && needed !== output) {
    const hint = losses && output !== 'softmax' ? `activation: { output: '${needed}' }` : ''
    throw rangeError('loss', `the output activation ${needed} with ${loss}`, output, { hint })
  }
  return loss
}

/** A softmax over a single unit always outputs 1, so that training cannot change the loss. */
function softmaxOfOne(name: string): RangeError {
  const expected = 'at least 2 units behind a softmax, whose only output is always 1'
  const instead = 'a unit for each class, or for two classes one unit with the activation "sigmoid"'
  return rangeError(name, expected, '1', { hint: instead })
}
