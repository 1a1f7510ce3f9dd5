import { predictedClass } from '../classes.js'
import type { Floats } from '../floats.js'
import { affineOf, isCategorical, type Category, type ModelColumn } from './column.js'

/** What a model says of one row: the target by its name, and with classes how probable each is. */
export interface Answer {
  readonly [target: string]: Category | Probabilities | undefined
  readonly probabilities?: Probabilities
}

/** From 0 to 1, by the name of the class. */
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
  return Object.fromEntries(outputs.map((column, i) => [column.name, unscale(column, o[at + i])]))
}

/** The number that scaling would make this of. */
export function unscale(column: ModelColumn, value: number): number {
  if (isCategorical(column)) return value
  const { offset, factor } = affineOf(column)
  return value * factor + offset
}
