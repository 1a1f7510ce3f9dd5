import { rangeError, typeError } from '../base/argument-error.js'
import { checkInteger, checkKeys, checkName, show } from '../base/check.js'
import type { Precision } from '../base/floats.js'
import type { OtherNames } from '../base/suggest.js'
import { resolveActivation, type Activation, type ActivationOption } from '../definition/activations.js'
import { otherParts } from '../definition/other-names.js'
import type { Category } from '../model/column.js'

/** What files of other tools may not say. */
export interface ConvertOptions {
  /** of the output layer, where the file ends without one: 'softmax' for a classifier whose file has only its logits */
  readonly output?: ActivationOption
  /** the names of the inputs, in their order, for a Model */
  readonly columns?: readonly string[]
  /** the names of the classes, in the order of the outputs, for a Model */
  readonly classes?: readonly Category[]
  /** the names of the outputs, in their order, or of the one that has classes, for a Model */
  readonly targets?: readonly string[]
  /** whether scaling of the inputs is folded into the first layer, so that the network itself takes raw numbers */
  readonly fold?: boolean
  /** of the network; by default that of the file, f32 for what is smaller */
  readonly precision?: Precision
  /** of the random numbers with which training goes on; 0 by default */
  readonly seed?: number
}

export const convertNames = ['output', 'columns', 'classes', 'targets', 'fold', 'precision', 'seed'] as const

/** The same, checked. */
export interface ResolvedOptions {
  readonly output: Activation | undefined
  readonly columns: readonly string[] | undefined
  readonly classes: readonly Category[] | undefined
  readonly targets: readonly string[] | undefined
  readonly fold: boolean
  readonly precision: Precision | undefined
  readonly seed: number
}

/**
 * @param more other options that there are
 * @throws TypeError or RangeError that names the option
 */
export function resolveConvertOptions(
  options: unknown,
  more: readonly string[] = [],
  others?: OtherNames,
): { given: Record<string, unknown>; resolved: ResolvedOptions } {
  const given = checkKeys('options', options ?? {}, [...more, ...convertNames], others)
  const { output, columns, classes, targets, fold = false, precision, seed = 0 } = given
  if (typeof fold !== 'boolean') throw typeError('fold', 'true or false', show(fold))
  const resolved = {
    output: output === undefined ? undefined : resolveActivation('output', output, otherParts.activations),
    columns: columns === undefined ? undefined : distinctTexts('columns', columns),
    classes: classes === undefined ? undefined : distinctCategories('classes', classes),
    targets: targets === undefined ? undefined : distinctTexts('targets', targets),
    fold,
    precision:
      precision === undefined
        ? undefined
        : checkName('precision', precision, ['f32', 'f64'], otherParts.precisions),
    seed: checkInteger('seed', seed, { min: 0 }),
  }
  return { given, resolved }
}

/** @throws TypeError or RangeError unless it is an array of texts, each once */
export function distinctTexts(name: string, value: unknown): readonly string[] {
  const texts = distinctCategories(name, value)
  const other = texts.findIndex((text) => typeof text !== 'string')
  if (other >= 0) throw typeError(`${name}[${other}]`, 'a text', show(texts[other]))
  return texts as readonly string[]
}

/** @throws TypeError or RangeError unless they are texts, or numbers, or booleans, each once */
export function distinctCategories(name: string, value: unknown): readonly Category[] {
  if (!Array.isArray(value)) throw typeError(name, 'an array', show(value))
  const seen = new Set<unknown>()
  for (const [i, category] of value.entries()) {
    if (!['string', 'number', 'boolean'].includes(typeof category) || typeof category !== typeof value[0]) {
      throw typeError(`${name}[${i}]`, 'a text, as all others, or a number or a boolean', show(category))
    }
    if (seen.size === seen.add(category).size) throw rangeError(`${name}[${i}]`, 'each once', show(category))
  }
  return value as readonly Category[]
}
