/**
 * The columns of a Model of deltaprop, beside a graph that computes the same: the metadata entry
 * `deltaprop.preprocessing`, the text that deltaprop's own files have. It says what a graph cannot: kinds of columns, the
 * names of several outputs, scales in f64. Others may have changed the graph since then, and it is the graph that
 * computes: where the two do not agree, the graph counts.
 */
import { errorDetails, rangeError } from '../../base/argument-error.js'
import { isCategorical, isLabel, type Preprocessing } from '../../model/column.js'
import { readPreprocessing } from '../../model/saved-preprocessing.js'
import { SCALED_INPUTS } from '../assemble.js'
import { converted, type Converted } from '../converted.js'
import { scalesOf } from '../exported.js'
import { columnsBy, entry, widthOf, type Columns } from '../layer-chain.js'
import { lossOf } from '../loss.js'
import type { ResolvedOptions } from '../options.js'
import type { ReadGraph } from './graph-reader.js'
import type { ModelProto } from './proto.js'

/** The key of the metadata entry. */
export const SAVED_COLUMNS = 'deltaprop.preprocessing'

/** The options that say something about columns themselves. */
const otherwise = ['output', 'columns', 'classes', 'targets'] as const

/** The Model that a file was written of; undefined if it has no such entry, or another one than its graph. */
export function savedModel(
  { metadata }: ModelProto,
  graph: ReadGraph,
  options: ResolvedOptions,
): Converted | undefined {
  const { chain, said } = graph
  const texts = metadata.flatMap(({ key, value }) => (key === SAVED_COLUMNS ? [value] : []))
  const isOther = options.fold || otherwise.some((name) => options[name] !== undefined)
  const preprocessing = isOther || texts.length === 0 ? undefined : agreed(texts, graph)
  if (preprocessing === undefined) return undefined
  chain.end(true)
  const { layers, notes, scaling } = chain
  if (scaling !== undefined) notes.push(SCALED_INPUTS)
  const { precision = said.precision, seed } = options
  const loss = lossOf(layers[layers.length - 1], undefined, preprocessing, notes)
  return converted({ layers, precision, seed, loss, preprocessing, notes })
}

function agreed(texts: readonly string[], graph: ReadGraph): Preprocessing | undefined {
  try {
    if (texts.length > 1) throw rangeError(SAVED_COLUMNS, 'one entry of this name', texts.length)
    return checked(texts[0], graph)
  } catch (error) {
    if (errorDetails(error) === undefined) throw error
    graph.chain.notes.push(`the graph counts, and not what is said beside it: ${(error as Error).message}`)
    return undefined
  }
}

/** @throws TypeError or RangeError unless it is what the graph computes, too */
function checked(text: string, graph: ReadGraph): Preprocessing {
  const { chain, inputs, label, output, said } = graph
  const { layers, scaling, scalingBehind } = chain
  const preprocessing = readPreprocessing({
    metadata: { preprocessing: text },
    inputs: layers[0].inputs,
    outputs: layers[layers.length - 1].units,
    layers: layers.map(({ activation }) => ({ activation: activation?.type })),
  })
  const [first, ...others] = preprocessing.outputs
  const isOne = others.length === 0 && !isLabel(first)
  const areCategories = preprocessing.inputs.some(isCategorical)
  const own = {
    inputs: preprocessing.inputs.map((column) => [
      column.name,
      isCategorical(column) && column.categories.map(String),
    ]),
    unknown: areCategories && preprocessing.unknown,
    output: isOne && first.name,
    classes: isCategorical(first) && first.categories.map(String),
  }
  const found = {
    inputs: inputs.columns.map(({ name, categories = false }) => [name, categories]),
    unknown: areCategories && inputs.unknown,
    output: isOne && (isCategorical(first) ? label : output),
    classes: said.classes?.map(String) ?? false,
  }
  for (const part of ['inputs', 'unknown', 'output', 'classes'] as const) {
    if (JSON.stringify(own[part]) !== JSON.stringify(found[part])) throw otherGraph(part)
  }
  const [scales, back] = [scalesOf(preprocessing.inputs), scalesOf(preprocessing.outputs)]
  const into = scales && { offset: scales.offset, factor: scales.factor.map((each) => 1 / each) }
  if (!areClose(scaling, into, 1)) throw otherGraph('scales of inputs')
  if (!areClose(scalingBehind, back && { factor: back.factor, shift: back.offset }, undefined)) {
    throw otherGraph('scales of outputs')
  }
  return preprocessing
}

function otherGraph(what: string): RangeError {
  return rangeError(SAVED_COLUMNS, `the ${what} of the graph`, 'others')
}

/**
 * Whether columns are the same, in f64 or rounded to f32; undefined ones are not scaled.
 *
 * @param unit what a shift is small beside; undefined: the factor
 */
function areClose(
  one: Columns = columnsBy({}),
  change: Partial<Columns> = {},
  unit: number | undefined,
): boolean {
  const exact = columnsBy(change)
  const [offset, factor, shift] = [exact.offset, exact.factor, exact.shift].map((each) => {
    return Float64Array.from(each, Math.fround)
  })
  return [exact, { offset, factor, shift }].some((other) => {
    return Array.from({ length: Math.max(widthOf(one), widthOf(other)) }, (_, k) => k).every((k) => {
      const [own, wanted] = [entry(one.factor, k), entry(other.factor, k)]
      const [ownShift, wantedShift] = [shiftOf(one, k), shiftOf(other, k)]
      const most = 1e-6 * (unit ?? Math.abs(wanted)) + 1e-12 * Math.abs(wantedShift)
      return Math.abs(own - wanted) <= 1e-6 * Math.abs(wanted) && Math.abs(ownShift - wantedShift) <= most
    })
  })
}

function shiftOf({ offset, factor, shift }: Columns, k: number): number {
  return entry(shift, k) - entry(offset, k) * entry(factor, k)
}
