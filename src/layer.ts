import { activationOption, type ActivationOption } from './activations.js'
import type { Floats } from './floats.js'
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

/** The layers of a network, first to last. */
export function viewLayers({ spec, engine }: State): readonly Layer[] {
  let end = 0
  return spec.layers.map(({ inputs, units, activation }) => {
    const start = end
    const middle = start + units * inputs
    end = middle + units
    return Object.freeze({
      inputs,
      units,
      activation: activationOption(activation),
      weights: engine.parameters.subarray(start, middle),
      biases: engine.parameters.subarray(middle, end),
      weightGradients: engine.gradients.subarray(start, middle),
      biasGradients: engine.gradients.subarray(middle, end),
    })
  })
}
