import { rangeError } from '../base/argument-error.js'
import { showName } from '../base/check.js'
import type { Floats, Precision } from '../base/floats.js'
import { suggestion } from '../base/suggest.js'
import { showNames } from './messages.js'
import { readRowWeights } from './learn-column.js'
import { checkHas, encode, encoderOf, type Encoder } from './encoder.js'
import type { Preprocessing } from './column.js'
import type { Source, Sources } from './source.js'

/** Data as the network sees it. */
export interface Encoded {
  /** samples × the network's inputs, row-major */
  readonly x: Floats
  /** samples × the network's outputs, if the data has the targets */
  readonly y?: Floats
}

/** Data with targets, as the network sees it. */
export type EncodedPair = Required<Encoded>

/** Encoded data with targets, and the weight of each row. */
export interface WeightedPair extends EncodedPair {
  readonly weights?: Float64Array
}

/** Encodes data as numbers for the network. */
export class Coder {
  readonly #preprocessing: Preprocessing
  readonly #precision: Precision
  readonly #inputs: readonly Encoder[]
  readonly #outputs: readonly Encoder[]
  readonly #missing: 0 | undefined

  constructor(preprocessing: Preprocessing, precision: Precision) {
    const { inputs, outputs, unknown, isSparse } = preprocessing
    this.#preprocessing = preprocessing
    this.#precision = precision
    this.#inputs = inputs.map((column) => encoderOf(column, unknown))
    this.#outputs = outputs.map((column) => encoderOf(column, undefined))
    this.#missing = isSparse ? 0 : undefined
  }

  /** samples × inputs */
  x(name: string, source: Source): Floats {
    const { isSparse, unknown, inputs, outputs } = this.#preprocessing
    // A missing name stands for 0, so a misspelt one would too.
    if (isSparse && unknown === 'error') checkNames(source, [...inputs, ...outputs])
    return encode(name, source, this.#inputs, this.#missing, this.#precision)
  }

  /** samples × outputs; undefined if the data has no targets */
  y(name: string, { targets, isPairs }: Sources): Floats | undefined {
    if (targets === undefined) return undefined
    const { isSparse, outputs } = this.#preprocessing
    if (isPairs && isSparse) checkNames(targets, outputs)
    else if (!outputs.some((column) => targets.has(column.name))) return undefined
    return encode(name, targets, this.#outputs, this.#missing, this.#precision)
  }

  /** Data to evaluate on, with weights if the model has a weights column and the data contains it. */
  toTest(name: string, sources: Sources): WeightedPair {
    const { weights } = this.#preprocessing
    const hasWeights = weights !== undefined && sources.inputs.has(weights)
    return hasWeights ? this.toTrain(name, sources) : this.pair(name, sources)
  }

  /** Data to train on, with weights if the model has a weights column. */
  toTrain(name: string, sources: Sources): WeightedPair {
    const pair = this.pair(name, sources)
    const { weights } = this.#preprocessing
    if (weights === undefined) return pair
    checkHas(name, sources.inputs, weights)
    return { ...pair, weights: readRowWeights(sources.inputs, weights) }
  }

  /** Data with targets. */
  pair(name: string, sources: Sources): EncodedPair {
    const y = this.y(name, sources)
    if (y !== undefined) return { x: this.x(name, sources.inputs), y }
    const [target] = this.#preprocessing.outputs
    throw rangeError(name, `a column ${showName(target.name)}, the target`)
  }
}

/** @throws RangeError if a row has a column that is not in the list */
function checkNames(source: Source, columns: readonly { readonly name: string }[]): void {
  const known = new Set(columns.map((column) => column.name))
  let last: readonly string[] = []
  for (let row = 0; row < source.rows; ++row) {
    const names = source.names(row)
    if (names === last) continue
    last = names
    const unknown = names.find((name) => !known.has(name))
    if (unknown === undefined) continue
    const expected = showNames(Array.from(known))
    const hint = suggestion(unknown, Array.from(known))
    throw rangeError(source.place(row), `columns of ${expected}`, showName(unknown), { hint })
  }
}
