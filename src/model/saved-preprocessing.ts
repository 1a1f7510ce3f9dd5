/**
 * Saved pre-processing: the metadata entry `preprocessing` of the network's file, as JSON
 *
 *     { version, inputs: [column, …], outputs: [column, …], unknown, isSparse, weights }
 *
 * with columns as in column.ts; weights is optional. Version 1 has no boolean columns and no labels.
 */
import { rangeError, typeError } from '../base/argument-error.js'
import { checkBoolean, checkInteger, checkKeys, checkName, checkNumber, show } from '../base/check.js'
import { parseJSON } from '../base/json-text.js'
import type { Metadata } from '../base/metadata.js'
import {
  categoryKinds,
  isCategorical,
  isLabel,
  scales,
  totalWidth,
  type Category,
  type CategoryKind,
  type LabelColumn,
  type ModelColumn,
  type Preprocessing,
  type ScaledColumn,
} from './column.js'
import { answersOf } from './values.js'

const names = ['version', 'inputs', 'outputs', 'unknown', 'isSparse', 'weights']

/** The key of the metadata entry. */
export const ENTRY = 'preprocessing'

/** What pre-processing belongs to: a network, or what its file says of one. */
export interface Preprocessed {
  readonly metadata: Metadata
  readonly inputs: number
  readonly outputs: number
  /** the last is looked at; classes and labels need a certain activation, by its name */
  readonly layers: readonly { readonly activation: unknown }[]
}

/** Increment when older readers could not read the result. */
const VERSION = 2

/** The column kinds of version 1, which is still written if it suffices. */
const firstKinds: ReadonlySet<string> = new Set(['text', 'number'])

export function writePreprocessing({ inputs, outputs, unknown, isSparse, weights }: Preprocessing): string {
  const isFirst = [...inputs, ...outputs].every(({ kind }) => firstKinds.has(kind))
  return JSON.stringify({ version: isFirst ? 1 : VERSION, inputs, outputs, unknown, isSparse, weights })
}

/** @throws TypeError or RangeError that names what is wrong, including pre-processing that does not fit this network */
export function readPreprocessing(network: Preprocessed): Preprocessing {
  const text = network.metadata[ENTRY] as string | undefined
  if (text === undefined) {
    throw rangeError('metadata', `an entry ${show(ENTRY)}, which a network alone does not have`, undefined, {
      hint: 'Network reads it, in the place of Model',
    })
  }
  const given = checkKeys(ENTRY, parseJSON(ENTRY, text), names)
  if (given.version !== 1 && given.version !== VERSION) {
    throw rangeError(`${ENTRY}.version`, `1 or ${VERSION}`, show(given.version))
  }
  const kinds = given.version === 1 ? Array.from(firstKinds) : [...categoryKinds, 'label']
  const preprocessing = {
    inputs: readColumns(`${ENTRY}.inputs`, given.inputs, kinds),
    outputs: readColumns(`${ENTRY}.outputs`, given.outputs, kinds),
    unknown: checkName(`${ENTRY}.unknown`, given.unknown, ['error', 'zeros']),
    isSparse: checkBoolean(`${ENTRY}.isSparse`, given.isSparse),
    ...(given.weights === undefined ? {} : { weights: checkString(`${ENTRY}.weights`, given.weights) }),
  }
  checkWhole(preprocessing)
  checkFits(preprocessing, network)
  return preprocessing
}

function readColumns(name: string, value: unknown, kinds: readonly string[]): ModelColumn[] {
  if (!Array.isArray(value)) throw typeError(name, 'an array', show(value))
  if (value.length === 0) throw rangeError(name, 'at least 1 column', 0)
  const columns = value.map((column, i) => readColumn(`${name}[${i}]`, column, kinds))
  if (new Set(columns.map((column) => column.name)).size === columns.length) return columns
  throw rangeError(name, 'columns of different names')
}

function readColumn(path: string, value: unknown, kinds: readonly string[]): ModelColumn {
  const known = ['name', 'kind', 'scale', 'mean', 'deviation', 'min', 'max', 'categories', 'labels']
  const given = checkKeys(path, value, known)
  const name = checkString(`${path}.name`, given.name)
  const kind = checkName(`${path}.kind`, given.kind, kinds) as ModelColumn['kind']
  if (kind === 'label') {
    checkKeys(path, given, ['name', 'kind', 'labels'])
    return { name, kind, labels: readLabels(`${path}.labels`, given.labels) }
  }
  if (kind !== 'number' || given.categories !== undefined) {
    checkKeys(path, given, ['name', 'kind', 'categories'])
    return { name, kind, categories: readCategories(`${path}.categories`, given.categories, kind) }
  }
  return readScale(path, name, given)
}

function readScale(path: string, name: string, given: Record<string, unknown>): ScaledColumn {
  const kind = 'number'
  const scale = checkName(`${path}.scale`, given.scale, scales)
  switch (scale) {
    case 'standardize': {
      checkKeys(path, given, ['name', 'kind', 'scale', 'mean', 'deviation'])
      const mean = checkNumber(`${path}.mean`, given.mean)
      return {
        name,
        kind,
        scale,
        mean,
        deviation: checkNumber(`${path}.deviation`, given.deviation, { above: 0 }),
      }
    }
    case 'minMax': {
      checkKeys(path, given, ['name', 'kind', 'scale', 'min', 'max'])
      const min = checkNumber(`${path}.min`, given.min)
      const max = checkNumber(`${path}.max`, given.max, { min })
      if (Number.isFinite(max - min)) return { name, kind, scale, min, max }
      throw rangeError(path, 'a finite range', `${min} to ${max}`)
    }
    case 'none':
      checkKeys(path, given, ['name', 'kind', 'scale'])
      return { name, kind, scale }
  }
}

/** Strictly ascending, hence distinct. */
function readCategories(path: string, value: unknown, kind: CategoryKind): Category[] {
  if (!Array.isArray(value)) throw typeError(path, 'an array', show(value))
  if (value.length === 0) throw rangeError(path, 'at least 1 category', 0)
  const categories = value.map((category: unknown, i): Category => {
    switch (kind) {
      case 'number':
        return checkNumber(`${path}[${i}]`, category)
      case 'text':
        return checkString(`${path}[${i}]`, category)
      case 'boolean':
        return checkBoolean(`${path}[${i}]`, category)
    }
  })
  if (kind === 'boolean') checkInteger(`${path}.length`, value.length, { min: 2 })
  const wrong = categories.findIndex((category, i) => i > 0 && !(category > categories[i - 1]))
  if (wrong < 0) return categories
  throw rangeError(`${path}[${wrong}]`, 'categories in ascending order', show(value[wrong]))
}

/** A pair of values that a label column may have. */
function readLabels(path: string, value: unknown): LabelColumn['labels'] {
  if (!Array.isArray(value)) throw typeError(path, 'an array', show(value))
  const [no, yes] = value as unknown[]
  for (const labels of [
    [0, 1],
    [false, true],
    typeof no === 'string' ? (answersOf(no) ?? []) : [],
  ] as const) {
    if (value.length === 2 && no === labels[0] && yes === labels[1]) return labels
  }
  const expected = '0 and 1, false and true, or texts such as no and yes'
  throw rangeError(path, expected, value.slice(0, 4).map(show).join(', '))
}

function checkString(path: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw typeError(path, 'a text', show(value))
}

/** Checks that the columns are such as create makes. */
function checkWhole({ inputs, outputs, isSparse }: Preprocessing): void {
  const wrong = inputs.findIndex(
    (column) => isLabel(column) || (isCategorical(column) && (column.kind === 'number' || isSparse)),
  )
  if (wrong >= 0) throw rangeError(`${ENTRY}.inputs[${wrong}]`, 'no categories of this kind')
  const named = outputs.findIndex(
    (column) => column.name === 'probabilities' && (isCategorical(column) || isLabel(column)),
  )
  if (named >= 0) {
    throw rangeError(`${ENTRY}.outputs[${named}].name`, 'another name than probabilities')
  }
  const labels = outputs.filter(isLabel)
  if (labels.length > 0 && (labels.length < outputs.length || isSparse)) {
    throw rangeError(`${ENTRY}.outputs`, 'labels alone, and none of pairs')
  }
  const classes = outputs.find(isCategorical)
  if (classes === undefined) return
  if (outputs.length > 1 || isSparse) {
    throw rangeError(`${ENTRY}.outputs`, 'classes alone, and none of pairs')
  }
  checkInteger(`${ENTRY}.outputs[0].categories.length`, classes.categories.length, { min: 2 })
}

/** Checks that the columns have as many numbers as the network has inputs and outputs. */
function checkFits({ inputs, outputs }: Preprocessing, network: Preprocessed): void {
  for (const [side, columns, width] of [
    ['inputs', inputs, network.inputs],
    ['outputs', outputs, network.outputs],
  ] as const) {
    const own = totalWidth(columns)
    if (own !== width) {
      throw rangeError(`${ENTRY}.${side}`, `the ${width} numbers of the network`, own)
    }
  }
  const { activation } = network.layers[network.layers.length - 1]
  if (outputs.some(isLabel) && activation !== 'sigmoid') {
    throw rangeError(`${ENTRY}.outputs`, 'numbers without a sigmoid in the network', 'labels')
  }
  if (outputs.some(isCategorical) && activation !== 'softmax') {
    throw rangeError(`${ENTRY}.outputs`, 'numbers without a softmax in the network', 'classes')
  }
}
