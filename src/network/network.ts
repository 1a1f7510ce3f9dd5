/// <reference lib="esnext.disposable" preserve="true" />
import { rangeError, typeError } from '../base/argument-error.js'
import { checkKeys, checkName, show } from '../base/check.js'
import { addSymbols, disposed, Uncloneable } from '../base/well-known-symbols.js'
import type { Floats } from '../base/floats.js'
import { checkMetadata, type Metadata } from '../base/metadata.js'
import { readJSON, writeJSON, type NetworkJSON } from '../formats/json.js'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.js'
import { checkGradients, type GradientCheck } from '../state/gradient-check.js'
import { viewLayers, type Layer } from '../state/layer.js'
import { targetValues } from '../base/targets.js'
import { resolveOptimizer, type OptimizerOption } from '../definition/optimizers.js'
import { predictAll } from '../engine/predict.js'
import { readPair } from '../definition/read-pair.js'
import type { Samples } from '../base/samples.js'
import {
  describeSpec,
  resolveComputation,
  resolveSpec,
  type LongOptions,
  type ReadOptions,
  type ShortOptions,
  type Spec,
} from '../definition/spec.js'
import {
  accumulate,
  betweenParts,
  createState,
  disposeState,
  lossOf,
  save,
  stage,
  trainBatch,
  update,
  useOptimizer,
  zeroGradients,
  type State,
} from '../state/state.js'
import type { Saved } from '../state/saved.js'
import { Trace } from '../state/trace.js'
import { epochs } from '../training/epochs.js'
import { fit } from '../training/fit.js'
import type { FitData, FitOptions, FitStream } from '../training/options.js'
import type { EpochReport, History } from '../state/reports.js'

/** Makes the constructor restore a network that was read from a file. */
class Restored {
  constructor(
    readonly spec: Spec,
    readonly saved: Saved,
  ) {}
}

/** The state of each network, for functions outside the class: bundlers drop those that are not imported, but no method. */
const states = new WeakMap<Network, State>()

/**
 * @param name of the function that asks
 * @throws Error if the network is disposed; TypeError unless it is a network
 */
export function stateOf(name: string, net: Network): State {
  const state = states.get(net)
  if (state !== undefined) return state
  if (net instanceof Network) throw disposed(name)
  throw typeError(name, 'a Network', show(net))
}

/**
 * A dense neural network that trains and predicts in WebAssembly.
 *
 * `x` and `y` are samples by row everywhere: a flat array of samples × features numbers, row-major, or an array of rows.
 * Behind a softmax, `y` may be the numbers of classes, from 0: one integer for each sample, in the place of a row with a 1.
 * Errors are thrown before anything is changed, and name the argument, what was expected and what came: TypeError for a wrong
 * kind, RangeError for a wrong value or size, Error for a wrong state.
 *
 * There is no clone of one: structuredClone, postMessage and IndexedDB refuse it with a DataCloneError. What toBytes returns can be sent,
 * `worker.postMessage(bytes, [bytes.buffer])`, and Network.fromBytes makes one of it on the other side.
 *
 * @example
 * import { adam, Network } from 'deltaprop'
 * const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1 })
 * const xor = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] }
 * await net.fit(xor, { epochs: 500, batchSize: 4, optimizer: adam({ learningRate: 0.05 }) })
 * net.predict([1, 0]) // close to 1
 */
export class Network extends Uncloneable {
  /** dispose, where the engine has this symbol */
  declare readonly [Symbol.dispose]: () => void
  readonly #spec: Spec
  /** undefined once it is disposed */
  #state: State | undefined
  #layers: readonly Layer[]

  /**
   * @param sizes inputs, units of the hidden layers, outputs
   * @param options of the short form
   * @throws RangeError that gives the bytes needed, if the network does not fit in memory; RangeError that says what is missing where
   *   the engine 'wasm' cannot be had, and Error where compiling is forbidden and setCore has not been called
   */
  constructor(sizes: readonly number[], options?: ShortOptions)
  /** @param options the long form, one entry per layer */
  constructor(options: LongOptions)
  /** @internal what has been read */
  constructor(restored: Restored)
  constructor(network: readonly number[] | LongOptions | Restored, options?: ShortOptions) {
    super()
    const isRead = network instanceof Restored
    this.#spec = isRead ? network.spec : resolveSpec(network, options)
    this.#state = createState(this.#spec, isRead ? network.saved : undefined)
    this.#layers = viewLayers(this.#state)
    states.set(this, this.#state)
    addSymbols(this, 'Network (send toBytes(), fromBytes reads it)')
  }

  /** First to last, the output layer at the end. */
  get layers(): readonly Layer[] {
    this.#use('layers')
    return this.#layers
  }

  /** Numbers that a sample of x has. */
  get inputs(): number {
    return this.#use('inputs').spec.inputs
  }

  /** Numbers that a sample of y has. */
  get outputs(): number {
    return this.#use('outputs').spec.layers[this.#layers.length - 1].units
  }

  /** The seed of all random numbers, given, or random. */
  get seed(): number {
    return this.#use('seed').spec.seed
  }

  /** The engine in use, which is the one that was asked for. */
  get engine(): 'wasm' | 'baseline' {
    return this.#use('engine').engine.kind
  }

  /** The arithmetic in use: 'exact' also where relaxed SIMD is missing. */
  get arithmetic(): 'exact' | 'relaxed' {
    return this.#use('arithmetic').engine.arithmetic
  }

  /**
   * Texts that are saved with the network, for whoever reads the file; a frozen copy. Setting it replaces all of them.
   *
   * @throws TypeError or RangeError unless it is an object of at most 1024 texts of 2²⁴ characters together, none called deltaprop
   * @example
   * import { Network } from 'deltaprop'
   * const net = new Network([2, 1])
   * net.metadata = { ...net.metadata, author: 'me' }
   * Network.fromBytes(net.toBytes()).metadata.author // me
   */
  get metadata(): Metadata {
    return this.#use('metadata').metadata
  }

  /** @throws as it says there */
  set metadata(metadata: Metadata) {
    this.#use('metadata').metadata = checkMetadata('metadata', metadata)
  }

  /**
   * The outputs o of all samples, as they are computed: where numbers overflow, Infinity or NaN, the same on both engines.
   *
   * @param x samples × inputs
   * @returns a copy, samples × outputs, row-major
   * @example
   * import { Network } from 'deltaprop'
   * new Network([3, 2]).predict([[1, 2, 3], [4, 5, 6]]).length // 4
   */
  predict(x: Samples): Floats {
    const state = betweenParts(this.#use('predict'))
    const result = predictAll(state.engine, state.spec, x)
    state.staged = undefined
    return result
  }

  /**
   * L = Σₙ Cⁿ, the loss summed over samples, (34).
   *
   * @param x samples × inputs
   * @param y samples × outputs, or classes
   * @example
   * import { Network } from 'deltaprop'
   * new Network([3, 2]).loss([1, 2, 3], [0, 1])
   */
  loss(x: Samples, y: Samples): number {
    const state = betweenParts(this.#use('loss'))
    return lossOf(state, ...readPair(state.spec, x, y))
  }

  /**
   * Forward and backward: adds ∂L/∂w and ∂L/∂b of these samples to the gradients, (35).
   *
   * @param x samples × inputs
   * @param y samples × outputs, or classes
   * @returns the loss summed over these samples, (34)
   * @throws Error while fit is running
   * @example
   * import { Network, sgd } from 'deltaprop'
   * const net = new Network([3, 2])
   * net.accumulate([1, 2, 3], [0, 1])
   * net.accumulate([4, 5, 6], [1, 0])
   * net.update(sgd({ learningRate: 0.01 })) // with the mean of both gradients
   */
  accumulate(x: Samples, y: Samples): number {
    const state = this.#useIdle('accumulate')
    return accumulate(state, ...readPair(state.spec, x, y))
  }

  /**
   * One step of the optimiser with the accumulated gradients, which are zeroed.
   *
   * @param optimizer or its name, or what makes it; its state stays with this network until another type of optimiser takes over
   * @param options reduction 'mean' (default) divides the gradients by the samples accumulated, 'sum' does not
   * @throws Error if no gradients have been accumulated, or while fit is running
   */
  update(optimizer: OptimizerOption, options: { readonly reduction?: 'mean' | 'sum' } = {}): void {
    const state = this.#useIdle('update')
    const { reduction = 'mean' } = checkKeys('options', options, ['reduction'])
    const checked = checkName('reduction', reduction, ['mean', 'sum'])
    if (state.pending === 0) throw new Error('update: expected accumulated gradients, call accumulate first')
    useOptimizer(state, resolveOptimizer(optimizer))
    update(state, checked)
  }

  /**
   * Forgets the accumulated gradients.
   *
   * @throws Error while fit is running
   */
  zeroGradients(): void {
    zeroGradients(this.#useIdle('zeroGradients'))
  }

  /**
   * One step on one batch: accumulate and update in one call into the module. Gradients accumulated before count too.
   *
   * @param x samples × inputs
   * @param y samples × outputs, or classes
   * @returns the mean loss of the batch, before the step
   * @throws Error if the loss is not a finite number, nothing being changed then; or while fit is running
   * @example
   * import { Network, sgd } from 'deltaprop'
   * const net = new Network([1, 1])
   * for (let step = 0; step < 100; ++step) net.train([1, 2, 3], [2, 4, 6], sgd({ learningRate: 0.1 }))
   * net.predict([4]) // close to 8
   */
  train(x: Samples, y: Samples, optimizer: OptimizerOption): number {
    const state = this.#useIdle('train')
    const [inputs, targets] = readPair(state.spec, x, y)
    const loss = trainBatch(state, inputs, targets, resolveOptimizer(optimizer))
    if (Number.isFinite(loss)) return loss / inputs.rows
    throw new Error(`train: expected a finite loss, got ${loss}; nothing was changed`)
  }

  /**
   * Trains for some epochs of mini-batches, in an order that follows from the seed: on this thread, or with `threads` in as many
   * workers, which give the same bits. Between epochs weights may be written; during one, the network may be half-trained, in the
   * middle of a batch too, but with workers it is that of the last finished epoch. Whatever does not come, of a callback, a stream,
   * workers or a file, `signal`, `timeLimit` and `dispose` end it, and the network can be fitted again.
   *
   * @param data x: samples × inputs, y: samples × outputs, or classes; or a stream of such pieces, for data larger than memory: an
   *   iterable, async or not, for one epoch, an array of pieces, or a function that returns an iterable for every epoch. Rows are taken in the
   *   order in which they come; this thread trains; what the stream throws comes out as it is
   * @returns the losses, epoch by epoch, and why training ended
   * @throws Error that names epoch and batch, if the loss stops being a finite number: the weights are then those after the
   *   last good epoch, as they are if a worker ends, the signal aborts (its reason is thrown) or onBatch throws; Error if a
   *   checkpoint cannot be written, gradients are accumulated or fit is running already; RangeError that names what a checkpoint
   *   does not have as it is here; RangeError that gives the bytes needed, if network and data do not fit in one memory, with
   *   threads alone
   * @example
   * import { adam, Network } from 'deltaprop'
   * const net = new Network([2, 8, 1], { activation: { hidden: 'tanh', output: 'sigmoid' }, seed: 1 })
   * const data = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
   * const onEpoch = ({ epoch, loss }) => loss > 0.001 // false ends it
   * await net.fit(data, { epochs: 1000, batchSize: 4, optimizer: adam({ learningRate: 0.05 }), onEpoch })
   */
  async fit(data: FitData | FitStream, options?: FitOptions): Promise<History> {
    return fit(this.#use('fit'), data, options)
  }

  /**
   * fit, with the loop in your hands: one report after each epoch, while the network waits. Leaving the loop ends the training; who
   * calls next() by hand calls return() in the end, which ends it also while a report is waited for: the network is then that of the last
   * finished epoch.
   *
   * @param data as for fit
   * @returns reports, and the history in the end
   * @throws as fit
   * @example
   * import { Network } from 'deltaprop'
   * const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1 })
   * for await (const { epoch, loss } of net.epochs({ x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }, { epochs: 1000 })) {
   *   if (epoch % 100 === 0) console.log(epoch, loss)
   *   if (loss < 0.01) break
   * }
   */
  epochs(data: FitData | FitStream, options?: FitOptions): AsyncGenerator<EpochReport, History, undefined> {
    return epochs(this.#use('epochs'), data, options)
  }

  /**
   * Every quantity of the derivation for one sample, layer by layer; String(trace) prints it with its equations.
   *
   * @param x inputs
   * @param y outputs, or a class
   * @throws RangeError for more than 8192 outputs behind a softmax or a cross entropy, whose Jacobian it holds
   * @example
   * import { Network } from 'deltaprop'
   * const trace = new Network([2, 3, 2], { activation: 'sigmoid' }).trace([0.1, 0.2], [0, 1])
   * console.log(String(trace), trace.layers[0].dC_dz)
   */
  trace(x: Samples, y: Samples): Trace {
    const state = betweenParts(this.#use('trace'))
    const [inputs, targets] = readPair(state.spec, x, y)
    if (inputs.rows !== 1) throw rangeError('x', '1 sample', inputs.rows)
    stage(state, inputs, targets, 0)
    const { loss, layers } = state.engine.trace()
    return new Trace(state.spec, targetValues(targets, state.spec.precision), loss, layers)
  }

  /**
   * Compares the gradients with central differences of the loss in f64; 4 losses for each parameter.
   *
   * @param x samples × inputs
   * @param y samples × outputs, or classes
   * @example
   * import { Network } from 'deltaprop'
   * const net = new Network([2, 3, 2], { activation: 'tanh', precision: 'f64' })
   * net.checkGradients([0.1, 0.2], [0, 1]).maxRelativeError // below 1e-7
   */
  checkGradients(x: Samples, y: Samples): GradientCheck {
    const state = betweenParts(this.#use('checkGradients'))
    return checkGradients(state, ...readPair(state.spec, x, y))
  }

  /**
   * The network with the state of its training, as a safetensors file; bit-exact. The file has a checksum of its numbers and texts,
   * the metadata `deltaprop.checksum`, by which whoever reads it here sees that it is what was saved.
   *
   * @example
   * import { Network } from 'deltaprop'
   * const net = new Network([2, 3, 2])
   * Network.fromBytes(net.toBytes()).predict([1, 2]) // as net.predict([1, 2])
   */
  toBytes(): Uint8Array<ArrayBuffer> {
    return writeSafetensors(save(this.#use('toBytes')))
  }

  /**
   * @param options engine: the one that it is to have, in the place of the one that it was saved with
   * @throws TypeError or RangeError that says what is wrong with bytes that are not what toBytes wrote; RangeError that names tensor and
   *   place of a parameter that is not finite; RangeError if the checksum is that of other numbers or texts: another copy helps, or, if
   *   they were changed on purpose, to drop it from the metadata
   */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Network {
    return Network.#from(readSafetensors(bytes), options)
  }

  /**
   * The network with the state of its training, for JSON.stringify; exact. It has no checksum, and may be edited.
   *
   * @example
   * import { Network } from 'deltaprop'
   * const text = JSON.stringify(new Network([2, 3, 2]))
   * Network.fromJSON(JSON.parse(text)).predict([1, 2])
   */
  toJSON(): NetworkJSON {
    return writeJSON(save(this.#use('toJSON')))
  }

  /**
   * @param options as of fromBytes
   * @throws TypeError or RangeError that names what is wrong in JSON that is not what toJSON wrote, also a parameter that is not finite
   */
  static fromJSON(json: unknown, options?: ReadOptions): Network {
    return Network.#from(readJSON(json), options)
  }

  /** `Network(2 → 3 sigmoid → 2 sigmoid; 17 parameters, f64, halfSquared)`, behind `disposed` if it is */
  toString(): string {
    return `${this.#state === undefined ? 'disposed ' : ''}${describeSpec(this.#spec)}`
  }

  /**
   * Gives the memory back, as `using net = new Network(…)` does at the end of its block: it is free when garbage is next collected,
   * whoever holds this network. Views of it have length 0 from then on; in V8, who holds one or a layer still keeps the memory. A fit
   * that is running ends: its promise is rejected. Whatever is used afterwards, but for this and toString, is an error that names it.
   *
   * @example
   * import { Network } from 'deltaprop'
   * const net = new Network([784, 128, 10])
   * net.dispose()
   * net.dispose() // once more is no error
   */
  dispose(): void {
    const state = this.#state
    this.#state = undefined
    this.#layers = []
    states.delete(this)
    if (state !== undefined) disposeState(state)
  }

  /** @throws Error if it is disposed */
  #use(method: string): State {
    if (this.#state === undefined) throw disposed(method)
    return this.#state
  }

  /** @throws Error while fit is running, or if it is disposed */
  #useIdle(method: string): State {
    const state = this.#use(method)
    if (state.fitting !== undefined) throw new Error(`${method}: expected a network that is not being fitted`)
    return state
  }

  static #from(saved: Saved, options: ReadOptions = {}): Network {
    const given = checkKeys('options', options, ['engine', 'arithmetic'])
    if (given.engine === undefined && saved.spec.engine === 'baseline') {
      throw rangeError(
        'engine',
        "{ engine: baseline } of deltaprop/baseline, or { engine: 'wasm' }",
        'none',
        {
          hint: 'the network was saved with the engine baseline, and the bits of the other differ',
        },
      )
    }
    return new Network(new Restored({ ...saved.spec, ...resolveComputation(given) }, saved))
  }
}
