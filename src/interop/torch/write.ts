import { activationOption } from '../../definition/activations.js'
import { atOnce, writeTensors, type Tensor } from '../../formats/tensor-file.js'
import { exportedOf, type Exportable } from '../exported.js'
import { ACTIVATIONS } from './read.js'

/**
 * Writes the weights as the state_dict of a PyTorch module, as safetensors: `nn.Sequential(nn.Linear(…), activation,
 * nn.Linear(…), …)`, whose layers have the numbers 0, 2, 4 …, whether an activation stands between them or not. PyTorch
 * reads it with `model.load_state_dict(load_file(path))`, deltaprop with fromStateDict, with the activations.
 *
 * @param net a Network; of a Model its network, which takes what is scaled and encoded
 * @throws TypeError unless it is one
 * @example
 * import { Network } from 'deltaprop'
 * import { toStateDict } from 'deltaprop/interop'
 * const bytes = toStateDict(new Network([4, 8, 3]))
 * // model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
 */
export function toStateDict(net: Exportable): Uint8Array<ArrayBuffer> {
  const { layers, precision } = exportedOf(net)
  const tensors = layers.flatMap(({ inputs, units, weights, biases }, l): Tensor[] => [
    { name: `${2 * l}.weight`, shape: [units, inputs], values: weights },
    { name: `${2 * l}.bias`, shape: [units], values: biases },
  ])
  const activations = JSON.stringify(layers.map(({ activation }) => activationOption(activation)))
  return atOnce(writeTensors({ format: 'pt', [ACTIVATIONS]: activations }, precision, tensors))
}
