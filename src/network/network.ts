/// <reference lib="esnext.disposable" preserve="true" />
import { rangeError, typeError } from '../base/argument-error.js'
import { checkInteger, checkKeys, checkName, show } from '../base/check.js'
import { addSymbols, disposed, Uncloneable } from '../base/well-known-symbols.js'
import type { Floats } from '../base/floats.js'
import { checkMetadata, type Metadata } from '../base/metadata.js'
import { readJSON, writeJSON, type NetworkJSON } from '../formats/json.js'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.js'
import { checkGradients, type GradientCheck } from '../state/gradient-check.js'
import { viewLayers, type Layer } from '../state/layer.js'
import { targetValues, type Targets } from '../base/targets.js'
import { resolveOptimizer, type OptimizerOption } from '../definition/optimizers.js'
import { sharing } from '../definition/alike.js'
import { predictAll, predictRow } from '../engine/window.js'
import { readPair } from '../definition/read-pair.js'
import { readRow, readSamples, type Matrix, type Row, type Samples } from '../base/samples.js'
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
  accumulateRow,
  addGradients,
  betweenParts,
  createState,
  disposeState,
  idle,
  lossOf,
  lossOfRow,
  save,
  stage,
  stagePair,
  trainBatch,
  trainRow,
  update,
  useOptimizer,
  zeroGradients,
  type State,
} from '../state/state.js'
import type { Saved } from '../state/saved.js'
import { Trace } from '../state/trace.js'
import { epochs } from '../training/epochs.js'
import { fit } from '../training/fit.js'
import type { FitData, FitOptions } from '../training/options.js'
import type { SampleStream, ShardedSamples } from '../training/sample-source.js'
import type { EpochReport, History } from '../state/reports.js'

/** Passed to the constructor to restore a network that was read from a file. */
class Restored {
  constructor(
    readonly spec: Spec,
    readonly saved: Saved,
  ) {}
}

/**
 * The state of each network, for functions outside the class: bundlers drop a function that nobody imports, but
 * never a method.
 */
const states = new WeakMap<Network, State>()

/**
 * @param name the calling function, or an argument that is a list, for messages
 * @param index in the list
 * @throws Error if the network is disposed; TypeError unless it is a network
 */
export function stateOf(name: string, net: Network, index?: number): State {
  const state = states.get(net)
  if (state !== undefined) return state
  const place = index === undefined ? name : `${name}[${index}]`
  if (net instanceof Network) throw disposed(place)
  throw typeError(place, 'a Network', show(net))
}

/** A network as it was saved. */
export function restored(spec: Spec, saved: Saved): Network {
  return new Network(new Restored(spec, saved))
}

/**
 * A dense neural network that trains and predicts in WebAssembly.
 *
 * `x` and `y` are samples by row everywhere: a flat array of samples × features numbers, row-major, or an array of
 * rows. After a softmax, `y` may hold class numbers, from 0: one integer per sample instead of a one-hot row. Errors
 * are thrown before anything is changed, and name the argument, the expected value and the actual one: TypeError for
 * a wrong kind, RangeError for a wrong value or size, Error for a wrong state.
 *
 * structuredClone, postMessage and IndexedDB refuse a network with a DataCloneError. The function `clone` copies it
 * here; elsewhere, send the result of toBytes, `worker.postMessage(bytes, [bytes.buffer])`, and rebuild the network
 * with Network.fromBytes on the other side.
 *
 * @example
 * import { adam, Network } from 'deltaprop'
 * const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1 })
 * const xor = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] }
 * await net.fit(xor, { epochs: 500, batchSize: 4, optimizer: adam({ learningRate: 0.05 }) })
 * net.predict([1, 0]) // close to 1
 */
export class Network extends Uncloneable {
  /** dispose, where the runtime defines this symbol */
  declare readonly [Symbol.dispose]: () => void
  readonly #spec: Spec
  /** undefined once disposed */
  #state: State | undefined
  /** views, made when they are asked for */
  #layers: readonly Layer[] | undefined
  /** whether there are views */
  #isHeld = false

  /**
   * @param sizes inputs, units of the hidden layers, outputs
   * @param options the short form
   * @throws RangeError with the bytes needed, if the network does not fit in memory; RangeError naming what is
   *   missing where the engine 'wasm' is unavailable; Error where compiling is forbidden and setCore has not been
   *   called
   */
  constructor(sizes: readonly number[], options?: ShortOptions)
  /** @param options the long form, one entry per layer */
  constructor(options: LongOptions)
  /** @internal a network that was read */
  constructor(restored: Restored)
  constructor(network: readonly number[] | LongOptions | Restored, options?: ShortOptions) {
    super()
    const isRead = network instanceof Restored
    this.#spec = isRead ? network.spec : resolveSpec(network, options)
    this.#state = createState(this.#spec, isRead ? network.saved : undefined)
    states.set(this, this.#state)
    addSymbols(this, 'Network (send toBytes(), fromBytes reads it)')
  }

  /** In order, the output layer last. */
  get layers(): readonly Layer[] {
    const state = this.#hold('layers')
    return (this.#layers ??= viewLayers(state))
  }

  /**
   * All parameters, layer by layer: weights, units × inputs, row-major, then biases. A live view, valid as long as the
   * network, of which those of `layers` are parts: write to it to set all at once.
   *
   * @example
   * import { Network } from 'deltaprop'
   * const [net, other] = [new Network([2, 3, 1], { seed: 1 }), new Network([2, 3, 1], { seed: 2 })]
   * other.parameters.set(net.parameters)
   */
  get parameters(): Floats {
    return this.#hold('parameters').engine.parameters
  }

  /** The accumulated gradients in the order of `parameters`: a live view of the sums of (35) since zeroGradients(). */
  get gradients(): Floats {
    return this.#hold('gradients').engine.gradients
  }

  /** The number of values in a sample of x. */
  get inputs(): number {
    return this.#use('inputs').spec.inputs
  }

  /** The number of values in a sample of y. */
  get outputs(): number {
    const { layers } = this.#use('outputs').spec
    return layers[layers.length - 1].units
  }

  /** The seed of all random numbers, given or random. */
  get seed(): number {
    return this.#use('seed').spec.seed
  }

  /** The engine in use: always the one that was asked for. */
  get engine(): 'wasm' | 'baseline' {
    return this.#use('engine').engine.kind
  }

  /** The arithmetic in use: also 'exact' if relaxed was asked for and the runtime has no relaxed SIMD. */
  get arithmetic(): 'exact' | 'relaxed' {
    return this.#use('arithmetic').engine.arithmetic
  }

  /**
   * Texts saved with the network, for anyone who reads the file; a frozen copy. Setting it replaces all of them.
   *
   * @throws TypeError or RangeError unless it is an object of at most 1024 texts with at most 2²⁴ characters in
   *   total, none called deltaprop
   * @example
   * import { Network } from 'deltaprop'
   * const net = new Network([2, 1])
   * net.metadata = { ...net.metadata, author: 'me' }
   * Network.fromBytes(net.toBytes()).metadata.author // me
   */
  get metadata(): Metadata {
    return this.#use('metadata').metadata
  }

  /** @throws as described above */
  set metadata(metadata: Metadata) {
    const checked = checkMetadata('metadata', metadata)
    this.#use('metadata').metadata = checked
  }

  /**
   * The outputs o of all samples, exactly as computed: on overflow they are Infinity or NaN, the same on both
   * engines.
   *
   * @param x samples × inputs
   * @param out where to write the outputs, samples × outputs, a Float32Array, or a Float64Array for f64; without it, to
   *   a new array, which may take as long as the network itself where that is tiny
   * @returns out, or the new array; row-major
   * @example
   * import { Network } from 'deltaprop'
   * new Network([3, 2]).predict([[1, 2, 3], [4, 5, 6]]).length // 4
   */
  predict(x: Samples, out?: Floats): Floats {
    const state = betweenParts(this.#use('predict'))
    const { engine, spec } = state
    const row = predictRow(engine, spec, x, out)
    if (row !== undefined) return row
    const samples = readSamples('x', x, spec.inputs, 'inputs', spec.precision)
    this.#use('predict')
    return predictAll(engine, spec, samples, out)
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
    return lossOfRow(state, x, y) ?? lossOf(state, ...this.#read('loss', x, y))
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
    const sum = accumulateRow(state, x, y)
    if (sum !== undefined) return sum
    const pair = readPair(this.#spec, x, y)
    return accumulate(this.#useIdle('accumulate'), ...pair)
  }

  /**
   * Adds sums of gradients that were computed elsewhere, as `accumulate` adds those of samples: gradients[i] + sums[i],
   * rounded once.
   *
   * @param sums one for each parameter, in the order of `parameters` and in the network's precision: what `gradients` of
   *   another network has after `accumulate`
   * @param samples of which they are the sums, which `update` divides by
   * @throws Error while fit is running
   * @example
   * import { Network, sgd } from 'deltaprop'
   * const [net, other] = [new Network([3, 2], { seed: 1 }), new Network([3, 2], { seed: 1 })]
   * other.accumulate([4, 5, 6], [1, 0])
   * net.accumulate([1, 2, 3], [0, 1])
   * net.addGradients(other.gradients, 1)
   * net.update(sgd({ learningRate: 0.01 })) // with the mean of both
   */
  addGradients(sums: Row, samples: number): void {
    const { engine } = this.#useIdle('addGradients')
    const { precision } = this.#spec
    const read = readRow('sums', sums, engine.parameters.length, 'one per parameter', precision)
    const count = checkInteger('samples', samples, { min: 1 })
    addGradients(this.#useIdle('addGradients'), read, count)
  }

  /**
   * One step of the optimiser with the accumulated gradients, which are zeroed.
   *
   * @param optimizer an optimiser, its name, or the function that makes it; its state stays with this network until
   *   another type of optimiser takes over
   * @param options reduction 'mean' (default) divides the gradients by the samples accumulated, 'sum' does not
   * @throws Error if no gradients have been accumulated, or while fit is running
   */
  update(optimizer: OptimizerOption, options: { readonly reduction?: 'mean' | 'sum' } = {}): void {
    const { reduction = 'mean' } = checkKeys('options', options, ['reduction'])
    const checked = checkName('reduction', reduction, ['mean', 'sum'])
    const resolved = resolveOptimizer(optimizer)
    const state = this.#useIdle('update')
    if (state.pending === 0) throw new Error('update: expected accumulated gradients, call accumulate first')
    useOptimizer(state, resolved)
    update(state, checked)
  }

  /**
   * Discards the accumulated gradients.
   *
   * @throws Error while fit is running
   */
  zeroGradients(): void {
    zeroGradients(this.#useIdle('zeroGradients'))
  }

  /**
   * One step on one batch: accumulate and update in one call into the module. Gradients accumulated earlier are
   * included.
   *
   * @param x samples × inputs
   * @param y samples × outputs, or classes
   * @returns the mean loss of the batch, before the step
   * @throws Error if the loss is not a finite number, in which case nothing is changed; Error while fit is running
   * @example
   * import { Network, sgd } from 'deltaprop'
   * const net = new Network([1, 1])
   * for (let step = 0; step < 100; ++step) net.train([1, 2, 3], [2, 4, 6], sgd({ learningRate: 0.1 }))
   * net.predict([4]) // close to 8
   */
  train(x: Samples, y: Samples, optimizer: OptimizerOption): number {
    const state = this.#useIdle('train')
    const staging = stagePair(state, x, y)
    if (staging !== undefined && optimizer === state.optimizer) {
      const loss = trainRow(state, staging)
      if (loss !== undefined) return checkLoss(loss)
    }
    return this.#train(staging, x, y, optimizer)
  }

  /**
   * Trains for a number of epochs of mini-batches, in an order that follows from the seed: on this thread, or with
   * `threads` in that many workers, which give the same bits. Weights may be written between epochs. During an epoch
   * the network may be half-trained, even in the middle of a batch; with workers it is always that of the last
   * finished epoch; if one stops, others or this thread go on, with the same bits and a warning. If a callback, a
   * stream, a worker or a file never responds, `signal`, `timeLimit` and `dispose` still end the fit, and the network
   * can be fitted again.
   *
   * @param data x: samples × inputs, y: samples × outputs, or classes; or, for data larger than memory, what `stream`
   *   makes; for samples that stay apart, what `sharded` makes
   * @returns the losses, epoch by epoch, and why training ended
   * @throws Error naming epoch and batch, if the loss stops being a finite number: the weights are then those after
   *   the last good epoch, as they are if the signal aborts (its reason is thrown) or onBatch throws;
   *   Error if a checkpoint cannot be written, gradients are accumulated or fit is already running; RangeError
   *   naming what differs between a checkpoint and this fit; RangeError with the bytes needed, if network and data
   *   do not fit in one memory, with threads only, or, with shards, a second network like this one
   * @example
   * import { adam, Network } from 'deltaprop'
   * const net = new Network([2, 8, 1], { activation: { hidden: 'tanh', output: 'sigmoid' }, seed: 1 })
   * const data = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
   * const onEpoch = ({ epoch, loss }) => loss > 0.001 // false ends it
   * await net.fit(data, { epochs: 1000, batchSize: 4, optimizer: adam({ learningRate: 0.05 }), onEpoch })
   */
  async fit(data: FitData | SampleStream | ShardedSamples, options?: FitOptions): Promise<History> {
    return fit(this.#use('fit'), data, options)
  }

  /**
   * fit, with the loop in your hands: one report after each epoch, while the network waits. Leaving the loop ends
   * the training. If you call next() yourself, finish with return(), which ends the training even while a report is
   * pending: the network is then that of the last finished epoch.
   *
   * @param data as for fit
   * @returns the reports, and finally the history
   * @throws as fit
   * @example
   * import { Network } from 'deltaprop'
   * const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1 })
   * for await (const { epoch, loss } of net.epochs({ x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }, { epochs: 1000 })) {
   *   if (epoch % 100 === 0) console.log(epoch, loss)
   *   if (loss < 0.01) break
   * }
   */
  epochs(
    data: FitData | SampleStream | ShardedSamples,
    options?: FitOptions,
  ): AsyncGenerator<EpochReport, History, undefined> {
    return epochs(this.#use('epochs'), data, options)
  }

  /**
   * Every quantity of the derivation for one sample, layer by layer; String(trace) prints it with its equations.
   *
   * @param x inputs
   * @param y outputs, or a class
   * @throws RangeError for more than 8192 outputs after a softmax or with a cross entropy, since the trace holds
   *   their Jacobian
   * @example
   * import { Network } from 'deltaprop'
   * const trace = new Network([2, 3, 2], { activation: 'sigmoid' }).trace([0.1, 0.2], [0, 1])
   * console.log(String(trace), trace.layers[0].dC_dz)
   */
  trace(x: Samples, y: Samples): Trace {
    const state = betweenParts(this.#use('trace'))
    const [inputs, targets] = this.#read('trace', x, y)
    if (inputs.rows !== 1) throw rangeError('x', '1 sample', inputs.rows)
    stage(state, inputs, targets, 0)
    const { loss, layers } = state.engine.trace()
    return new Trace(state.spec, targetValues(targets, state.spec.precision), loss, layers)
  }

  /**
   * Compares the gradients with central differences of the loss in f64; 4 loss evaluations per parameter.
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
    return checkGradients(state, ...this.#read('checkGradients', x, y))
  }

  /**
   * The network with the state of its training, as a safetensors file; bit-exact. The file carries a checksum of its
   * numbers and texts, the metadata `deltaprop.checksum`, so that fromBytes can verify that it is what was saved.
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
   * @param options engine: the engine to use, instead of the one it was saved with
   * @throws TypeError or RangeError saying what is wrong with bytes that toBytes did not write; RangeError naming
   *   tensor and place of a parameter that is not finite; RangeError if the checksum does not match the numbers and
   *   texts: use another copy, or, if they were changed on purpose, drop the checksum from the metadata
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
   * @param options as for fromBytes
   * @throws TypeError or RangeError naming what is wrong in JSON that toJSON did not write, including a parameter
   *   that is not finite
   */
  static fromJSON(json: unknown, options?: ReadOptions): Network {
    return Network.#from(readJSON(json), options)
  }

  /** `Network(2 → 3 sigmoid → 2 sigmoid; 17 parameters, f64, halfSquared)`, prefixed with `disposed` if it is */
  toString(): string {
    return `${this.#state === undefined ? 'disposed ' : ''}${describeSpec(this.#spec)}`
  }

  /**
   * Releases the memory, as `using net = new Network(…)` does at the end of its block: it is freed at the next
   * garbage collection, even if this network is still referenced. Views of it have length 0 from then on; in V8,
   * holding one of them or a layer still keeps the memory alive. A running fit ends: its promise is rejected. Using
   * anything afterwards, other than this method and toString, throws an Error that names it.
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
    this.#layers = undefined
    states.delete(this)
    if (state !== undefined) disposeState(state)
  }

  /** @throws Error if it is disposed */
  #use(method: string): State {
    if (this.#state === undefined) throw disposed(method)
    return this.#state
  }

  /**
   * For views of the engine's arrays: from now on they are live.
   *
   * @throws Error if it is disposed
   */
  #hold(method: string): State {
    const state = this.#use(method)
    if (!this.#isHeld) state.engine.hold?.()
    this.#isHeld = true
    return state
  }

  /** @throws Error while fit is running, or if it is disposed */
  #useIdle(method: string): State {
    return idle(method, this.#use(method))
  }

  /** Samples that are not staged, or an optimiser that is to be looked at. */
  #train(staged: number | undefined, x: Samples, y: Samples, optimizer: OptimizerOption): number {
    const spec = this.#spec
    // What is wrong with x or y is said before the optimiser, which may be a function, is looked at.
    let pair = staged === undefined ? readPair(spec, x, y) : undefined
    const resolved = resolveOptimizer(optimizer)
    const state = this.#useIdle('train')
    let loss = staged === undefined || resolved !== state.optimizer ? undefined : trainRow(state, staged)
    if (loss === undefined) {
      pair ??= readPair(spec, x, y)
      loss = trainBatch(this.#useIdle('train'), ...pair, resolved) / pair[0].rows
    }
    return checkLoss(loss)
  }

  /** Reads samples. That may run code of the caller's, a getter's or a proxy's, which may dispose of the network. */
  #read(method: string, x: unknown, y: unknown): [Matrix, Targets] {
    const pair = readPair(this.#spec, x, y)
    this.#use(method)
    return pair
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
    return restored({ ...sharing(saved.spec), ...resolveComputation(given) }, saved)
  }
}

/** @throws Error unless the loss of a step, which was not taken then, is a finite number */
function checkLoss(loss: number): number {
  if (Number.isFinite(loss)) return loss
  throw new Error(`train: expected a finite loss, got ${loss}; nothing was changed`)
}
