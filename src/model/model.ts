/// <reference lib="esnext.disposable" preserve="true" />
import { typeError } from '../base/argument-error.js'
import { isTable } from '../data/table.js'
import { addSymbols, Uncloneable } from '../base/well-known-symbols.js'
import { Network, type History, type NetworkJSON, type ReadOptions } from '../index.js'
import { answer, checkAnswers, type Answer } from './answer.js'
import { encodeBatches, isBatches, type Batches } from './batches.js'
import { Coder, type Encoded } from './coder.js'
import { isCategorical, isLabel, totalWidth, type ModelColumn } from './column.js'
import { evaluateModel, type ModelEvaluation } from './evaluation.js'
import { networkFitOptions, type ModelFitOptions } from './fit-options.js'
import { showNames } from './messages.js'
import { networkOptions, resolveModelOptions, type ModelOptions } from './options.js'
import { learn } from './preprocessing.js'
import type { Preprocessing } from './column.js'
import { readPreprocessing, writePreprocessing } from './saved.js'
import { readData, readRow, type Data } from './source.js'

/**
 * A network with the pre-processing that its data needs: values by name go in, answers by name come out, and both are saved in
 * one file. Numbers are scaled, texts, and true and false, are one-hot; a target of those, or of numbers on request, is classes, behind
 * a softmax.
 *
 * Data is a table of deltaprop/data, or an array of rows, objects with numbers, texts, true and false by the names of their columns; or
 * an array of pairs `{ input, output }` of objects with numbers, in which what is missing is 0. Columns that the model does not know
 * are ignored, except with pairs. Rows count from 1 in errors, in batches from the first of them; those of a table as in its file.
 *
 * There is no clone of one: structuredClone, postMessage and IndexedDB refuse it with a DataCloneError. What toBytes returns can be sent,
 * `worker.postMessage(bytes, [bytes.buffer])`, and Model.fromBytes makes one of it on the other side.
 *
 * @example
 * import { Model } from 'deltaprop/model'
 * const rows = [{ size: 1, colour: 'red', kind: 'apple' }, { size: 2, colour: 'green', kind: 'melon' }]
 * const model = Model.create(rows, { target: 'kind', hidden: [4], seed: 1 })
 * await model.fit(rows, { epochs: 200 })
 * model.predict({ size: 2, colour: 'green' }).kind // melon
 */
export class Model extends Uncloneable {
  /** What learns. Whoever writes its metadata keeps the entry `preprocessing`. */
  readonly network: Network
  /** dispose, where the engine has this symbol */
  declare readonly [Symbol.dispose]: () => void
  readonly #preprocessing: Preprocessing
  readonly #coder: Coder
  readonly #notes: readonly string[]

  private constructor(network: Network, preprocessing: Preprocessing, notes: readonly string[] = []) {
    super()
    // Private to TypeScript alone.
    if (!(network instanceof Network))
      throw typeError('Model', 'Model.create, fromBytes or fromJSON in the place of new')
    this.network = network
    this.#notes = notes
    addSymbols(this, 'Model (send toBytes(), fromBytes reads it)')
    this.#preprocessing = preprocessing
    const { weights } = network.layers[0]
    this.#coder = new Coder(preprocessing, weights instanceof Float64Array ? 'f64' : 'f32')
  }

  /**
   * A model that has learnt the scales and categories of this data, and nothing else yet. Of more data than there is memory for, that
   * is a part which has all categories.
   *
   * @throws TypeError or RangeError that names option, or row and column
   * @example
   * import { Model } from 'deltaprop/model'
   * const colours = [{ input: { red: 0.2, green: 0.9 }, output: { light: 1 } }, { input: { red: 0.1 }, output: { light: 0 } }]
   * Model.create(colours, { hidden: [3] }).predict({ red: 1 }) // { light: … }
   */
  static create(data: Data, options: ModelOptions = {}): Model {
    const resolved = resolveModelOptions(options)
    const preprocessing = learn(readData('data', data), resolved)
    const { inputs, outputs } = preprocessing
    const network = new Network(
      [totalWidth(inputs), ...resolved.hidden, totalWidth(outputs)],
      networkOptions(resolved, preprocessing),
    )
    network.metadata = { preprocessing: writePreprocessing(preprocessing) }
    return new Model(network, preprocessing, preprocessing.notes)
  }

  /** What each column that goes in becomes, in the order of the network's inputs. */
  get inputs(): readonly ModelColumn[] {
    return this.#preprocessing.inputs
  }

  /** What each column that comes out is made of: one of categories, the classes; or some of labels; or some of numbers. */
  get outputs(): readonly ModelColumn[] {
    return this.#preprocessing.outputs
  }

  /**
   * What create decided that its caller may not expect, in words for people, such as inputs of pairs that are scaled; none for a model
   * from a file.
   */
  get notes(): readonly string[] {
    return this.#notes
  }

  /**
   * Network.fit on data with names, or on batches of it: an iterable of tables or arrays, or a function that gives one for each epoch.
   *
   * @throws as Network.fit; TypeError or RangeError that names row and column
   * @example
   * import { Model } from 'deltaprop/model'
   * const rows = [{ x: 1, y: 3 }, { x: 2, y: 5 }, { x: 3, y: 7 }]
   * const model = Model.create(rows, { target: 'y', hidden: [], seed: 1 })
   * await model.fit(rows, { epochs: 1000 })
   * model.predict({ x: 4 }).y // close to 9
   */
  async fit(data: Data | Batches, options: ModelFitOptions = {}): Promise<History> {
    const resolved = networkFitOptions(options, this.#preprocessing, this.#coder)
    const samples = isBatches(data)
      ? encodeBatches(this.#coder, data)
      : this.#coder.weighted('data', readData('data', data))
    return this.network.fit(samples, resolved)
  }

  /**
   * What the model says: of classes the most probable, with the probabilities of all; of numbers theirs, in their own units.
   *
   * @param data of many rows, or one row, targets or not
   * @throws TypeError or RangeError that names row and column; RangeError that names row and output, if an answer is not a finite number
   * @example
   * import { Model } from 'deltaprop/model'
   * const rows = [{ size: 1, kind: 'apple' }, { size: 5, kind: 'melon' }]
   * const model = Model.create(rows, { target: 'kind' })
   * model.predict({ size: 4 }) // { kind: 'melon', probabilities: { apple: …, melon: … } }
   * model.predict(rows).length // 2
   */
  predict(data: Data): Answer[]
  predict(row: object): Answer
  predict(data: Data | object): Answer | Answer[] {
    const isRow = !Array.isArray(data) && !isTable(data)
    const source = isRow ? readRow(data) : readData('data', data).inputs
    const { outputs } = this.#preprocessing
    const o = this.network.predict(this.#coder.x('data', source))
    checkAnswers(outputs, o, source, this.network)
    if (isRow) return answer(outputs, o, 0)
    const width = this.network.outputs
    return Array.from({ length: source.rows }, (_, row) => answer(outputs, o, row * width))
  }

  /**
   * What the model is worth on data with targets: Network.evaluate, with the names of the classes, labels or targets; a regression in
   * the targets' own units, but for the loss. Rows count by the model's column of weights, where the data has it.
   *
   * @throws as predict
   * @example
   * import { Model } from 'deltaprop/model'
   * const rows = [{ size: 1, kind: 'apple' }, { size: 5, kind: 'melon' }]
   * const result = Model.create(rows, { target: 'kind' }).evaluate(rows)
   * if (result.kind === 'classification') console.log(result.classes, result.accuracy) // ['apple', 'melon'] …
   */
  evaluate(data: Data): ModelEvaluation {
    const sources = readData('data', data)
    const pair = this.#coder.judging('data', sources)
    return evaluateModel(this.network, this.#preprocessing, pair, sources)
  }

  /**
   * What the network sees of data: x, samples × its inputs, and y, samples × its outputs, if the data has the targets; copies.
   *
   * @throws TypeError or RangeError that names row and column
   * @example
   * import { Model } from 'deltaprop/model'
   * const rows = [{ size: 1, kind: 'apple' }, { size: 5, kind: 'melon' }]
   * Model.create(rows, { target: 'kind' }).encode(rows) // { x: [-1, 1], y: [1, 0, 0, 1] }
   */
  encode(data: Data): Encoded {
    const sources = readData('data', data)
    const x = this.#coder.x('data', sources.inputs)
    const y = this.#coder.y('data', sources)
    return y === undefined ? { x } : { x, y }
  }

  /**
   * The file of the network with its pre-processing in it; bit-exact. Network.fromBytes reads the network alone.
   *
   * @example
   * import { Model } from 'deltaprop/model'
   * const model = Model.create([{ size: 1, price: 2 }, { size: 3, price: 4 }], { target: 'price' })
   * Model.fromBytes(model.toBytes()).predict({ size: 2 }) // as model.predict({ size: 2 })
   */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.network.toBytes()
  }

  /**
   * @param options engine: the one that its network is to have, in the place of the one that it was saved with
   * @throws TypeError or RangeError that says what is wrong with bytes that are not what toBytes wrote
   */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Model {
    return Model.#from(Network.fromBytes(bytes, options))
  }

  /**
   * The network with its pre-processing, for JSON.stringify; exact.
   *
   * @example
   * import { Model } from 'deltaprop/model'
   * const text = JSON.stringify(Model.create([{ size: 1, price: 2 }, { size: 3, price: 4 }], { target: 'price' }))
   * Model.fromJSON(JSON.parse(text)).predict({ size: 2 })
   */
  toJSON(): NetworkJSON {
    return this.network.toJSON()
  }

  /**
   * @param options as of fromBytes
   * @throws TypeError or RangeError that names what is wrong in JSON that is not what toJSON wrote
   */
  static fromJSON(json: unknown, options?: ReadOptions): Model {
    return Model.#from(Network.fromJSON(json, options))
  }

  /** `Model(4 columns → species of 3 classes; Network(4 → 16 relu → 3 softmax; 131 parameters, f32, categoricalCrossEntropy))` */
  toString(): string {
    const { inputs, outputs } = this.#preprocessing
    const [first] = outputs
    const names = showNames(outputs.map(({ name }) => name))
    const target = isCategorical(first)
      ? `${names} of ${first.categories.length} classes`
      : isLabel(first)
        ? `labels ${names}`
        : names
    return `Model(${inputs.length} columns → ${target}; ${String(this.network)})`
  }

  /**
   * Disposes of the network, which is all that takes memory: what needs it is an error from then on, by the name of the network's
   * method. What the columns are, encode and toString stay.
   *
   * @example
   * import { Model } from 'deltaprop/model'
   * Model.create([{ size: 1, price: 2 }, { size: 3, price: 4 }], { target: 'price' }).dispose()
   */
  dispose(): void {
    this.network.dispose()
  }

  static #from(network: Network): Model {
    return new Model(network, readPreprocessing(network))
  }
}
