import { rangeError } from '../base/argument-error.js'
import { predictedClass } from '../base/classes.js'
import { showName } from '../base/check.js'
import { allFinite, type Floats } from '../base/floats.js'
import type { Network } from '../index.js'
import {
  affineOf,
  isCategorical,
  isLabel,
  type Category,
  type LabelColumn,
  type ModelColumn,
  type ScaledColumn,
} from './column.js'
import { showNames } from './messages.js'
import type { Source } from './source.js'

/** A model's prediction for one row: the targets by name, and the probability of each class or label. */
export interface Answer {
  readonly [target: string]: Category | Probabilities | undefined
  readonly probabilities?: Probabilities
}

/** Probabilities from 0 to 1, by class or label name. */
export type Probabilities = Readonly<Record<string, number>>

/**
 * Decodes the network outputs starting at `at`. Names from the data become own properties of the answer, whatever they
 * are.
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

/**
 * Rejects outputs that are not finite: a NaN predicts nothing, and no class is the most probable among NaNs.
 *
 * @param o samples × outputs of the network
 * @throws RangeError that names row and output, unless all are finite, in the units of the targets too
 */
export function checkAnswers(
  outputs: readonly ModelColumn[],
  o: Floats,
  { place }: Pick<Source, 'place'>,
  network: Network,
): void {
  if (isCategorical(outputs[0]) && allFinite(o)) return
  const names = outputs.flatMap((column) => {
    if (isCategorical(column)) return column.categories.map((name) => `probability of ${showNames([name])}`)
    return `${isLabel(column) ? 'probability of' : 'number for'} ${showName(column.name)}`
  })
  const units = (value: number, i: number): number =>
    isCategorical(outputs[0]) ? value : unscale(outputs[i % outputs.length], value)
  const wrong = o.findIndex((value, i) => !Number.isFinite(units(value, i)))
  if (wrong < 0) return
  const row = Math.floor(wrong / names.length)
  const isSound = network.layers.every(({ weights, biases }) => allFinite(weights) && allFinite(biases))
  const reason = isSound
    ? 'its numbers, or the weights, are so large that sums of them overflow'
    : 'the network has weights that are not finite'
  const got = units(o[wrong], wrong)
  throw rangeError(place(row), `a finite ${names[wrong % names.length]}`, got, { hint: reason })
}

/** The value the data uses for a label of this probability. */
function labelOf({ labels }: LabelColumn, probability: number): Category {
  return labels[predictedClass([probability])]
}

/** Inverts the scaling: the number that scales to `value`. */
export function unscale(column: ModelColumn, value: number): number {
  if (!isScaled(column)) return value
  const { offset, factor } = affineOf(column)
  return value * factor + offset
}

function isScaled(column: ModelColumn): column is ScaledColumn {
  return 'scale' in column
}
