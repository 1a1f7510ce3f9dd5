import { rangeError } from '../../base/argument-error.js'
import type { Activation } from '../../definition/activations.js'

/**
 * An activation as the function of a Dense layer of TensorFlow.js.
 *
 * @throws RangeError for one that TensorFlow.js cannot read
 */
export function functionName(layer: string, { type, shape }: Activation): string {
  switch (type) {
    case 'linear':
    case 'sigmoid':
    case 'tanh':
    case 'relu':
    case 'selu':
    case 'softplus':
    case 'softsign':
    case 'gelu':
    case 'mish':
    case 'softmax':
      return type
    case 'silu':
      return 'swish'
    case 'hardSigmoid':
      return 'hard_sigmoid'
    case 'elu':
      if (shape === 1) return type
      throw rangeError(layer, 'elu with alpha 1, the only one that TensorFlow.js has', shape)
    // A layer of its own, which writtenLayer writes.
    case 'leakyRelu':
      return 'linear'
    case 'geluTanh': {
      // TensorFlow.js saves it as gelu_new, and looks for geluNew when it loads it.
      const hint = 'gelu is there, and differs by less than 0.001; or toONNX'
      throw rangeError(layer, 'an activation that TensorFlow.js reads', type, { hint })
    }
  }
}
