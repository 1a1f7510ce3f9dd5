import { typeError } from '../base/argument-error.js'
import { addSymbols, disposed, Uncloneable } from '../base/well-known-symbols.js'
import { describeArchitecture, type Architecture } from '../definition/architecture.js'
import type { PredictionEngine } from '../engine/engine.js'
import { createPredictionEngine } from '../engine/wasm/prediction-engine.js'
import type { Floats } from '../base/floats.js'
import type { Metadata } from '../base/metadata.js'
import { endStaging, predictAll, predictRow } from '../engine/window.js'
import { openJSON, readParameters as readJSONParameters } from '../formats/json-file.js'
import { readToPredict, type ToPredict } from '../formats/safetensors-file.js'
import { readSamples, type Samples } from '../base/samples.js'

/**
 * A trained network that only predicts. It reads what Network and Model save, checkpoints too, and predicts with the
 * bits of a Network in WebAssembly and exact arithmetic, whatever engine and arithmetic the file specifies. It needs
 * WebAssembly SIMD.
 *
 * It cannot be cloned: structuredClone and postMessage throw a DataCloneError. Send the bytes that it was read from
 * instead.
 *
 * @example
 * import { Network } from 'deltaprop'
 * import { Predictor } from 'deltaprop/inference'
 * const net = Predictor.fromBytes(new Network([3, 2]).toBytes())
 * net.predict([[1, 2, 3], [4, 5, 6]]).length // 4
 */
export class Predictor extends Uncloneable {
  /** dispose, where the runtime has this symbol */
  declare readonly [Symbol.dispose]: () => void
  readonly #spec: Architecture
  readonly #metadata: Metadata
  /** undefined once it is disposed */
  #engine: PredictionEngine | undefined

  private constructor(saved: ToPredict) {
    super()
    // Private only in TypeScript.
    if ((saved as Partial<ToPredict> | undefined)?.architecture === undefined)
      throw typeError('Predictor', 'fromBytes or fromJSON in the place of new')
    const { architecture, parameters, metadata } = saved
    this.#spec = architecture
    this.#metadata = metadata
    this.#engine = createPredictionEngine(architecture, parameters)
    addSymbols(this, 'Predictor (send the bytes that fromBytes reads)')
  }

  /**
   * Reads the bytes that Network.toBytes or Model.toBytes returns, or a checkpoint of fit.
   *
   * @throws TypeError or RangeError that says what is wrong with other bytes, or with parameters that are not finite,
   *   or that the checksum is another; RangeError that gives the bytes needed, if the network does not fit in memory;
   *   Error where WebAssembly SIMD is missing, or compiling is forbidden and setCore has not been called
   */
  static fromBytes(bytes: Uint8Array): Predictor {
    return new Predictor(readToPredict(bytes))
  }

  /**
   * Reads what JSON.parse makes of the JSON of a Network.
   *
   * @throws TypeError or RangeError that names what is wrong in other JSON; and as fromBytes
   * @example
   * import { Network } from 'deltaprop'
   * import { Predictor } from 'deltaprop/inference'
   * Predictor.fromJSON(JSON.parse(JSON.stringify(new Network([2, 3, 2])))).predict([1, 2])
   */
  static fromJSON(json: unknown): Predictor {
    return new Predictor(predictorFromJSON(json))
  }

  /** The number of inputs of one sample. */
  get inputs(): number {
    this.#use('inputs')
    return this.#spec.inputs
  }

  /** The number of outputs of one sample. */
  get outputs(): number {
    this.#use('outputs')
    return this.#spec.layers[this.#spec.layers.length - 1].units
  }

  /** The texts that were saved with the network. */
  get metadata(): Metadata {
    this.#use('metadata')
    return this.#metadata
  }

  /**
   * The outputs of all samples, as computed: Infinity or NaN where numbers overflow, as with Network.predict. Check
   * them with Number.isFinite before you act on them: the index of a NaN is not a class.
   *
   * @param x samples × inputs: flat and row-major, or an array of rows
   * @param out where to write the outputs, samples × outputs; without it, to a new array
   * @returns out, or the new array; row-major
   * @throws TypeError or RangeError that names what is wrong in x or out, as Network.predict
   */
  predict(x: Samples, out?: Floats): Floats {
    const engine = this.#use('predict')
    const row = predictRow(engine, this.#spec, x, out)
    if (row !== undefined) return row
    const { inputs, precision } = this.#spec
    const samples = readSamples('x', x, inputs, 'inputs', precision)
    // Reading them may have run code of the caller's.
    return predictAll(this.#use('predict'), this.#spec, samples, out)
  }

  /** `Predictor(2 → 3 sigmoid → 2 sigmoid; 17 parameters, f64)`, after `disposed` if it is */
  toString(): string {
    return `${this.#engine === undefined ? 'disposed ' : ''}Predictor(${describeArchitecture(this.#spec)})`
  }

  /**
   * Drops the memory, as `using net = Predictor.fromBytes(…)` does at the end of its block. Any use afterwards, except
   * of this and toString, throws an Error that names the member.
   */
  dispose(): void {
    endStaging()
    this.#engine = undefined
  }

  /** @throws Error if it is disposed */
  #use(member: string): PredictionEngine {
    if (this.#engine === undefined) throw disposed(member)
    return this.#engine
  }
}

/** @throws TypeError or RangeError that names what is wrong */
function predictorFromJSON(json: unknown): ToPredict {
  const file = openJSON(json)
  const { architecture, metadata } = file
  return { architecture, parameters: readJSONParameters(file), metadata }
}
