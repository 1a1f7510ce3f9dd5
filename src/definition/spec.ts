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
import { checkImported, checkInteger, checkKeys, checkName, isPlain, show } from '../base/check.js'
import type { Precision } from '../base/floats.js'
import { keyOf, readOnce } from './alike.js'
import {
  initializerOption,
  resolveInitializer,
  type Initializer,
  type InitializerName,
  type InitializerOption,
} from './initializers.js'
import type { LossName } from './losses.js'
import { otherLongOptions, otherNetworkOptions, otherParts } from './other-names.js'

/** The engine in plain JavaScript: `baseline` of deltaprop/baseline. */
export interface BaselineEngine {
  readonly name: 'baseline'
  /** makes an engine for a spec that can stage so many rows at once */
  readonly create: (spec: never, rows?: number) => unknown
}

/** Relaxed arithmetic: `relaxed` of deltaprop/relaxed. */
export interface RelaxedArithmetic {
  readonly name: 'relaxed'
  /** base64: continues the stream of the exact core */
  readonly stream: string
  /** the size of the relaxed core */
  readonly bytes: number
}

/** Options of the whole network, in both forms. */
export interface NetworkOptions {
  /** 'halfSquared' unless given; 'categoricalCrossEntropy' after a softmax */
  readonly loss?: LossName
  /** 'f32' unless given */
  readonly precision?: Precision
  /** an integer from 0 to 2⁵³ − 1 that determines all random numbers; random unless given */
  readonly seed?: number
  /**
   * 'wasm' unless given; or `baseline` of deltaprop/baseline: plain JavaScript, which runs without WebAssembly SIMD
   * too, and has bits of its own
   */
  readonly engine?: 'wasm' | BaselineEngine
  /**
   * 'exact' unless given: the same bits everywhere; or `relaxed` of deltaprop/relaxed: fused multiply-add where the
   * runtime has it
   */
  readonly arithmetic?: 'exact' | RelaxedArithmetic
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
  /** the engine to use instead of the saved one; required for a network that was saved with `baseline` */
  readonly engine?: 'wasm' | BaselineEngine | undefined
  /** 'exact' unless given, whatever was saved */
  readonly arithmetic?: 'exact' | RelaxedArithmetic | undefined
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
export interface Spec extends Architecture, Computation {
  readonly layers: readonly LayerSpec[]
  readonly seed: number
}

/** How a network computes. */
export interface Computation {
  readonly engine: 'wasm' | 'baseline'
  readonly arithmetic: 'exact' | 'relaxed'
  /** what these names stand for, if they are not the defaults; a file has the names alone */
  readonly imports: {
    readonly baseline?: BaselineEngine | undefined
    readonly relaxed?: RelaxedArithmetic | undefined
  }
}

/** The long form as files have it: engine and arithmetic by their names. */
export interface SavedOptions extends Omit<LongOptions, 'engine' | 'arithmetic'> {
  readonly engine?: 'wasm' | 'baseline'
  readonly arithmetic?: 'exact' | 'relaxed'
}

const sharedNames = ['loss', 'precision', 'seed', 'engine', 'arithmetic']

/** Options of the short form. */
export const shortNames = ['activation', 'initializer', 'biasInitializer', ...sharedNames]

/** The last spec that was resolved of sizes: thousands of networks alike share it, all but the seed. */
let last: { readonly key: string; readonly spec: Spec } | undefined

/** @throws TypeError or RangeError that names the option, what was expected and what came. */
export function resolveSpec(network: unknown, options: unknown): Spec {
  // What is inherited counts as well, and what is no record at all has to be said.
  if (options !== undefined && !isPlain(options)) return resolveAnew(network, options)
  const { sizes, given } = readOnce(network, options)
  const key = keyOf(sizes, given)
  if (key === undefined) return resolveAnew(sizes, given)
  if (last?.key !== key) last = { key, spec: resolveAnew(sizes, given) }
  return { ...last.spec, seed: resolveSeed(given?.seed) }
}

function resolveAnew(network: unknown, options: unknown): Spec {
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
  const architecture = resolveArchitecture(given, otherParts)
  return completeSpec(architecture, given, resolveComputation(given))
}

/**
 * The options engine and arithmetic of a network that is made or read.
 *
 * @throws RangeError that names the option
 */
export function resolveComputation({ engine, arithmetic }: Readonly<Record<string, unknown>>): Computation {
  const baseline = resolveImport<BaselineEngine>('engine', engine, 'wasm', 'baseline', 'create')
  const relaxed = resolveImport<RelaxedArithmetic>('arithmetic', arithmetic, 'exact', 'relaxed', 'stream')
  return {
    engine: baseline?.name ?? 'wasm',
    arithmetic: relaxed?.name ?? 'exact',
    imports: { baseline, relaxed },
  }
}

/** An option that is the default, or a value that is imported; undefined for the default. */
function resolveImport<Value extends { readonly name: string }>(
  option: string,
  given: unknown,
  standard: string,
  name: Value['name'],
  member: keyof Value & string,
): Value | undefined {
  if (given === standard) return undefined
  const from = `deltaprop/${name}`
  return checkImported(option, given, { name, member, expected: `"${standard}", or ${name}`, from })
}

/**
 * The same of a file, by their names.
 *
 * @throws RangeError that names the option
 */
export function readComputation(given: Readonly<Record<string, unknown>>): Computation {
  const { engine = 'wasm', arithmetic = 'exact' } = given
  return {
    engine: checkName('engine', engine, ['wasm', 'baseline']),
    arithmetic: checkName('arithmetic', arithmetic, ['exact', 'relaxed']),
    imports: {},
  }
}

/**
 * An architecture with the rest of the options that it was resolved from, in the long form.
 *
 * @throws TypeError or RangeError that names the option, what was expected and what came.
 */
export function completeSpec(
  architecture: Architecture,
  given: Readonly<Record<string, unknown>>,
  computation: Computation,
): Spec {
  const layerOptions = given.layers as readonly Record<string, unknown>[]
  return {
    ...architecture,
    layers: architecture.layers.map((layer, l) => ({
      ...layer,
      ...resolveInitializers(`layers[${l}]`, layerOptions[l], layer.activation.type),
    })),
    seed: resolveSeed(given.seed),
    ...computation,
  }
}

function resolveSeed(seed: unknown = Math.floor(Math.random() * 2 ** 32)): number {
  return checkInteger('seed', seed, { min: 0 })
}

/** The long form that resolves to this spec, for files. */
export function specOptions(spec: Spec): SavedOptions {
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
