/** What generated code says of a network, in any language. */
import { rangeError } from '../../base/argument-error.js'
import type { Precision } from '../../base/floats.js'
import { checkFinite } from '../../formats/numbers.js'
import { affineOf, isCategorical, isLabel, type ModelColumn } from '../../model/column.js'
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

/** Numbers for the inputs or the outputs, one for each. */
export interface Scales {
  readonly offset: Float64Array
  readonly factor: Float64Array
}

/** v = (x − offset)/factor for each input; undefined if they are taken as they are. */
export function inputScales({ preprocessing }: Exported): Scales | undefined {
  return preprocessing && scalesOf(preprocessing.inputs)
}

/** y = o·factor + offset for each output; undefined if they are given as they are. */
export function outputScales({ preprocessing }: Exported): Scales | undefined {
  return preprocessing && scalesOf(preprocessing.outputs)
}

function scalesOf(columns: readonly ModelColumn[]): Scales | undefined {
  const affines = columns.flatMap((column) => {
    if (isCategorical(column)) return column.categories.map(() => ({ offset: 0, factor: 1 }))
    return isLabel(column) ? [{ offset: 0, factor: 1 }] : [affineOf(column)]
  })
  if (affines.every(({ offset, factor }) => offset === 0 && factor === 1)) return undefined
  return {
    offset: Float64Array.from(affines, ({ offset }) => offset),
    factor: Float64Array.from(affines, ({ factor }) => factor),
  }
}
