/** The activations of Keras and TensorFlow.js, and what they are here. */
import { rangeError, typeError } from '../../base/argument-error.js'
import { checkNumber, isRecord, show } from '../../base/check.js'
import type { Activation, ActivationName } from '../../definition/activations.js'
import { checkBuiltIn } from './built-in.js'
import { plain } from './plain.js'

/** By their names as they are saved; in the code of TensorFlow.js they are hardSigmoid, geluNew … */
const functions: ReadonlyMap<string, ActivationName> = new Map([
  ['linear', 'linear'],
  ['sigmoid', 'sigmoid'],
  ['tanh', 'tanh'],
  ['relu', 'relu'],
  ['leaky_relu', 'leakyRelu'],
  ['elu', 'elu'],
  ['selu', 'selu'],
  ['softplus', 'softplus'],
  ['softsign', 'softsign'],
  ['gelu', 'gelu'],
  ['gelu_new', 'geluTanh'],
  ['swish', 'silu'],
  ['silu', 'silu'],
  ['mish', 'mish'],
  ['hard_sigmoid', 'hardSigmoid'],
  ['softmax', 'softmax'],
])

/** The parameters of the functions; the layer LeakyReLU has another slope. */
const shapes: Partial<Record<ActivationName, number>> = { leakyRelu: 0.2, elu: 1 }

/** Layers that are activations. */
export type ActivationClass = 'ReLU' | 'LeakyReLU' | 'ELU' | 'Softmax'

export function isActivationClass(className: string): className is ActivationClass {
  return ['ReLU', 'LeakyReLU', 'ELU', 'Softmax'].includes(className)
}

/**
 * A function by its name, or a layer that is used as a function.
 *
 * @throws TypeError or RangeError for one that is not here
 */
export function kerasActivation(path: string, given: unknown): Activation {
  const { class_name: className = given, config } = isRecord(given) ? given : {}
  if (isRecord(given) && typeof className === 'string' && isActivationClass(className)) {
    checkBuiltIn(path, given)
    return layerActivation(path, className, isRecord(config) ? config : {})
  }
  // Keras writes its own functions as texts, and as objects those of programs, whatever they are called.
  if (className === 'function')
    throw rangeError(path, 'an activation of Keras itself', `a function ${show(config)}`)
  if (typeof className !== 'string') throw typeError(path, 'the name of an activation', show(className))
  const name = plain(className)
  const [, type] = Array.from(functions).find(([known]) => plain(known) === name) ?? []
  if (type === undefined) {
    throw rangeError(path, `one of ${Array.from(functions.keys()).join(', ')}`, show(className))
  }
  return { type, shape: shapes[type] ?? 0 }
}

/** @throws TypeError or RangeError that names the parameter */
export function layerActivation(
  path: string,
  className: ActivationClass,
  config: Readonly<Record<string, unknown>>,
): Activation {
  const number = (name: string, value: unknown, usual: number): number => {
    return value === undefined || value === null ? usual : checkNumber(`${path}.${name}`, value)
  }
  switch (className) {
    case 'ReLU': {
      const { max_value: most = null, negative_slope: negative } = config
      if (most !== null) throw rangeError(`${path}.max_value`, 'none', show(most))
      const threshold = number('threshold', config.threshold, 0)
      if (threshold !== 0) throw rangeError(`${path}.threshold`, '0', threshold)
      const slope = number('negative_slope', negative, 0)
      return slope === 0 ? { type: 'relu', shape: 0 } : { type: 'leakyRelu', shape: slope }
    }
    case 'LeakyReLU':
      return { type: 'leakyRelu', shape: number('alpha', config.negative_slope ?? config.alpha, 0.3) }
    case 'ELU':
      return { type: 'elu', shape: number('alpha', config.alpha, 1) }
    case 'Softmax':
      checkAxis(path, config.axis)
      return { type: 'softmax', shape: 0 }
  }
}

/** @throws RangeError unless it is that of the units */
export function checkAxis(label: string, axis: unknown = -1): void {
  const only: unknown = Array.isArray(axis) && axis.length === 1 ? axis[0] : axis
  if (only !== -1 && only !== 1) throw rangeError(`${label}.axis`, '-1, the units', show(axis))
}
