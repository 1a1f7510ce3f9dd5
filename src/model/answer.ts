import { predictedClass } from '../classes.js'
import type { Floats } from '../floats.js'
import {
  affineOf,
  isCategorical,
  isLabel,
  type Category,
  type LabelColumn,
  type ModelColumn,
  type ScaledColumn,
} from './column.js'

/** What a model says of one row: the target by its name, and how probable each class is, or each of several labels. */
export interface Answer {
  readonly [target: string]: Category | Probabilities | undefined
  readonly probabilities?: Probabilities
}

/** From 0 to 1, by the name of the class, or of the label. */
export type Probabilities = Readonly<Record<string, number>>

/**
 * The answer of the network's outputs from `at` on. Names from data are its own properties, whatever they are called.
 */
export function answer(outputs: readonly ModelColumn[], o: Floats, at: number): Answer {
  const [first] = outputs
  if (isCategorical(first)) {
    const { name, categories } = first
    const probabilities = categories.map((category, i) => [category, o[at + i]])
    const predicted = categories[predictedClass(o.subarray(at, at + categories.length))]
    return Object.fromEntries([
      [name, predicted],
      ['probabilities', Object.fromEntries(probabilities) as Probabilities],
    ]) as Answer
  }
  if (isLabel(first)) {
    const labels = outputs.filter(isLabel)
    const probabilities = labels.map(({ name }, i) => [name, o[at + i]])
    return Object.fromEntries([
      ...labels.map((column, i) => [column.name, labelOf(column, o[at + i])]),
      ['probabilities', Object.fromEntries(probabilities) as Probabilities],
    ]) as Answer
  }
  return Object.fromEntries(outputs.map((column, i) => [column.name, unscale(column, o[at + i])]))
}

/** What the data says for a label that is so probable. */
function labelOf({ labels }: LabelColumn, probability: number): Category {
  return labels[predictedClass([probability])]
}

/** The number that scaling would make this of. */
export function unscale(column: ModelColumn, value: number): number {
  if (!isScaled(column)) return value
  const { offset, factor } = affineOf(column)
  return value * factor + offset
}

function isScaled(column: ModelColumn): column is ScaledColumn {
  return 'scale' in column
}
