import { rangeError, typeError } from '../../base/argument-error.js'
import { checkNumber, isObject, show, showName } from '../../base/check.js'
import { remediableError } from '../../base/remedies.js'
import { parseJSON } from '../../base/json-text.js'
import { resolveActivation, type Activation, type ActivationOption } from '../../definition/activations.js'
import { otherParts } from '../../definition/other-names.js'
import { openTensors } from '../../formats/tensor-file.js'
import { assemble } from '../assemble.js'
import type { Converted } from '../converted.js'
import { LayerChain, normalized } from '../layer-chain.js'
import { distinctTexts, resolveConvertOptions, type ConvertOptions } from '../options.js'
import { numbersOfTensor, readModules, type Module } from './modules.js'
import { inOrder } from './order.js'

/** Options of fromStateDict. */
export interface StateDictOptions extends ConvertOptions {
  /** of the hidden layers: a state_dict has weights alone */
  readonly activation?: ActivationOption
  /** the modules in the order in which they come, where names and sizes leave it open: `['encoder', 'head']` */
  readonly order?: readonly string[]
  /** of batch normalisation; 1e-5 by default, as in PyTorch */
  readonly epsilon?: number
}

/** The metadata of files that toStateDict has written. */
export const ACTIVATIONS = 'deltaprop.activations'

/**
 * Reads the state_dict of a dense network of PyTorch from safetensors: `safetensors.torch.save_file(model.state_dict(),
 * path)`. Its modules come in the order of the numbers in their names, or in the only one in which they fit behind each
 * other. Batch normalisation is folded into layers, in f64. Half precision becomes f32.
 *
 * @param options what the file does not say: the activations, unless toStateDict wrote it
 * @throws TypeError or RangeError that names the tensor, or the option that is missing
 * @example
 * import { Network } from 'deltaprop'
 * import { fromStateDict, toStateDict } from 'deltaprop/interop'
 * const bytes = toStateDict(new Network([4, 8, 3], { activation: { output: 'softmax' } }))
 * const net = fromStateDict(bytes).as(Network)
 */
export function fromStateDict(bytes: Uint8Array, options?: StateDictOptions): Converted {
  const file = openTensors(bytes)
  const { given, resolved } = resolveConvertOptions(options, ['activation', 'order', 'epsilon'])
  const order = given.order === undefined ? undefined : distinctTexts('order', given.order)
  const epsilon = checkNumber('epsilon', given.epsilon ?? 1e-5, { min: 0 })
  const modules = inOrder(readModules(file), order)
  const linear = modules.filter(({ kind }) => kind === 'linear')
  const saved = savedActivations(file.header.get('__metadata__'))
  if (saved !== undefined && saved.length !== linear.length) {
    throw rangeError(ACTIVATIONS, `${linear.length} activations, one for each layer`, saved.length)
  }
  const hidden =
    given.activation === undefined && saved !== undefined
      ? undefined
      : hiddenActivation(given.activation, linear.length)

  const chain = new LayerChain(bytes.length)
  if (modules.some(({ name }) => !/^\d+$/.test(name))) {
    chain.notes.push(`modules in the order ${modules.map(({ name }) => showName(name)).join(', ')}`)
  }
  let l = 0
  for (let i = 0; i < modules.length; ++i) {
    const module = modules[i]
    if (module.kind === 'norm') {
      addNorm(chain, module, epsilon)
      continue
    }
    addLinear(chain, module)
    const next = modules.at(i + 1)
    if (next !== undefined && isDirectlyBehind(module, next)) {
      addNorm(chain, next, epsilon)
      ++i
    }
    const isLast = l === linear.length - 1
    const activation = (isLast ? undefined : hidden) ?? saved?.[l]
    const isBetween = next === undefined || !isNextInSequence(module, next)
    if (activation !== undefined && isBetween) chain.activation(showName(module.name), activation)
    ++l
  }
  const precision = linear.some(({ tensors }) => tensors.get('weight')?.type === 'F64') ? 'f64' : 'f32'
  return assemble(chain, { precision }, resolved)
}

/** @throws TypeError or RangeError unless it is given, where there are hidden layers */
function hiddenActivation(given: unknown, layers: number): Activation | undefined {
  if (given !== undefined) return resolveActivation('activation', given, otherParts.activations)
  if (layers === 1) return undefined
  throw remediableError('activation', 'that of the hidden layers, which a state_dict does not say', 'none', [
    { option: 'activation', value: 'relu', effect: 'says it, if it is that' },
  ])
}

/** The activations of all layers, if toStateDict has written them. */
function savedActivations(metadata: unknown): Activation[] | undefined {
  if (!isObject(metadata) || !Object.hasOwn(metadata, ACTIVATIONS)) return undefined
  const text = (metadata as Record<string, unknown>)[ACTIVATIONS]
  if (typeof text !== 'string') throw typeError(ACTIVATIONS, 'a text', show(text))
  const list = parseJSON(ACTIVATIONS, text)
  if (!Array.isArray(list)) throw typeError(ACTIVATIONS, 'an array', show(list))
  return list.map((option, l) => resolveActivation(`${ACTIVATIONS}[${l}]`, option))
}

function addLinear(chain: LayerChain, module: Module): void {
  const { name, inputs, units } = module
  const weights = numbersOfTensor(module, 'weight')
  const biases = numbersOfTensor(module, 'bias') ?? new Float64Array(units)
  if (weights !== undefined) chain.affine(name === '' ? 'linear' : name, inputs, weights, biases)
}

/** (v − mean)·weight/√(variance + ε) + bias; weight and bias are missing without `affine`. */
function addNorm(chain: LayerChain, module: Module, epsilon: number): void {
  const [offset, variance] = [numbersOfTensor(module, 'running_mean'), numbersOfTensor(module, 'running_var')]
  if (offset === undefined || variance === undefined) return
  const deviation = variance.map((number) => Math.sqrt(number + epsilon))
  const [weight, bias] = [numbersOfTensor(module, 'weight'), numbersOfTensor(module, 'bias')]
  chain.columns(module.name, normalized(offset, deviation, weight, bias), 'batch normalisation')
}

/**
 * Whether batch normalisation comes before the activation of a layer: in nn.Sequential if its number is the next, else
 * where it is named like the layer, or alone.
 */
function isDirectlyBehind(module: Module, next: Module): boolean {
  if (next.kind !== 'norm') return false
  const [own, other] = [placeOf(module), placeOf(next)]
  if (own === undefined || other?.in !== own.in) return true
  return other.number === own.number + 1
}

/** Whether nothing is between two layers: in nn.Sequential an activation would have a number of its own. */
function isNextInSequence(module: Module, next: Module): boolean {
  const [own, other] = [placeOf(module), placeOf(next)]
  return (
    next.kind === 'linear' && own !== undefined && other?.in === own.in && other.number === own.number + 1
  )
}

/** The place of a module in nn.Sequential; undefined where its name is no number. */
function placeOf({ name }: Module): { readonly in: string; readonly number: number } | undefined {
  const found = /^((?:.*\.)?)(\d+)$/.exec(name)
  return found === null ? undefined : { in: found[1], number: Number(found[2]) }
}
