import { placeText, rangeError } from '../base/argument-error.js'
import { showName } from '../base/check.js'
import {
  isCategorical,
  isLabel,
  type Category,
  type ModelColumn,
  type Preprocessing,
  type Scale,
  type ScaledColumn,
} from './column.js'
import { learnCategories, learnScale, readNumberColumn, readRowWeights } from './learn-column.js'
import { inferKind } from './infer-kind.js'
import { checkKnown, learnTargets, readTargets } from './learn-target.js'
import { showNames } from './messages.js'
import type { ResolvedModelOptions } from './options.js'
import type { Source, Sources } from './source.js'

/** The names of the classes, if any. Pairs have classes if each row has one output of 1 and the others 0. */
export function classNames({ outputs, isSparse }: Preprocessing): readonly Category[] | undefined {
  const [first] = outputs
  if (isCategorical(first)) return first.categories
  if (isLabel(first) || !isSparse || first.scale !== 'none') return undefined
  return outputs.length === 1 ? [0, 1] : outputs.map((column) => column.name)
}

/** Pre-processing, with notes on decisions the caller may not expect, as readable text. */
export interface Learnt extends Preprocessing {
  readonly notes: readonly string[]
}

/** @throws TypeError or RangeError that names option, row or column */
export function learn(sources: Sources, options: ResolvedModelOptions): Learnt {
  return sources.isPairs ? learnPairs(sources, options) : learnRows(sources.inputs, options)
}

function learnRows(source: Source, options: ResolvedModelOptions): Learnt {
  const { scale = 'standardize', unknown, maxCategories, texts } = options
  const names = source.names(0)
  const targets = readTargets(source, options)
  checkKnown('texts', texts, names)
  const { weights } = options
  const others = new Set(targets)
  if (weights !== undefined) {
    if (others.has(weights)) throw rangeError('weights', 'no target', showName(weights))
    if (texts.has(weights)) throw rangeError('texts', 'no weights', showName(weights))
    checkKnown('weights', [weights], names)
    others.add(weights)
  }
  const features = options.features ?? names.filter((name) => !others.has(name))
  checkKnown('features', features, names)
  if (weights !== undefined) readRowWeights(source, weights)
  const both = features.find((name) => others.has(name))
  if (both !== undefined) throw rangeError('features', 'no target or weights', showName(both))
  if (features.length === 0) throw rangeError('features', 'at least 1 column', 0)
  const outputs = learnTargets(source, targets, scale, options)
  const inputs = features.map((name): ModelColumn => {
    const kind = inferKind(source, name, texts)
    if (kind === 'number') return learnScale(name, readNumberColumn(source, name), scale)
    const column = learnCategories(source, name, kind, maxCategories)
    return kind === 'boolean' ? { ...column, categories: [false, true] } : column
  })
  if (options.features === undefined) checkSameColumns(source, names)
  const weighted = weights === undefined ? {} : { weights }
  return { inputs, outputs, unknown, isSparse: false, ...weighted, notes: [] }
}

function learnPairs(
  { inputs, targets }: Sources,
  { target, task, features, weights, classes, texts, scale, unknown, activation }: ResolvedModelOptions,
): Learnt {
  const excluded = { target, features, weights, task, classes, texts: texts.size > 0 ? texts : undefined }
  const given = Object.entries(excluded).find(([, value]) => value !== undefined)
  if (given !== undefined) {
    throw rangeError(given[0], 'none beside pairs, whose inputs and outputs have names')
  }
  if (targets === undefined) {
    throw rangeError(inputs.place(0), 'an output in a pair to learn from')
  }
  const isUnit = scale !== 'standardize' && activation.output === undefined
  const columns = learnSparse(inputs, 'input', (numbers) => scale ?? usualScale(numbers))
  return {
    inputs: columns,
    outputs: learnSparse(targets, 'output', () => scale ?? 'none').map((column) => {
      if (isUnit && column.scale === 'none') checkUnit(targets, column.name)
      return column
    }),
    unknown,
    isSparse: true,
    notes: scale === undefined ? scalingNotes(columns) : [],
  }
}

/** The inputs of pairs are left as they are if within −1 to 1; a network would learn little from larger values. */
function usualScale(numbers: Float64Array): Scale {
  return numbers.some((value) => value < -1 || value > 1) ? 'standardize' : 'none'
}

function scalingNotes(columns: readonly ScaledColumn[]): string[] {
  const scaled = columns.filter(({ scale }) => scale !== 'none').map(({ name }) => name)
  if (scaled.length === 0) return []
  const what = scaled.length === 1 ? 'input' : 'inputs'
  return [
    `${what} ${showNames(scaled)}: values beyond −1 … 1 are standardised; scale: 'none' leaves them as they are`,
  ]
}

/** Columns in order of first appearance; a column missing from a row is 0 there. */
function learnSparse(
  source: Source,
  what: string,
  scaleOf: (numbers: Float64Array) => Scale,
): ScaledColumn[] {
  const names = new Set<string>()
  for (let row = 0; row < source.rows; ++row) for (const name of source.names(row)) names.add(name)
  if (names.size === 0) throw rangeError('data', `at least 1 ${what} in the pairs`, 0)
  return Array.from(names, (name) => {
    const numbers = readNumberColumn(source, name, 0)
    return learnScale(name, numbers, scaleOf(numbers))
  })
}

/** @throws RangeError unless a sigmoid can output all values */
function checkUnit(source: Source, name: string): void {
  const numbers = readNumberColumn(source, name, 0)
  const row = numbers.findIndex((value) => value < 0 || value > 1)
  if (row < 0) return
  const place = source.place(row, name)
  const remedy = 'or another scale or activation: { output }'
  throw rangeError(place, `a number from 0 to 1 for a sigmoid, ${remedy}`, numbers[row])
}

/** @throws RangeError if a row has a column that the first row lacks, since it would be ignored */
function checkSameColumns(source: Source, names: readonly string[]): void {
  const known = new Set(names)
  for (let row = 1; row < source.rows; ++row) {
    const other = source.names(row)
    if (other === names) return
    const extra = other.find((name) => !known.has(name))
    if (extra !== undefined) {
      throw rangeError(
        source.place(row),
        `the columns of ${placeText(source.place(0))}`,
        `${showName(extra)} too`,
      )
    }
  }
}
