import { rangeError } from '../base/argument-error.js'
import type { Activation } from '../definition/activations.js'

/** A layer of a file of another tool, in f64. */
export interface ForeignLayer {
  /** what the file calls it */
  readonly name: string
  readonly inputs: number
  readonly units: number
  /** units × inputs, row-major */
  readonly weights: Float64Array
  readonly biases: Float64Array
  /** undefined while nothing has come after it */
  activation: Activation | undefined
}

/** y = (v − offset)·factor + shift, column by column; a single entry counts for all columns. */
export interface Columns {
  readonly offset: ArrayLike<number>
  readonly factor: ArrayLike<number>
  readonly shift: ArrayLike<number>
}

/** Columns of which only this is not as it was. */
export function columnsBy(change: Partial<Columns>): Columns {
  return { offset: [0], factor: [1], shift: [0], ...change }
}

/** (v − mean)·γ/deviation + β; where γ or β is missing it is 1, or 0. */
export function normalized(
  mean: Float64Array,
  deviation: Float64Array,
  gamma: Float64Array | undefined,
  beta: Float64Array | undefined,
): Columns {
  return {
    offset: mean,
    factor: deviation.map((each, k) => (gamma?.[k] ?? 1) / each),
    shift: beta ?? [0],
  }
}

/** The most units of a layer that is made up, to scale outputs after their activation. */
const MAX_SCALED = 1024

/**
 * A dense network, put together in the order in which its inputs run through it. What is not a layer is folded into the
 * one before it or the one behind it, in f64.
 */
export class LayerChain {
  /** parameters that it may still have */
  #room: number
  /** numbers that may still be scaled */
  #work: number
  readonly layers: ForeignLayer[] = []
  /** what was folded, changed or lost, as sentences */
  readonly notes: string[] = []
  /** of the inputs, before the first layer */
  scaling: Columns | undefined
  /** of the last layer's outputs, behind its activation if it has one by now */
  #behind: { readonly name: string; readonly columns: Columns } | undefined

  /** @param bytes of the files: a few more parameters than they have room for may be shared, or made up */
  constructor(bytes: number) {
    this.#room = 2 * bytes + 2 ** 16
    this.#work = 16 * bytes + 2 ** 20
  }

  /** What scales the outputs of the last layer, before end() folds it into layers. */
  get scalingBehind(): Columns | undefined {
    return this.#behind?.columns
  }

  /** The numbers that come out of it so far; undefined before the first layer. */
  get width(): number | undefined {
    return this.layers.at(-1)?.units
  }

  /**
   * z = w·a + b. The arrays are the chain's from now on.
   *
   * @param weights units × inputs, row-major
   *
   * @throws RangeError unless it has as many inputs as the layer before has units
   */
  affine(name: string, inputs: number, weights: Float64Array, biases: Float64Array): void {
    this.#room -= weights.length + biases.length
    if (this.#room < 0)
      throw rangeError(
        name,
        'a layer for which a file of this size has the numbers',
        `${inputs} × ${biases.length}`,
      )
    const last = this.layers.at(-1)
    if (last !== undefined && last.units !== inputs) {
      throw rangeError(name, `${last.units} inputs, as ${last.name} has units`, inputs)
    }
    if (last !== undefined && last.activation === undefined) {
      this.#settle(last)
      last.activation = { type: 'linear', shape: 0 }
      this.notes.push(`${last.name}: nothing between it and ${name}, so it is a linear layer`)
    }
    if (
      last === undefined &&
      this.scaling !== undefined &&
      widthOf(this.scaling) !== 1 &&
      widthOf(this.scaling) !== inputs
    ) {
      throw rangeError(name, `${widthOf(this.scaling)} inputs, as are scaled before it`, inputs)
    }
    const layer = { name, inputs, units: biases.length, weights, biases, activation: undefined }
    const behind = this.#behind
    this.#behind = undefined
    if (behind !== undefined) foldIntoInputs(layer, behind.columns)
    this.layers.push(layer)
  }

  /** @throws RangeError if nothing is there that it could end, or something has already */
  activation(name: string, activation: Activation): void {
    const last = this.layers.at(-1)
    if (last === undefined) throw rangeError(name, 'a layer before the activation', activation.type)
    this.#settle(last)
    const ended = this.layers.at(-1)
    if (ended?.activation !== undefined) {
      throw rangeError(name, `one activation behind ${ended.name}`, `${activation.type} too`)
    }
    if (ended !== undefined) ended.activation = activation
  }

  /** Tells of numbers that were looked at. @throws RangeError once they are many times those of the file */
  spend(name: string, numbers: number): void {
    this.#work -= numbers
    if (this.#work < 0) throw rangeError(name, 'no more scales than a file of this size has', 'more')
  }

  /**
   * Scales every column of what came so far.
   *
   * @param note what it is, for the notes; undefined if that goes without saying
   */
  columns(name: string, columns: Columns, note?: string): void {
    const last = this.layers.at(-1)
    if (last !== undefined && widthOf(columns) !== 1 && widthOf(columns) !== last.units) {
      throw rangeError(name, `${last.units} numbers, as ${last.name} has units`, widthOf(columns))
    }
    const width = Math.max(widthOf(this.#behind?.columns ?? this.scaling ?? columns), widthOf(columns))
    this.spend(name, width)
    if (last === undefined) {
      this.scaling = composed(this.scaling, columns)
      return
    }
    this.#behind = { name, columns: composed(this.#behind?.columns, columns) }
    const into = last.activation === undefined ? `${last.name} before it` : 'what is behind it'
    if (note !== undefined) this.notes.push(`${name}: ${note}, folded into ${into}`)
  }

  /**
   * Makes two probabilities of the last layer's one, p: 1 − p and p, which are the softmax of 0 and z.
   *
   * @throws RangeError unless p = σ(z)
   */
  asPair(name: string): void {
    const last = this.layers.at(-1)
    if (last?.units !== 1 || last.activation?.type !== 'sigmoid' || this.#behind !== undefined) {
      throw rangeError(name, 'a sigmoid of one unit', last?.activation?.type)
    }
    const [weights, biases] = [last.weights, last.biases].map((row) => {
      const rows = new Float64Array(2 * row.length)
      rows.set(row, row.length)
      return rows
    })
    this.layers[this.layers.length - 1] = {
      ...last,
      units: 2,
      weights,
      biases,
      activation: { type: 'softmax', shape: 0 },
    }
    this.notes.push(`${last.name}: the sigmoid of one unit became a softmax of two, which is the same`)
  }

  /**
   * Nothing else comes.
   *
   * @param isScaled whether somebody else does what scales the last outputs
   * @throws RangeError that says what a network of deltaprop cannot be
   */
  end(isScaled = false): void {
    const last = this.layers.at(-1)
    if (last === undefined) throw rangeError({}, 'at least one dense layer', 'none')
    if (isScaled) this.#behind = undefined
    this.#settle(last)
    const top = this.layers[this.layers.length - 1]
    top.activation ??= { type: 'linear', shape: 0 }
    const softmax = this.layers.slice(0, -1).find(({ activation }) => activation?.type === 'softmax')
    if (softmax !== undefined)
      throw rangeError(softmax.name, 'a softmax behind the last layer only', 'another')
  }

  /** Puts what scales the outputs of the last layer into it, or into a layer of its own behind its activation. */
  #settle({ name, units, activation }: ForeignLayer): void {
    const behind = this.#behind
    if (behind === undefined) return
    if (activation === undefined || activation.type === 'linear') {
      foldIntoUnits(this.layers[this.layers.length - 1], behind.columns)
      this.#behind = undefined
      return
    }
    if (units > MAX_SCALED) {
      const expected = `at most ${MAX_SCALED} outputs that are scaled behind their activation`
      throw rangeError(behind.name, expected, units)
    }
    const weights = new Float64Array(units * units)
    for (let j = 0; j < units; ++j) weights[j * (units + 1)] = 1
    this.affine(behind.name, units, weights, new Float64Array(units))
    this.notes.push(`${behind.name}: what scales the outputs of ${name} became a linear layer`)
  }
}

/** How many columns they are, 1 if all are alike. */
export function widthOf({ offset, factor, shift }: Columns): number {
  return Math.max(offset.length, factor.length, shift.length)
}

/** The entry for a column. */
export function entry(values: ArrayLike<number>, column: number): number {
  return values[values.length === 1 ? 0 : column]
}

/** First the one, then the other: ((v − o₁)·f₁ + s₁ − o₂)·f₂ + s₂ = (v − o₁)·f₁·f₂ + (s₁ − o₂)·f₂ + s₂ */
export function composed(first: Columns | undefined, then: Columns): Columns {
  if (first === undefined) return then
  const length = Math.max(widthOf(first), widthOf(then))
  const [factor, shift] = [new Float64Array(length), new Float64Array(length)]
  for (let k = 0; k < length; ++k) {
    const f2 = entry(then.factor, k)
    factor[k] = entry(first.factor, k) * f2
    shift[k] = (entry(first.shift, k) - entry(then.offset, k)) * f2 + entry(then.shift, k)
  }
  return { offset: first.offset, factor, shift }
}

/** (w·a + b − offset)·factor + shift */
function foldIntoUnits({ inputs, units, weights, biases }: ForeignLayer, columns: Columns): void {
  for (let j = 0; j < units; ++j) {
    const factor = entry(columns.factor, j)
    for (let k = 0; k < inputs; ++k) weights[j * inputs + k] *= factor
    biases[j] = (biases[j] - entry(columns.offset, j)) * factor + entry(columns.shift, j)
  }
}

/** w·((a − offset)·factor + shift) + b */
export function foldIntoInputs(
  { inputs, units, weights, biases }: Omit<ForeignLayer, 'activation'>,
  columns: Columns,
): void {
  for (let j = 0; j < units; ++j) {
    for (let k = 0; k < inputs; ++k) {
      const at = j * inputs + k
      biases[j] += weights[at] * entry(columns.shift, k)
      weights[at] *= entry(columns.factor, k)
      biases[j] -= weights[at] * entry(columns.offset, k)
    }
  }
}
