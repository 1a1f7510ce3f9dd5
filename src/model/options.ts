import { rangeError, typeError } from '../base/argument-error.js'
import { checkLayerCount } from '../definition/architecture.js'
import { checkInteger, checkKeys, checkName, show, showName } from '../base/check.js'
import { otherNetworkOptions } from '../definition/other-names.js'
import { shortNames, type ShortOptions } from '../definition/spec.js'
import type { OtherNames } from '../base/suggest.js'
import {
  isCategorical,
  isLabel,
  scales,
  type Category,
  type Preprocessing,
  type Scale,
  type Unknown,
} from './column.js'

/** Options of a model, in addition to those of its network. */
export interface ModelOptions extends ShortOptions {
  /** the column to predict, or several columns of numbers or labels; pairs have outputs instead */
  readonly target?: string | readonly string[]
  /**
   * 'classification' unless given for a target of texts or booleans; 'regression' for numbers, which can be classes on
   * request. 'multilabel' for columns of 0 and 1, or true and false, where a row may have several labels
   */
  readonly task?: Task
  /** all classes, including those absent from this data; the classes of the data unless given */
  readonly classes?: readonly Category[]
  /** columns of categories, whatever their values look like: numbers and dates are treated as texts */
  readonly texts?: readonly string[]
  /** the columns to predict from; all others unless given */
  readonly features?: readonly string[]
  /**
   * a column with the weight of each row, used in training and, if the data has it, in validation and evaluate; never a
   * feature
   */
  readonly weights?: string
  /**
   * for numbers, inputs and targets alike; 'standardize' unless given. For pairs 'none' unless given, except that
   * inputs with values beyond −1 … 1 are standardised
   */
  readonly scale?: Scale
  /**
   * how to treat a text that did not occur in training, and an unknown input of pairs: 'error' unless given; 'zeros'
   * encodes such a text as no category, and ignores such an input
   */
  readonly unknown?: Unknown
  /** the most categories a text column may have, and the most classes; 1000 unless given */
  readonly maxCategories?: number
  /** units of the hidden layers; [16] unless given */
  readonly hidden?: readonly number[]
  /**
   * of the hidden layers; or of both these and the output, which unless given is 'softmax' for classes, 'sigmoid' for
   * labels, 'linear' for numbers, and 'sigmoid' for pairs unless `scale` standardises them
   */
  readonly activation?: NonNullable<ShortOptions['activation']>
}

/** Names that other libraries use for these options; see OtherNames. */
const otherModelOptions: OtherNames = {
  'hiddenlayers hiddenlayersizes layers units neurons sizes': 'hidden',
  'label y class output outputs': 'target',
  'x inputs': 'features',
  'normalize scaler standardize': 'scale',
  sampleweight: 'weights',
  ignore: 'features has the columns to predict from',
  'missing missingvalues kinds columns': 'it belongs to what reads the file, such as readCsv',
  'validation earlystopping schedule l2 classweights threads checkpoint progress': 'it belongs to fit',
  ...otherNetworkOptions,
}

export const tasks = ['classification', 'regression', 'multilabel'] as const

/** The task: classes, numbers, or labels, of which a row may have several. */
export type Task = (typeof tasks)[number]

/** Checked options; the network checks its own. */
export interface ResolvedModelOptions {
  readonly target: string | readonly string[] | undefined
  readonly task: Task | undefined
  readonly classes: readonly unknown[] | undefined
  /** empty unless given */
  readonly texts: ReadonlySet<string>
  readonly features: readonly string[] | undefined
  readonly weights: string | undefined
  readonly scale: Scale | undefined
  readonly unknown: Unknown
  readonly maxCategories: number
  readonly hidden: readonly number[]
  readonly activation: { readonly hidden: unknown; readonly output: unknown }
  /** the remaining options, for the network */
  readonly network: ShortOptions
}

const own = [
  'target',
  'task',
  'classes',
  'texts',
  'features',
  'weights',
  'scale',
  'unknown',
  'maxCategories',
  'hidden',
]

/** The options of a model, with those of its network. */
export const modelOptionNames: readonly string[] = [...own, ...shortNames]

/** @throws TypeError or RangeError that names the option */
export function resolveModelOptions(options: unknown): ResolvedModelOptions {
  const given = checkKeys('options', options, modelOptionNames, otherModelOptions)
  const { target, task, classes, texts, features, weights, scale, unknown = 'error', ...others } = given
  const { maxCategories = 1000, hidden = [16], activation, ...network } = others
  return {
    target: typeof target === 'string' || target === undefined ? target : checkColumnList('target', target),
    task: task === undefined ? undefined : checkName('task', task, tasks),
    classes: classes === undefined ? undefined : checkClasses(classes, task),
    texts: new Set(texts === undefined ? [] : checkColumnList('texts', texts)),
    features: features === undefined ? undefined : checkColumnList('features', features),
    weights: weights === undefined ? undefined : checkColumnName('weights', weights),
    scale: scale === undefined ? undefined : checkName('scale', scale, scales),
    unknown: checkName('unknown', unknown, ['error', 'zeros']),
    maxCategories: checkInteger('maxCategories', maxCategories, { min: 1 }),
    hidden: checkHidden(hidden),
    activation: hiddenAndOutput(activation),
    network,
  }
}

/**
 * The network's options, with the output activation that the task needs.
 *
 * @throws RangeError for classes or labels whose outputs would not be probabilities
 */
export function networkOptions(
  { network, activation, scale }: ResolvedModelOptions,
  { outputs, isSparse }: Preprocessing,
): ShortOptions {
  const isClasses = outputs.some(isCategorical)
  const isLabels = outputs.some(isLabel)
  const isUnit = isLabels || (isSparse && scale !== 'standardize')
  const usual = isClasses ? 'softmax' : isUnit ? 'sigmoid' : 'linear'
  const { hidden, output = usual } = activation
  if (isClasses && output !== 'softmax') {
    throw rangeError('activation.output', '"softmax" for classes', show(output))
  }
  if (isLabels && output !== 'sigmoid') {
    throw rangeError('activation.output', '"sigmoid" for labels', show(output))
  }
  // The network checks the names of activations.
  const loss = isLabels ? { loss: 'binaryCrossEntropy' as const } : {}
  return { ...loss, ...network, activation: { hidden, output } as NonNullable<ShortOptions['activation']> }
}

/** A single activation is for the hidden layers; the task determines the output's. */
function hiddenAndOutput(activation: unknown): { hidden: unknown; output: unknown } {
  if (typeof activation !== 'object' || activation === null || 'type' in activation) {
    return { hidden: activation, output: undefined }
  }
  const { hidden, output } = checkKeys('activation', activation, ['hidden', 'output'])
  return { hidden, output }
}

function checkClasses(classes: unknown, task: unknown): readonly unknown[] {
  if (!Array.isArray(classes)) throw typeError('classes', 'an array', show(classes))
  if (task !== undefined && task !== 'classification') {
    throw rangeError('classes', `none with task ${show(task)}`)
  }
  if (classes.length < 2) throw rangeError('classes', 'at least 2', classes.length)
  const known = new Set()
  const twice = classes.findIndex((each) => known.size === known.add(each).size)
  if (twice < 0) return classes
  throw rangeError(`classes[${twice}]`, 'another class', `${show(classes[twice])} twice`)
}

function checkColumnList(name: string, texts: unknown): readonly string[] {
  if (!Array.isArray(texts)) {
    const expected = name === 'target' ? 'the name of a column or an array of names' : 'an array of names'
    throw typeError(name, expected, show(texts))
  }
  if (texts.length === 0) throw rangeError(name, 'at least 1 column', 0)
  const seen = new Set<string>()
  for (const [i, given] of texts.entries()) {
    const text = checkColumnName(`${name}[${i}]`, given)
    if (seen.has(text)) throw rangeError(name, 'different columns', `${showName(text)} twice`)
    seen.add(text)
  }
  return Array.from(seen)
}

function checkColumnName(name: string, text: unknown): string {
  if (typeof text === 'string') return text
  throw typeError(name, 'the name of a column', show(text))
}

function checkHidden(hidden: unknown): readonly number[] {
  if (!Array.isArray(hidden))
    throw typeError('hidden', 'an array of units', show(hidden), { hint: '[16] is one layer' })
  checkLayerCount('hidden', hidden.length, 'layers', -1)
  return hidden.map((units: unknown, l) => checkInteger(`hidden[${l}]`, units, { min: 1, max: 2 ** 31 }))
}
