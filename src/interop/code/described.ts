/** What generated code says of a network, in any language. */
import { rangeError, typeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import type { Precision } from '../../base/floats.js'
import { checkFinite } from '../../formats/numbers.js'
import { isCategorical, type ModelColumn } from '../../model/column.js'
import { inPrecision, type Exported } from '../exported.js'

const MAX_PARAMETERS = 100_000

/** @throws RangeError for more than 100,000 parameters, or one that is not finite in that precision */
export function checkWritable(name: string, { layers }: Exported, precision: Precision): void {
  const count = layers.reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0)
  if (count > MAX_PARAMETERS) throw rangeError(name, `at most ${MAX_PARAMETERS} parameters`, count)
  for (const [l, { inputs, weights, biases }] of layers.entries()) {
    checkFinite(`layers[${l}].weights`, inPrecision(weights, precision), inputs)
    checkFinite(`layers[${l}].biases`, inPrecision(biases, precision))
  }
}

/** Lines that say what the inputs and outputs are; none for a network without names. */
export function describeColumns({ preprocessing }: Exported): string[] {
  if (preprocessing === undefined) return []
  const { inputs, outputs } = preprocessing
  return [`x: ${numbersOf(inputs).join(', ')}`, `o: ${numbersOf(outputs).join(', ')}`]
}

/** What each number is. */
function numbersOf(columns: readonly ModelColumn[]): string[] {
  return columns.flatMap((column) => {
    const name = plain(column.name)
    return isCategorical(column)
      ? column.categories.map((each) => `${name} = ${plain(String(each))}`)
      : [name]
  })
}

/** A text that ends no comment and no line. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:+%()°_-]/gu, '?')
}

/**
 * The name of a function.
 *
 * @param words of the language, which are no names
 * @throws TypeError or RangeError unless it is one
 */
export function checkIdentifier(name: unknown, language: string, pattern: RegExp, words: RegExp): string {
  if (typeof name !== 'string') throw typeError('name', `a name in ${language}`, show(name))
  if (name.length < 64 && pattern.test(name) && !words.test(name)) return name
  throw rangeError('name', `a name in ${language}: letters, digits and _, and no word of it`, show(name))
}
