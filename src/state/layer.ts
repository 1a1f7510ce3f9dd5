import { activationOption, type ActivationOption } from '../definition/activations.js'
import type { Floats } from '../base/floats.js'
import { parameterRanges } from '../definition/architecture.js'
import type { State } from './state.js'

/** One layer of a network. Its arrays are live views, valid as long as the network: write to them to set weights. */
export interface Layer {
  readonly inputs: number
  readonly units: number
  readonly activation: ActivationOption
  /** units × inputs, row-major: row j belongs to neuron j, (37) */
  readonly weights: Floats
  /** units */
  readonly biases: Floats
  /** units × inputs: the sums of (35) since zeroGradients() */
  readonly weightGradients: Floats
  /** units: the sums of (35) since zeroGradients() */
  readonly biasGradients: Floats
}

/** The layers of a network, first to last; live while the engine's arrays are. */
export function viewLayers({ spec, engine }: State): readonly Layer[] {
  const ranges = parameterRanges(spec)
  return spec.layers.map(({ inputs, units, activation }, l) => {
    const [w, b] = ranges.slice(2 * l, 2 * l + 2)
    return Object.freeze({
      inputs,
      units,
      activation: activationOption(activation),
      weights: engine.parameters.subarray(w.start, w.end),
      biases: engine.parameters.subarray(b.start, b.end),
      weightGradients: engine.gradients.subarray(w.start, w.end),
      biasGradients: engine.gradients.subarray(b.start, b.end),
    })
  })
}
