/**
 * What ml5 writes beside a model: model_meta.json, with the names of the inputs and the outputs, the ranges from which
 * numbers are scaled to 0 … 1, and legends, which give each text its numbers.
 */
import { rangeError, typeError } from '../../base/argument-error.js'
import { checkNumber, checkObject, show } from '../../base/check.js'
import type { Range, Said } from '../assemble.js'
import { composed, foldIntoInputs, type LayerChain } from '../layer-chain.js'

/** A column of the data, as ml5 encodes it. */
interface Ml5Column {
  readonly name: string
  /** the texts in the order of their ones; undefined for a number */
  readonly categories?: readonly string[]
  /** undefined if it is not scaled */
  readonly range?: Range | undefined
}

/**
 * What the columns of ml5 are for a Model. Puts the inputs of texts in ascending order, as a Model has them.
 *
 * @param isFolded whether the scales of the inputs become part of the network
 * @throws TypeError or RangeError that names the column
 */
export function ml5Said(meta: unknown, chain: LayerChain, isFolded: boolean): Omit<Said, 'precision'> {
  const {
    inputs: givenInputs,
    outputs: givenOutputs,
    isNormalized,
  } = checkObject('meta', meta, {
    '': 'JSON.parse makes it of model_meta.json',
  })
  const inputs = columnsOf('meta.inputs', givenInputs, isNormalized === true)
  const outputs = columnsOf('meta.outputs', givenOutputs, isNormalized === true)
  const width = widthOf(inputs)
  if (chain.layers.length === 0) return {}
  const [first] = chain.layers
  if (width !== first.inputs) {
    throw rangeError('meta.inputs', `${first.inputs} numbers, the inputs of ${first.name}`, width)
  }
  if (isFolded) scaleInputs(inputs, width, chain)
  sortTexts(inputs, chain)
  const scaled = [...(isFolded ? [] : inputs), ...outputs].some(({ range }) => range !== undefined)
  if (scaled)
    chain.notes.push('a Model scales the numbers of ml5 by their ranges; the network has them from 0 to 1')
  return {
    inputs: inputs.map(({ name, categories, range }) => {
      if (categories !== undefined) return { name, categories: [...categories].sort() }
      return isFolded ? { name } : { name, range }
    }),
    ...outputsSaid(outputs),
  }
}

function columnsOf(path: string, value: unknown, isNormalized: boolean): readonly Ml5Column[] {
  const columns = Object.entries(checkObject(path, value))
  if (columns.length === 0) throw rangeError(path, 'at least one column', 'none')
  return columns.map(([name, column]) => columnOf(`${path}[${show(name)}]`, name, column, isNormalized))
}

function columnOf(path: string, name: string, value: unknown, isNormalized: boolean): Ml5Column {
  const { dtype, min, max, legend } = checkObject(path, value)
  if (dtype === 'string') return { name, categories: textsOf(`${path}.legend`, legend) }
  if (dtype !== 'number') throw rangeError(`${path}.dtype`, '"number" or "string"', show(dtype))
  if (!isNormalized) return { name }
  const least = checkNumber(`${path}.min`, min)
  const most = checkNumber(`${path}.max`, max, { min: least })
  if (!Number.isFinite(most - least)) throw rangeError(path, 'a finite range', `${least} to ${most}`)
  return { name, range: [least, most] }
}

/** The texts of a legend, `{ red: [1, 0], blue: [0, 1] }`, in the order of their ones. */
function textsOf(path: string, value: unknown): readonly string[] {
  const entries = Object.entries(checkObject(path, value))
  const texts = new Map<number, string>()
  for (const [text, row] of entries) {
    if (!Array.isArray(row))
      throw typeError(`${path}[${show(text)}]`, 'an array of zeros and a one', show(row))
    const isOneHot = row.length === entries.length && row.filter((each) => each !== 0).length === 1
    const at = row.indexOf(1)
    if (!isOneHot || at < 0 || texts.has(at)) {
      throw rangeError(
        `${path}[${show(text)}]`,
        `${entries.length} numbers, of which one of its own is 1`,
        'others',
      )
    }
    texts.set(at, text)
  }
  return entries.map((_, j) => texts.get(j) ?? '')
}

function outputsSaid(outputs: readonly Ml5Column[]): Omit<Said, 'precision'> {
  const targets = outputs.map(({ name }) => name)
  const [{ categories: classes }] = outputs
  if (outputs.every(({ categories }) => categories === undefined)) {
    return { targets, ranges: outputs.map(({ range }) => range) }
  }
  if (classes === undefined || outputs.length > 1) {
    throw rangeError('meta.outputs', 'numbers alone, or one column of texts, the classes', 'others')
  }
  return { targets, classes }
}

function widthOf(columns: readonly Ml5Column[]): number {
  return columns.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0)
}

function scaleInputs(inputs: readonly Ml5Column[], width: number, chain: LayerChain): void {
  if (inputs.every(({ range }) => range === undefined)) return
  const [offset, factor] = [new Float64Array(width), new Float64Array(width).fill(1)]
  let k = 0
  for (const { categories, range } of inputs) {
    if (range !== undefined) {
      const [min, max] = range
      offset[k] = min
      if (max > min) factor[k] = 1 / (max - min)
    }
    k += categories?.length ?? 1
  }
  const own = { offset, factor, shift: [0] }
  chain.scaling = chain.scaling === undefined ? own : composed(own, chain.scaling)
}

/** Ascending by UTF-16 code units: the first layer's weights for the texts are put in their order. */
function sortTexts(inputs: readonly Ml5Column[], chain: LayerChain): void {
  const [first] = chain.layers
  const order: number[] = []
  for (const { categories = [''] } of inputs) {
    const { length: start } = order
    const sorted = categories.map((_, j) => j).sort((i, j) => (categories[i] < categories[j] ? -1 : 1))
    order.push(...sorted.map((j) => start + j))
  }
  if (order.every((from, to) => from === to)) return
  if (chain.scaling !== undefined) {
    foldIntoInputs(first, chain.scaling)
    chain.scaling = undefined
    chain.notes.push(`the scaling of the inputs is folded into ${first.name}`)
  }
  for (let start = 0; start < first.weights.length; start += first.inputs) {
    const row = first.weights.slice(start, start + first.inputs)
    for (const [to, from] of order.entries()) first.weights[start + to] = row[from]
  }
}
