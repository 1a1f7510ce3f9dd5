/// <reference lib="esnext.disposable" preserve="true" />
import { typeError } from '../base/argument-error.js'
import { isTable } from '../data/table.js'
import { addSymbols, Uncloneable } from '../base/well-known-symbols.js'
import { Network, stream, type History, type NetworkJSON, type ReadOptions } from '../index.js'
import { answer, checkAnswers, type Answer } from './answer.js'
import { encodeBatches, isBatches, type Batches } from './batches.js'
import { Coder, type Encoded } from './coder.js'
import { isCategorical, isLabel, totalWidth, type ModelColumn, type Preprocessing } from './column.js'
import { evaluateModel, type ModelEvaluation } from './evaluation.js'
import { networkFitOptions, type ModelFitOptions } from './fit-options.js'
import { showNames } from './messages.js'
import { networkOptions, resolveModelOptions, type ModelOptions } from './options.js'
import { learn } from './preprocessing.js'
import { readPreprocessing, writePreprocessing } from './saved-preprocessing.js'
import { readData, readRow, type Data } from './source.js'

/**
 * A network together with the pre-processing its data needs: named values go in, named answers come out, and both parts
 * are saved in one file. Numbers are scaled; texts and booleans are one-hot. A target of texts or booleans, or of
 * numbers on request, is treated as classes, with a softmax output.
 *
 * Data is a table of deltaprop/data; or an array of rows, objects that map column names to numbers, texts or booleans;
 * or an array of pairs `{ input, output }` of objects with numbers, in which a missing value is 0. Columns that the
 * model does not know are ignored, except in pairs. Errors count rows from 1, across batches from the first one; table
 * rows are numbered as in their file.
 *
 * A model cannot be cloned: structuredClone, postMessage and IndexedDB refuse it with a DataCloneError. Send what
 * toBytes returns instead, `worker.postMessage(bytes, [bytes.buffer])`, and rebuild the model with Model.fromBytes on
 * the other side.
 *
 * @example
 * import { Model } from 'deltaprop/model'
 * const rows = [{ size: 1, colour: 'red', kind: 'apple' }, { size: 2, colour: 'green', kind: 'melon' }]
 * const model = Model.create(rows, { target: 'kind', hidden: [4], seed: 1 })
 * await model.fit(rows, { epochs: 200 })
 * model.predict({ size: 2, colour: 'green' }).kind // melon
 */
export class Model extends Uncloneable {
  /** The network that learns. If you write its metadata, keep the entry `preprocessing`. */
  readonly network: Network
  /** dispose, if the engine has this symbol */
  declare readonly [Symbol.dispose]: () => void
  readonly #preprocessing: Preprocessing
  readonly #coder: Coder
  readonly #notes: readonly string[]

  private constructor(network: Network, preprocessing: Preprocessing, notes: readonly string[] = []) {
    super()
    // The constructor is private only to TypeScript.
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
   * Creates a model that has learnt the scales and categories of this data, and nothing else yet. If the data does not
   * fit in memory, pass a part that contains every category.
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

  /** What each input column becomes, in the order of the network's inputs. */
  get inputs(): readonly ModelColumn[] {
    return this.#preprocessing.inputs
  }

  /**
   * What each output column is: one column of categories (the classes), or one or more labels, or one or more numbers.
   */
  get outputs(): readonly ModelColumn[] {
    return this.#preprocessing.outputs
  }

  /**
   * Decisions made by create that the caller may not expect, as readable text, such as inputs of pairs that are scaled;
   * empty for a model from a file.
   */
  get notes(): readonly string[] {
    return this.#notes
  }

  /**
   * Network.fit on data with names, or on batches of it: an iterable of tables or arrays, or a function that returns
   * one for each epoch.
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
    const hasBatches = isBatches(data)
    const resolved = networkFitOptions(options, this.#preprocessing, this.#coder, hasBatches)
    const samples = hasBatches
      ? stream(encodeBatches(this.#coder, data))
      : this.#coder.toTrain('data', readData('data', data))
    return this.network.fit(samples, resolved)
  }

  /**
   * Predicts the targets: for classes, the most probable one with the probabilities of all; for numbers, their values
   * in the targets' own units.
   *
   * @param data many rows, or one row, with or without targets
   * @throws TypeError or RangeError that names row and column; RangeError that names row and output, if an answer is
   *   not a finite number
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
   * Evaluates the model on data with targets: Network.evaluate, with the names of the classes, labels or targets.
   * Regression metrics are in the targets' own units, except for the loss. Rows are weighted by the model's weights
   * column if the data has it.
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
    const pair = this.#coder.toTest('data', sources)
    return evaluateModel(this.network, this.#preprocessing, pair, sources)
  }

  /**
   * Encodes data for the network: x, samples × its inputs, and y, samples × its outputs, if the data has the targets;
   * both are copies.
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
   * The network's file, which includes the pre-processing; bit-exact. Network.fromBytes reads the network alone.
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
   * @param options engine: the engine for the network, instead of the one it was saved with
   * @throws TypeError or RangeError that says what is wrong with bytes that toBytes did not write
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
   * @param options as for fromBytes
   * @throws TypeError or RangeError that names what is wrong in JSON that toJSON did not write
   */
  static fromJSON(json: unknown, options?: ReadOptions): Model {
    return Model.#from(Network.fromJSON(json, options))
  }

  /**
   * `Model(4 columns → species of 3 classes;
   * Network(4 → 16 relu → 3 softmax; 131 parameters, f32, categoricalCrossEntropy))`
   */
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
   * Disposes of the network, which holds all the memory. Methods that need it throw from then on, with the name of the
   * network's method. The column descriptions, encode and toString keep working.
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
