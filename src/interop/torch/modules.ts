import { rangeError } from '../../base/argument-error.js'
import { partOf } from '../../base/byte-order.js'
import { checkObject, showName } from '../../base/check.js'
import { offsetsOf, showEntries, type TensorFile } from '../../formats/tensor-file.js'
import { numbersOf, numberSizes, type NumberType } from '../numbers.js'

/** A tensor of a state_dict. */
export interface StateTensor {
  readonly type: NumberType | undefined
  readonly shape: readonly number[]
  readonly data: DataView
}

/** nn.Linear, or batch normalisation over a vector. */
export interface Module {
  /** without the name of its tensor: `0`, `net.2`, `fc1`; '' if it has none */
  readonly name: string
  readonly kind: 'linear' | 'norm'
  readonly inputs: number
  readonly units: number
  readonly tensors: ReadonlyMap<string, StateTensor>
}

const ofLinear: ReadonlySet<string> = new Set(['weight', 'bias'])
const ofNorm: ReadonlySet<string> = new Set([
  'weight',
  'bias',
  'running_mean',
  'running_var',
  'num_batches_tracked',
])

/** As many as a network may have layers. */
const MAX_MODULES = 4096

/** @throws TypeError or RangeError that names the tensor that is no part of a dense network, or is damaged */
export function readModules({ header, data }: TensorFile): Module[] {
  const modules = new Map<string, Map<string, StateTensor>>()
  for (const [name, value] of header) {
    if (name === '__metadata__') continue
    const dot = name.lastIndexOf('.')
    const module = name.slice(0, Math.max(dot, 0))
    const tensors = modules.get(module) ?? new Map<string, StateTensor>()
    modules.set(module, tensors.set(name.slice(dot + 1), readStateTensor(name, value, data)))
  }
  if (modules.size > MAX_MODULES) throw rangeError('bytes', `at most ${MAX_MODULES} modules`, modules.size)
  return Array.from(modules, ([name, tensors]) => moduleOf(name, tensors))
}

function readStateTensor(name: string, value: unknown, data: DataView): StateTensor {
  const { dtype, shape, data_offsets } = checkObject(showName(name), value)
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)) {
    throw rangeError(`${name}.shape`, 'sizes >= 0', showEntries(shape))
  }
  const { start, end } = offsetsOf(name, data_offsets, data.byteLength)
  const sizes = shape as number[]
  const type = Object.hasOwn(numberSizes, String(dtype)) ? (dtype as NumberType) : undefined
  const bytes = sizes.reduce((product, size) => product * size, type === undefined ? 1 : numberSizes[type])
  // Counters of other types are not read.
  if (type !== undefined && end - start !== bytes) throw rangeError(name, `${bytes} bytes`, end - start)
  return { type, shape: sizes, data: partOf(data, start, end) }
}

function moduleOf(name: string, tensors: ReadonlyMap<string, StateTensor>): Module {
  const weight = tensors.get('weight')
  const isNorm = tensors.has('running_mean')
  const known = isNorm ? ofNorm : ofLinear
  const other = [...tensors.keys()].find((tensor) => !known.has(tensor))
  const full = (tensor: string): string => (name === '' ? tensor : `${name}.${tensor}`)
  if (other !== undefined) {
    throw rangeError(
      showName(full(other)),
      'the weight or the bias of nn.Linear, or what BatchNorm1d has',
      'another',
    )
  }
  if (isNorm) {
    const units = tensors.get('running_mean')?.shape[0] ?? 0
    for (const [tensor, { shape }] of tensors) {
      if (tensor === 'num_batches_tracked') continue
      if (shape.length !== 1 || shape[0] !== units) {
        throw rangeError(`${full(tensor)}.shape`, `[${units}]`, showEntries(shape))
      }
    }
    if (!tensors.has('running_var')) throw rangeError(showName(name), 'a tensor running_var', 'none')
    return { name, kind: 'norm', inputs: units, units, tensors }
  }
  if (weight === undefined)
    throw rangeError(showName(full('bias')), `a tensor ${showName(full('weight'))} beside it`, 'none')
  const [units, inputs] = weight.shape
  if (weight.shape.length !== 2 || units === 0 || inputs === 0) {
    const what =
      weight.shape.length === 1 ? ', and no LayerNorm' : weight.shape.length > 2 ? ', and no convolution' : ''
    const expected = `two sizes, units and inputs, of nn.Linear${what}`
    throw rangeError(`${full('weight')}.shape`, expected, showEntries(weight.shape))
  }
  const bias = tensors.get('bias')
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== units)) {
    throw rangeError(`${full('bias')}.shape`, `[${units}]`, showEntries(bias.shape))
  }
  return { name, kind: 'linear', inputs, units, tensors }
}

/** The numbers of a tensor; undefined if there is none. @throws RangeError for another type than f32, f64, f16, bf16 */
export function numbersOfTensor({ name, tensors }: Module, tensor: string): Float64Array | undefined {
  const found = tensors.get(tensor)
  if (found === undefined) return undefined
  if (found.type === undefined)
    throw rangeError(`${name}.${tensor}.dtype`, 'F32, F64, F16 or BF16', 'another')
  return numbersOf(found.type, found.data)
}
