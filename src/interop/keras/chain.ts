/** The layers of a Keras model as a dense network. */
import { rangeError } from '../../base/argument-error.js'
import { checkInteger, checkNumber, isRecord, show } from '../../base/check.js'
import { columnsBy, LayerChain, normalized, widthOf, type Columns } from '../layer-chain.js'
import { checkAxis, isActivationClass, kerasActivation, layerActivation } from './activations.js'
import { addDense, checkKernel, checkLength, type KerasWeight } from './dense.js'
import { kerasLayers, type KerasLayer } from './layers.js'
import { dimensions, sampleShape, showShape, sizeOf, type SampleShape } from './sample-shape.js'

/**
 * Where the weights of layers are.
 *
 * @param names of those that are read, in Keras's order: kernel, bias
 * @param others that may be there behind them
 * @throws RangeError unless they are there, with finite numbers, and no more
 */
export type KerasWeights = (
  layer: KerasLayer,
  names: readonly string[],
  others?: readonly string[],
) => readonly KerasWeight[]

/** What holds a Keras model. */
export interface KerasModel {
  /** with its class_name and config */
  readonly topology: unknown
  /** where that is */
  readonly path: string
  /** what the file says of keras_version */
  readonly version: unknown
  readonly weights: KerasWeights
  /** of all files */
  readonly bytes: number
}

/** Layers that do nothing when a network predicts. */
const inactive: ReadonlySet<string> = new Set([
  'Dropout',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'ActivityRegularization',
  'Identity',
])

/** @throws TypeError or RangeError that names the layer */
export function kerasChain({ topology, path, version, weights, bytes }: KerasModel): LayerChain {
  const layers = kerasLayers(path, topology)
  const isKeras3 =
    typeof version === 'string' && /^\d/.test(version)
      ? Number.parseInt(version, 10) >= 3
      : layers.some(({ config }) => config.batch_shape !== undefined)
  const builder = new ChainBuilder(weights, isKeras3, bytes)
  for (const layer of layers) builder.add(layer)
  return builder.chain
}

class ChainBuilder {
  readonly chain: LayerChain
  readonly #weights: KerasWeights
  readonly #isKeras3: boolean
  /** whether a note says that layers compute in half precision */
  #isHalf = false
  /** of what comes out so far, for one sample; undefined where it is not known */
  #shape: SampleShape | undefined

  constructor(weights: KerasWeights, isKeras3: boolean, bytes: number) {
    this.chain = new LayerChain(bytes)
    this.#weights = weights
    this.#isKeras3 = isKeras3
  }

  add(layer: KerasLayer): void {
    const { label, className, config } = layer
    this.#shape ??= sampleShape(label, config.batch_shape ?? config.batch_input_shape)
    this.#checkType(label, config.dtype)
    if (className === 'InputLayer' || inactive.has(className)) return
    if (isActivationClass(className)) return this.#activate(label, layerActivation(label, className, config))
    switch (className) {
      case 'Dense':
        return this.#dense(layer)
      case 'Activation':
        return this.#function(label, config.activation)
      case 'Flatten':
        return this.#flatten(label, config.data_format)
      case 'Reshape':
        return this.#reshape(label, config.target_shape)
      case 'BatchNormalization':
        return this.#batchNormalization(layer)
      case 'Normalization':
        return this.#normalization(layer)
      case 'Rescaling': {
        const factor = numbersIn(`${label}.scale`, config.scale)
        const shift = numbersIn(`${label}.offset`, config.offset ?? 0)
        return this.#columns(label, columnsBy({ factor, shift }), 'a scale')
      }
      default: {
        const expected =
          'a layer of a dense network, such as Dense, Activation, Dropout or BatchNormalization'
        throw rangeError(label, expected, show(className))
      }
    }
  }

  /** @param type a text, or a policy of types */
  #checkType(label: string, type: unknown): void {
    const { class_name: className, config } = isRecord(type) ? type : {}
    const name = isRecord(config) ? config.name : type
    if (typeof className === 'string' && className.startsWith('Quantized')) {
      throw rangeError(`${label}.dtype`, 'a layer that is not quantised', show(className))
    }
    if (typeof name !== 'string' || !name.includes('float16') || this.#isHalf) return
    this.#isHalf = true
    this.chain.notes.push(`${label}: computes in ${name} in Keras, and in f32 here`)
  }

  #dense(layer: KerasLayer): void {
    const { label, config } = layer
    const found = this.#weights(layer, config.use_bias === false ? ['kernel'] : ['kernel', 'bias'])
    const [inputs, units] = checkKernel(label, found[0])
    const said = checkInteger(`${label}.units`, config.units, { min: 1 })
    if (said !== units) throw rangeError(`${label}.kernel`, `${said} units, as its configuration says`, units)
    this.#checkFlat(label, inputs)
    addDense(this.chain, label, found)
    this.#shape = [units]
    this.#function(label, config.activation ?? 'linear')
  }

  #function(label: string, value: unknown): void {
    const activation = kerasActivation(`${label}.activation`, value)
    if (activation.type === 'linear') return
    if (activation.type === 'hardSigmoid' && !this.#isKeras3) {
      // clamp(0.2·z + 0.5, 0, 1) is the hard sigmoid of 1.2·z, which is clamp(1.2·z + 3, 0, 6)/6.
      this.#columns(
        label,
        columnsBy({ factor: [1.2] }),
        'the factor of hard_sigmoid, 0.2 in Keras 2 and 1/6 here',
      )
    }
    this.#activate(label, activation)
  }

  #activate(label: string, activation: ReturnType<typeof kerasActivation>): void {
    if (activation.type === 'softmax') this.#checkFlat(label)
    this.chain.activation(label, activation)
  }

  #flatten(label: string, format: unknown): void {
    if (format === 'channels_first' && this.#shape?.length !== 1) {
      throw rangeError(
        `${label}.data_format`,
        '"channels_last", which leaves the order as it is',
        show(format),
      )
    }
    this.#shape = this.#shape && [sizeOf(this.#shape)]
  }

  #reshape(label: string, target: unknown): void {
    const shape = dimensions(`${label}.target_shape`, target)
    const size = this.#shape && sizeOf(this.#shape)
    const isOpen = size !== undefined && shape.filter((length) => length === undefined).length === 1
    const known = shape.reduce<number>((product, length) => product * (length ?? 1), 1)
    this.#shape = isOpen ? shape.map((length) => length ?? size / known) : shape
    const after = sizeOf(this.#shape)
    const isWhole = this.#shape.every((length) => length === undefined || Number.isInteger(length))
    if (size !== undefined && after !== undefined && (size !== after || !isWhole)) {
      throw rangeError(`${label}.target_shape`, `${size} numbers, as before it`, showShape(shape))
    }
  }

  /** γ·(z − μ)/√(σ² + ε) + β */
  #batchNormalization(layer: KerasLayer): void {
    const { label, config } = layer
    checkAxis(label, config.axis)
    const epsilon = checkNumber(`${label}.epsilon`, config.epsilon ?? 1e-3, { min: 0 })
    const scale = config.scale === false ? [] : ['gamma']
    const center = config.center === false ? [] : ['beta']
    const found = this.#weights(layer, [...scale, ...center, 'moving_mean', 'moving_variance'])
    const [mean, variance] = found.slice(-2)
    const { length: width } = mean.numbers
    for (const weight of found) checkLength(label, weight, width)
    const deviation = deviations(label, variance.numbers, (v) => Math.sqrt(v + epsilon))
    const gamma = scale.length > 0 ? found[0].numbers : undefined
    const beta = center.length > 0 ? found[scale.length].numbers : undefined
    this.#columns(label, normalized(mean.numbers, deviation, gamma, beta), 'batch normalisation')
  }

  /** (x − μ)/max(σ, ε), or the reverse; of what layer.adapt() saw, or what the configuration has. */
  #normalization(layer: KerasLayer): void {
    const { label, config } = layer
    const { axis = -1, mean: saidMean = null, variance: saidVariance = null } = config
    if (axis !== null && !(Array.isArray(axis) && axis.length === 0)) checkAxis(label, axis)
    const isSaid = saidMean !== null
    const weights = isSaid ? [] : this.#weights(layer, ['mean', 'variance'], ['count'])
    const mean = isSaid ? numbersIn(`${label}.mean`, saidMean) : weights[0].numbers
    const variance = isSaid ? numbersIn(`${label}.variance`, saidVariance) : weights[1].numbers
    if (variance.length !== mean.length) {
      throw rangeError(`${label}.variance`, `${mean.length} numbers, as the mean has`, variance.length)
    }
    const deviation = deviations(label, variance, (v) => Math.max(Math.sqrt(v), 1e-7))
    const columns =
      config.invert === true
        ? columnsBy({ factor: deviation, shift: mean })
        : columnsBy({ offset: mean, factor: deviation.map((each) => 1 / each) })
    this.#columns(label, columns, 'normalisation')
  }

  #columns(label: string, columns: Columns, note: string): void {
    const width = widthOf(columns)
    if (width > 1) this.#checkFlat(label, width)
    this.chain.columns(label, columns, note)
  }

  /** @throws RangeError unless a sample is one row of numbers here, as many as the width if that matters */
  #checkFlat(label: string, width?: number): void {
    const shape = this.#shape ?? [width]
    const [length = width] = shape
    if (shape.length !== 1) {
      const hint = 'Flatten makes one of it'
      throw rangeError(label, 'one row of numbers for each sample', showShape(shape), { hint })
    }
    if (width !== undefined && length !== width) {
      throw rangeError(label, `${length} inputs, the numbers that come to it`, width)
    }
    this.#shape = [length]
  }
}

function deviations(label: string, variance: Float64Array, of: (v: number) => number): Float64Array {
  const deviation = variance.map(of)
  const wrong = deviation.findIndex((each) => !(each > 0))
  if (wrong < 0) return deviation
  throw rangeError(`${label}.variance[${wrong}]`, 'a positive number', variance[wrong])
}

/** One number, or several. */
function numbersIn(path: string, given: unknown): Float64Array {
  // Keras 3 writes arrays of NumPy so.
  const isNumPy = isRecord(given) && given.class_name === '__numpy__' && isRecord(given.config)
  const value: unknown = isNumPy ? (given.config as Record<string, unknown>).value : given
  if (!Array.isArray(value)) return Float64Array.of(checkNumber(path, value))
  if (value.length === 0) throw rangeError(path, 'a number, or several', 'none')
  return Float64Array.from(value, (number, i) => checkNumber(`${path}[${i}]`, number))
}
