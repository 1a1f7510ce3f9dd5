import { rangeError, typeError } from '../base/argument-error.js'
import { activationOption, type ActivationName, type ActivationOption } from './activations.js'
import {
  checkLayerCount,
  MAX_UNITS,
  describeArchitecture,
  resolveArchitecture,
  type Architecture,
  type LayerArchitecture,
} from './architecture.js'
import { checkInteger, checkKeys, checkName, show } from '../base/check.js'
import type { Precision } from '../base/floats.js'
import {
  initializerOption,
  resolveInitializer,
  type Initializer,
  type InitializerName,
  type InitializerOption,
} from './initializers.js'
import type { LossName } from './losses.js'
import { otherLongOptions, otherNetworkOptions, otherParts } from './other-names.js'

/** Options of the whole network, in both forms. */
export interface NetworkOptions {
  /** 'halfSquared' unless given; 'categoricalCrossEntropy' after a softmax */
  readonly loss?: LossName
  /** 'f32' unless given */
  readonly precision?: Precision
  /** an integer from 0 to 2⁵³ − 1 that determines all random numbers; random unless given */
  readonly seed?: number
  /**
   * 'wasm' unless given; 'baseline' is plain JavaScript, which runs without WebAssembly SIMD too, and has bits of its
   * own
   */
  readonly engine?: 'wasm' | 'baseline'
  /** 'exact' unless given: the same bits everywhere; 'relaxed': fused multiply-add where the runtime has it */
  readonly arithmetic?: 'exact' | 'relaxed'
}

/** Options of the short form: one activation for all layers, or one for the hidden ones and one for the output. */
export interface ShortOptions extends NetworkOptions {
  readonly activation?:
    ActivationOption | { readonly hidden?: ActivationOption; readonly output?: ActivationOption }
  readonly initializer?: InitializerOption
  readonly biasInitializer?: InitializerOption
}

/** One layer of the long form. */
export interface LayerOptions {
  readonly units: number
  /** 'relu' unless given; 'linear' for the last layer */
  readonly activation?: ActivationOption
  /** He for the relu family, LeCun for selu, Glorot otherwise, all normal */
  readonly initializer?: InitializerOption
  /** 'zeros' unless given */
  readonly biasInitializer?: InitializerOption
}

/** How a network is read from what has been saved. */
export interface ReadOptions {
  /** the engine to use instead of the saved one: 'baseline' where WebAssembly SIMD is missing */
  readonly engine?: 'wasm' | 'baseline' | undefined
}

/** The long form. */
export interface LongOptions extends NetworkOptions {
  readonly inputs: number
  /** 1 to 4096 layers */
  readonly layers: readonly LayerOptions[]
}

export interface LayerSpec extends LayerArchitecture {
  readonly initializer: Initializer
  readonly biasInitializer: Initializer
}

/** What a network is made of, checked, with every default filled in. */
export interface Spec extends Architecture {
  readonly layers: readonly LayerSpec[]
  readonly seed: number
  readonly engine: 'wasm' | 'baseline'
  readonly arithmetic: 'exact' | 'relaxed'
}

const sharedNames = ['loss', 'precision', 'seed', 'engine', 'arithmetic']

/** Options of the short form. */
export const shortNames = ['activation', 'initializer', 'biasInitializer', ...sharedNames]

/** @throws TypeError or RangeError that names the option, what was expected and what came. */
export function resolveSpec(network: unknown, options: unknown): Spec {
  if (typeof network !== 'object' || network === null || ArrayBuffer.isView(network)) {
    throw typeError('network', 'an array of sizes or an object of options', show(network), {
      hint: 'such as [2, 8, 1]',
    })
  }
  const long = Array.isArray(network) ? fromSizes(network, options) : network
  if (!Array.isArray(network) && options !== undefined) {
    throw typeError('options', 'nothing beside the long form', show(options))
  }
  const given = checkKeys('network', long, ['inputs', 'layers', ...sharedNames], otherLongOptions)
  return completeSpec(resolveArchitecture(given, otherParts), given)
}

/**
 * An architecture with the rest of the options that it was resolved from, in the long form.
 *
 * @throws TypeError or RangeError that names the option, what was expected and what came.
 */
export function completeSpec(architecture: Architecture, given: Readonly<Record<string, unknown>>): Spec {
  const { engine = 'wasm', arithmetic = 'exact' } = given
  const { seed = Math.floor(Math.random() * 2 ** 32) } = given
  const layerOptions = given.layers as readonly Record<string, unknown>[]
  return {
    ...architecture,
    layers: architecture.layers.map((layer, l) => ({
      ...layer,
      ...resolveInitializers(`layers[${l}]`, layerOptions[l], layer.activation.type),
    })),
    seed: checkInteger('seed', seed, { min: 0 }),
    engine: checkEngine(engine),
    arithmetic: checkName('arithmetic', arithmetic, ['exact', 'relaxed']),
  }
}

/** @throws RangeError that names the option */
export function checkEngine(engine: unknown): Spec['engine'] {
  return checkName('engine', engine, ['wasm', 'baseline'])
}

/** The long form that resolves to this spec, for files. */
export function specOptions(spec: Spec): LongOptions {
  const { inputs, loss, precision, seed, engine, arithmetic } = spec
  const layers = spec.layers.map(({ units, activation, initializer, biasInitializer }) => ({
    units,
    activation: activationOption(activation),
    initializer: initializerOption(initializer),
    biasInitializer: initializerOption(biasInitializer),
  }))
  return { inputs, layers, loss, precision, seed, engine, arithmetic }
}

/** `Network(2 → 3 sigmoid → 2 sigmoid; 17 parameters, f64, halfSquared)` */
export function describeSpec(spec: Spec): string {
  return `Network(${describeArchitecture(spec)}, ${spec.loss})`
}

function fromSizes(sizes: readonly unknown[], option: unknown): unknown {
  const { activation, initializer, biasInitializer, ...shared } = checkKeys(
    'options',
    option === undefined ? {} : option,
    shortNames,
    otherNetworkOptions,
  )
  if (sizes.length < 2) {
    throw rangeError('sizes', 'at least 2 sizes, inputs and outputs', sizes.length)
  }
  checkLayerCount('sizes', sizes.length, 'sizes', 1)
  for (const [i, size] of sizes.entries()) checkInteger(`sizes[${i}]`, size, { min: 1, max: MAX_UNITS })
  const { hidden, output } = byPosition(activation)
  const layers = sizes.slice(1).map((units, l) => ({
    units,
    activation: l === sizes.length - 2 ? output : hidden,
    initializer,
    biasInitializer,
  }))
  return { inputs: sizes[0], layers, ...shared }
}

function byPosition(activation: unknown): { hidden: unknown; output: unknown } {
  if (typeof activation === 'object' && activation !== null && !('type' in activation)) {
    const { hidden, output } = checkKeys(
      'activation',
      activation,
      ['hidden', 'output'],
      otherParts.activations,
    )
    return { hidden, output }
  }
  return { hidden: activation, output: activation }
}

function resolveInitializers(
  name: string,
  given: Readonly<Record<string, unknown>>,
  activation: ActivationName,
): Pick<LayerSpec, 'initializer' | 'biasInitializer'> {
  const { initializer = defaultInitializer(activation), biasInitializer = 'zeros' } = given
  return {
    initializer: resolveInitializer(`${name}.initializer`, initializer),
    biasInitializer: resolveInitializer(`${name}.biasInitializer`, biasInitializer),
  }
}

function defaultInitializer(activation: ActivationName): InitializerName {
  switch (activation) {
    case 'relu':
    case 'leakyRelu':
    case 'elu':
    case 'gelu':
    case 'geluTanh':
    case 'silu':
    case 'mish':
      return 'heNormal'
    case 'selu':
      return 'lecunNormal'
    case 'linear':
    case 'sigmoid':
    case 'tanh':
    case 'softplus':
    case 'softsign':
    case 'hardSigmoid':
    case 'softmax':
      return 'glorotNormal'
  }
}
