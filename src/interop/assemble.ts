import { rangeError } from '../base/argument-error.js'
import { show } from '../base/check.js'
import type { Precision } from '../base/floats.js'
import type {
  Category,
  CategoryColumn,
  CategoryKind,
  ModelColumn,
  Preprocessing,
  Unknown,
} from '../model/column.js'
import { converted, type Converted } from './converted.js'
import { entry, foldIntoInputs, type Columns, type ForeignLayer, type LayerChain } from './layer-chain.js'
import { lossOf, type SaidLoss } from './loss.js'
import type { ResolvedOptions } from './options.js'

/** An input of a file: a number, or a text that is one-hot. */
export interface ForeignInput {
  /** undefined if it has none */
  readonly name: string | undefined
  /** the texts; undefined for a number */
  readonly categories?: readonly string[]
  /** of a number that is scaled from it to 0 … 1 */
  readonly range?: Range | undefined
}

/** What is 0, and what is 1. */
export type Range = readonly [min: number, max: number]

/** What a file says beside its layers. */
export interface Said {
  readonly precision: Precision
  /** with which it was trained; undefined if it does not say so */
  readonly loss?: SaidLoss | undefined
  /** undefined: numbers without names */
  readonly inputs?: readonly ForeignInput[]
  /** of a single number, whose name alone makes no Model */
  readonly single?: string | undefined
  readonly unknown?: Unknown
  /** whether what is missing is 0 */
  readonly isSparse?: boolean
  /** of the outputs, in their order */
  readonly classes?: readonly Category[]
  readonly targets?: readonly string[]
  /** of outputs that are scaled back from 0 … 1, in their order */
  readonly ranges?: readonly (Range | undefined)[]
  /** whether each output is a label of its own */
  readonly isMultilabel?: boolean
}

/** A note for whoever takes the network alone. */
export const SCALED_INPUTS = 'a Model scales the inputs; the network by itself takes what is scaled'

/** Makes one of what a file and the options say. @throws TypeError or RangeError that names what does not fit */
export function assemble(chain: LayerChain, said: Said, options: ResolvedOptions): Converted {
  chain.end()
  const isOtherOutput = applyOutput(chain, options)
  const { layers, notes } = chain
  const classes = options.classes ?? said.classes
  const inputs = sortedInputs(chain, namedInputs(layers[0].inputs, said, options))
  const targets = options.targets ?? said.targets
  const isModel = inputs !== undefined || classes !== undefined || targets !== undefined
  const columns = isModel ? (inputs ?? numbered(layers[0].inputs, said.single)).map(columnOf) : undefined
  const scaled = columns && !options.fold ? scaledColumns(columns, chain.scaling) : undefined
  if (scaled === undefined && chain.scaling !== undefined) {
    foldIntoInputs(layers[0], chain.scaling)
    notes.push(`the scaling of the inputs is folded into ${layers[0].name}`)
  } else if (chain.scaling !== undefined) {
    notes.push(SCALED_INPUTS)
  }
  const preprocessing: Preprocessing | undefined = columns && {
    inputs: scaled ?? columns,
    outputs:
      classes === undefined ? plainOutputs(chain, said, targets) : [classOutput(chain, classes, targets)],
    unknown: said.unknown ?? 'error',
    isSparse: said.isSparse ?? false,
  }
  const { precision = said.precision, seed } = options
  const saidLoss = isOtherOutput ? undefined : said.loss
  const loss = lossOf(layers[layers.length - 1], saidLoss, preprocessing, notes)
  return converted({ layers, precision, seed, loss, preprocessing, notes })
}

/** Ends a network that ends without an activation as the option says. @returns whether that changes it */
function applyOutput({ layers, notes }: LayerChain, { output }: ResolvedOptions): boolean {
  const top = layers[layers.length - 1]
  const type = top.activation?.type
  if (output === undefined || type === output.type) return false
  if (type !== undefined && type !== 'linear') {
    throw rangeError('output', `the activation of the file, ${type}, or none`, output.type)
  }
  top.activation = output
  notes.push(`${top.name}: ends in ${output.type}, as asked for`)
  return true
}

/** The inputs by name, as the option or the file has them; undefined if neither does. */
function namedInputs(width: number, said: Said, { columns }: ResolvedOptions): ForeignInput[] | undefined {
  const inputs = said.inputs ?? Array.from({ length: width }, () => ({ name: undefined }))
  if (columns !== undefined && columns.length !== inputs.length) {
    throw rangeError('columns', `${inputs.length} names, one for each input`, columns.length)
  }
  if (columns === undefined && said.inputs === undefined) return undefined
  return inputs.map((input, i) => ({ ...input, name: columns?.[i] ?? input.name ?? `x${i}` }))
}

/** The same with texts in ascending order, as a Model has them; the weights of the first layer are put in that order, too. */
function sortedInputs(
  chain: LayerChain,
  inputs: readonly ForeignInput[] | undefined,
): ForeignInput[] | undefined {
  const order: number[] = []
  const sorted = inputs?.map((input) => {
    const { categories } = input
    const first = order.length
    const own = categories === undefined ? [0] : ascending(categories)
    order.push(...own.map((k) => first + k))
    return categories === undefined ? input : { ...input, categories: own.map((k) => categories[k]) }
  })
  if (order.some((from, to) => from !== to)) {
    const { inputs: width, weights, ...rest } = chain.layers[0]
    const sortedWeights = weights.map((_, at) => weights[at - (at % width) + order[at % width]])
    chain.layers[0] = { ...rest, inputs: width, weights: sortedWeights }
    const { scaling } = chain
    const sort = (values: ArrayLike<number>): number[] => order.map((from) => entry(values, from))
    chain.scaling = scaling && {
      offset: sort(scaling.offset),
      factor: sort(scaling.factor),
      shift: sort(scaling.shift),
    }
  }
  return sorted
}

/** Names that scikit-learn gives to columns that have none. */
function numbered(width: number, single: string | undefined): ForeignInput[] {
  return Array.from({ length: width }, (_, i) => ({ name: single ?? `x${i}` }))
}

function columnOf({ name = '', categories, range }: ForeignInput): ModelColumn {
  return categories === undefined ? numberColumn(name, range) : { name, kind: 'text', categories }
}

function numberColumn(name: string, range?: Range): ModelColumn {
  if (range === undefined) return { name, kind: 'number', scale: 'none' }
  const [min, max] = range
  return { name, kind: 'number', scale: 'minMax', min, max }
}

/** The columns with their scales; undefined if these are not such as a Model has: by a number > 0, of numbers alone. */
function scaledColumns(
  columns: readonly ModelColumn[],
  scaling: Columns | undefined,
): ModelColumn[] | undefined {
  if (scaling === undefined) return [...columns]
  const result: ModelColumn[] = []
  let first = 0
  for (const column of columns) {
    const width = 'categories' in column ? column.categories.length : 1
    for (let k = first; k < first + width; ++k) {
      const { factor, isSame } = scaleOf(scaling, k)
      if (!(factor > 0) || !Number.isFinite(1 / factor)) return undefined
      if (!isSame && (width > 1 || ('scale' in column && column.scale !== 'none'))) return undefined
    }
    const { mean, factor, isSame } = scaleOf(scaling, first)
    if ('categories' in column && !isSame) return undefined
    result.push(
      isSame
        ? column
        : { name: column.name, kind: 'number', scale: 'standardize', mean, deviation: 1 / factor },
    )
    first += width
  }
  return result
}

function scaleOf(
  { offset, factor, shift }: Columns,
  k: number,
): { mean: number; factor: number; isSame: boolean } {
  const f = entry(factor, k)
  const s = entry(shift, k)
  const mean = s === 0 ? entry(offset, k) : entry(offset, k) - s / f
  return { mean, factor: f, isSame: mean === 0 && f === 1 }
}

/** Numbers, or labels. */
function plainOutputs(
  { layers }: LayerChain,
  { isMultilabel = false, ranges }: Said,
  targets: readonly string[] | undefined,
): ModelColumn[] {
  const { units } = layers[layers.length - 1]
  const names = targets ?? (units === 1 ? ['y'] : Array.from({ length: units }, (_, j) => `y${j}`))
  if (names.length !== units) throw rangeError('targets', `${units} names, one for each output`, names.length)
  return names.map((name, j) => {
    return isMultilabel ? { name, kind: 'label', labels: [0, 1] } : numberColumn(name, ranges?.[j])
  })
}

/** Makes the last layer a softmax over the classes, in ascending order. */
function classOutput(
  chain: LayerChain,
  classes: readonly Category[],
  targets: readonly string[] = ['class'],
): CategoryColumn {
  const { layers, notes } = chain
  if (targets.length !== 1) throw rangeError('targets', 'one name, for the classes', targets.length)
  const { activation, units, name } = layers[layers.length - 1]
  if (activation?.type === 'sigmoid' && units === 1 && classes.length === 2) chain.asPair(name)
  const top = layers[layers.length - 1]
  const { type } = top.activation ?? { type: 'linear' }
  if (type !== 'softmax') {
    const hint = type === 'linear' ? "{ output: 'softmax' } makes classes of logits" : ''
    throw rangeError(top.name, 'a softmax, for classes', type, { hint })
  }
  if (classes.length !== top.units) {
    throw rangeError('classes', `${top.units}, as ${top.name} has units`, classes.length)
  }
  const order = ascending(classes)
  if (order.some((j, i) => j !== i)) {
    const names = order.map((j) => show(classes[j])).slice(0, 20)
    notes.push(`the outputs are in the order of the classes, ascending: ${names.join(', ')}`)
  }
  layers[layers.length - 1] = reordered(top, order)
  return { name: targets[0], kind: kindOf(classes[0]), categories: order.map((j) => classes[j]) }
}

/** The numbers of some values in the order of the values. */
function ascending(values: readonly Category[]): number[] {
  return values.map((_, j) => j).sort((i, j) => (values[i] < values[j] ? -1 : 1))
}

function kindOf(category: Category): CategoryKind {
  return typeof category === 'string' ? 'text' : typeof category === 'number' ? 'number' : 'boolean'
}

/** The same with its units in another order. */
function reordered({ weights, biases, ...rest }: ForeignLayer, order: readonly number[]): ForeignLayer {
  const { inputs } = rest
  const sorted = new Float64Array(weights.length)
  for (const [to, from] of order.entries()) {
    sorted.set(weights.subarray(from * inputs, (from + 1) * inputs), to * inputs)
  }
  return { ...rest, weights: sorted, biases: Float64Array.from(order, (j) => biases[j]) }
}
