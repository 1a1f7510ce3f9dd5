import { showName } from '../check.js'
import { suggestion } from '../suggest.js'
import { isCategorical, type Category, type ModelColumn, type Scale, type ScaledColumn } from './column.js'
import type { Unknown } from './encoder.js'
import { kindOf, learnCategories, learnScale, readNumbers } from './learn-column.js'
import { showNames } from './messages.js'
import type { ResolvedModelOptions } from './options.js'
import type { Source, Sources } from './source.js'

/** What is between data and the network, both ways. */
export interface Preprocessing {
  readonly inputs: readonly ModelColumn[]
  /** one of categories, which are classes, or some of numbers */
  readonly outputs: readonly ModelColumn[]
  readonly unknown: Unknown
  /** the column of how often a row counts in training */
  readonly weights?: string
  /** whether what has no value is 0, as in pairs, and not an error */
  readonly isSparse: boolean
}

/** The names of the classes, if there are any; pairs have some where each has one output of 1, the others 0. */
export function classNames({ outputs, isSparse }: Preprocessing): readonly Category[] | undefined {
  const [first] = outputs
  if (isCategorical(first)) return first.categories
  if (!isSparse || first.scale !== 'none') return undefined
  return outputs.length === 1 ? [0, 1] : outputs.map((column) => column.name)
}

/** @throws TypeError or RangeError that names option, row or column */
export function learn(sources: Sources, options: ResolvedModelOptions): Preprocessing {
  return sources.isPairs ? learnPairs(sources, options) : learnRows(sources.inputs, options)
}

function learnRows(source: Source, options: ResolvedModelOptions): Preprocessing {
  const { scale = 'standardize', unknown, maxCategories } = options
  const targets = typeof options.target === 'string' ? [options.target] : options.target
  if (targets === undefined) {
    throw new TypeError('target: expected the name of a column or an array of names, got undefined')
  }
  const names = source.names(0)
  checkKnown('target', targets, names)
  const { weights } = options
  const others = weights === undefined ? targets : [...targets, weights]
  checkKnown('weights', others, names)
  const features = options.features ?? names.filter((name) => !others.includes(name))
  checkKnown('features', features, names)
  if (weights !== undefined) {
    if (targets.includes(weights))
      throw new RangeError(`weights: expected no target, got ${showName(weights)}`)
    readNumbers(source, weights)
  }
  const both = features.find((name) => others.includes(name))
  if (both !== undefined)
    throw new RangeError(`features: expected no target or weights, got ${showName(both)}`)
  if (features.length === 0) throw new RangeError('features: expected at least 1 column, got 0')
  const outputs = learnTargets(source, targets, scale, options)
  const inputs = features.map((name) =>
    kindOf(source, name) === 'number'
      ? learnScale(name, readNumbers(source, name), scale)
      : learnCategories(source, name, 'text', maxCategories),
  )
  if (options.features === undefined) checkSameColumns(source, names)
  return { inputs, outputs, unknown, isSparse: false, ...(weights === undefined ? {} : { weights }) }
}

function learnTargets(
  source: Source,
  targets: readonly string[],
  scale: Scale,
  { task, maxCategories }: ResolvedModelOptions,
): ModelColumn[] {
  const text = targets.find((name) => kindOf(source, name) === 'text')
  const isClasses = task === undefined ? text !== undefined : task === 'classification'
  if (!isClasses) {
    if (text !== undefined) {
      throw new RangeError(`target: expected numbers for a regression, got texts in column ${showName(text)}`)
    }
    return targets.map((name) => learnScale(name, readNumbers(source, name), scale))
  }
  if (targets.length > 1) throw new RangeError(`target: expected 1 column of classes, got ${targets.length}`)
  const [target] = targets
  if (target === 'probabilities') {
    throw new RangeError('target: expected another name than probabilities, which the answers have')
  }
  const kind = text === undefined ? 'number' : 'text'
  const column = learnCategories(source, target, kind, maxCategories)
  if (column.categories.length > 1) return [column]
  const only = showNames(column.categories)
  throw new RangeError(`column ${showName(target)}: expected at least 2 classes, got ${only} alone`)
}

function learnPairs(
  { inputs, targets }: Sources,
  { target, task, features, weights, scale = 'none', unknown, activation }: ResolvedModelOptions,
): Preprocessing {
  const given = Object.entries({ target, features, weights, task }).find(([, value]) => value !== undefined)
  if (given !== undefined) {
    throw new RangeError(`${given[0]}: expected none beside pairs, whose inputs and outputs have names`)
  }
  if (targets === undefined) throw new RangeError('row 1: expected an output in a pair to learn from')
  const isUnit = scale !== 'standardize' && activation.output === undefined
  return {
    inputs: learnSparse(inputs, 'input', scale),
    outputs: learnSparse(targets, 'output', scale).map((column) => {
      if (isUnit && column.scale === 'none') checkUnit(targets, column.name)
      return column
    }),
    unknown,
    isSparse: true,
  }
}

/** Columns in the order in which they appear; a row that has not got one has 0 there. */
function learnSparse(source: Source, what: string, scale: Scale): ScaledColumn[] {
  const names = new Set<string>()
  for (let row = 0; row < source.rows; ++row) for (const name of source.names(row)) names.add(name)
  if (names.size === 0) throw new RangeError(`data: expected at least 1 ${what} in the pairs, got 0`)
  return Array.from(names, (name) => learnScale(name, readNumbers(source, name, 0), scale))
}

/** @throws RangeError unless all values are outputs of a sigmoid */
function checkUnit(source: Source, name: string): void {
  const numbers = readNumbers(source, name, 0)
  const row = numbers.findIndex((value) => value < 0 || value > 1)
  if (row < 0) return
  const place = source.place(row, name)
  const remedy = 'or another scale or activation: { output }'
  throw new RangeError(
    `${place}: expected a number from 0 to 1 for a sigmoid, ${remedy}, got ${numbers[row]}`,
  )
}

/** @throws RangeError unless all are known */
function checkKnown(option: string, names: readonly string[], known: readonly string[]): void {
  const columns = new Set(known)
  const unknown = names.find((name) => !columns.has(name))
  if (unknown === undefined) return
  throw new RangeError(
    `${option}: expected columns of the data (${showNames(known)}), got ${showName(unknown)}${suggestion(unknown, known)}`,
  )
}

/** @throws RangeError if a row has a column that the first one has not, which would be ignored */
function checkSameColumns(source: Source, names: readonly string[]): void {
  const known = new Set(names)
  for (let row = 1; row < source.rows; ++row) {
    const other = source.names(row)
    if (other === names) return
    const extra = other.find((name) => !known.has(name))
    if (extra !== undefined) {
      throw new RangeError(`${source.place(row)}: expected the columns of row 1, got ${showName(extra)} too`)
    }
  }
}
