import { typeError } from '../base/argument-error.js'
import { checkKeys, checkName, checkNumber, show } from '../base/check.js'
import { suggestion, type OtherNames } from '../base/suggest.js'

/** The names, in the order of the numbers in assembly/kernels/activation.ts. */
export const activationNames = [
  'linear',
  'sigmoid',
  'tanh',
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'softplus',
  'softsign',
  'gelu',
  'geluTanh',
  'silu',
  'mish',
  'hardSigmoid',
  'softmax',
] as const

/** A function that a layer ends in, by its name. */
export type ActivationName = (typeof activationNames)[number]

/** An activation by name, or with its parameter: `{ type: 'leakyRelu', slope: 0.01 }`, `{ type: 'elu', alpha: 1 }`. */
export type ActivationOption =
  | ActivationName
  | { readonly type: Exclude<ActivationName, 'leakyRelu' | 'elu'> }
  | { readonly type: 'leakyRelu'; readonly slope?: number }
  | { readonly type: 'elu'; readonly alpha?: number }

/** An activation with its one parameter: the slope of leakyRelu, the alpha of elu; 0 for the others. */
export interface Activation {
  readonly type: ActivationName
  readonly shape: number
}

/** @throws TypeError or RangeError that names the option and lists the known names. */
export function resolveActivation(name: string, option: unknown, others?: OtherNames): Activation {
  if (typeof option === 'string') return withShape(name, checkName(name, option, activationNames, others), {})
  if (typeof option !== 'object' || Array.isArray(option)) {
    const hint = suggestion(undefined, [], others)
    throw typeError(name, 'a name or an object', show(option), { hint })
  }
  const { type, ...rest } = checkKeys(name, option, ['type', 'slope', 'alpha'])
  return withShape(name, checkName(`${name}.type`, type, activationNames, others), rest)
}

/** The option that resolves to this activation: only the name if it has no parameter of its own. */
export function activationOption({ type, shape }: Activation): ActivationOption {
  if (type === 'leakyRelu') return shape === 0.01 ? type : { type, slope: shape }
  if (type === 'elu') return shape === 1 ? type : { type, alpha: shape }
  return type
}

function withShape(name: string, type: ActivationName, rest: Record<string, unknown>): Activation {
  if (type === 'leakyRelu') {
    checkKeys(name, rest, ['slope'])
    return { type, shape: checkNumber(`${name}.slope`, rest.slope === undefined ? 0.01 : rest.slope) }
  }
  if (type === 'elu') {
    checkKeys(name, rest, ['alpha'])
    return { type, shape: checkNumber(`${name}.alpha`, rest.alpha === undefined ? 1 : rest.alpha) }
  }
  checkKeys(name, rest, [])
  return { type, shape: 0 }
}
