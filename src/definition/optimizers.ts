import { rangeError } from '../base/argument-error.js'
import {
  checkBoolean,
  checkKeys,
  checkName,
  isPlain,
  checkNumber,
  checkObject,
  type Bounds,
} from '../base/check.js'
import { otherHyperParameters, otherOptimizers } from './other-names.js'

/** The names, in the order of the numbers in assembly/step/structs.ts. */
export const optimizerNames = [
  'sgd',
  'adagrad',
  'rmsprop',
  'adadelta',
  'adam',
  'adamw',
  'nadam',
  'rprop',
] as const

/** An optimiser with its defaults. */
export type OptimizerName = (typeof optimizerNames)[number]

interface CommonOptions {
  /** η, the factor of a step */
  readonly learningRate?: number
}

interface DecayOptions extends CommonOptions {
  /** λ; λ·w is added to the gradient (adamw: w shrinks by the factor 1 − η·λ) */
  readonly weightDecay?: number
}

/** Hyper-parameters of sgd. */
export interface SgdOptions extends DecayOptions {
  readonly momentum?: number
  readonly nesterov?: boolean
}

/** Hyper-parameters of adagrad. */
export interface AdagradOptions extends DecayOptions {
  readonly learningRateDecay?: number
  readonly epsilon?: number
}

/** Hyper-parameters of rmsprop. */
export interface RmspropOptions extends DecayOptions {
  readonly alpha?: number
  readonly epsilon?: number
  readonly momentum?: number
  readonly centered?: boolean
}

/** Hyper-parameters of adadelta. */
export interface AdadeltaOptions extends DecayOptions {
  readonly rho?: number
  readonly epsilon?: number
}

/** Hyper-parameters of adam and adamw. */
export interface AdamOptions extends DecayOptions {
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  readonly amsgrad?: boolean
}

/** Hyper-parameters of nadam. */
export interface NadamOptions extends DecayOptions {
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  readonly momentumDecay?: number
}

/** Hyper-parameters of rprop. */
export interface RpropOptions extends CommonOptions {
  readonly etaMinus?: number
  readonly etaPlus?: number
  readonly stepMin?: number
  readonly stepMax?: number
}

/**
 * An optimiser and all its hyper-parameters. A plain object: it has no state, which belongs to the network that it
 * updates.
 */
export type Optimizer =
  | ({ readonly type: 'sgd' } & Required<SgdOptions>)
  | ({ readonly type: 'adagrad' } & Required<AdagradOptions>)
  | ({ readonly type: 'rmsprop' } & Required<RmspropOptions>)
  | ({ readonly type: 'adadelta' } & Required<AdadeltaOptions>)
  | ({ readonly type: 'adam' | 'adamw' } & Required<AdamOptions>)
  | ({ readonly type: 'nadam' } & Required<NadamOptions>)
  | ({ readonly type: 'rprop' } & Required<RpropOptions>)

/** An optimiser; or its name or maker, for one with the defaults: `'adam'`, `adam`. */
export type OptimizerOption = Optimizer | OptimizerName | (() => Optimizer)

/** w −= η·v, v = μ·v + g: gradient descent, with momentum and Nesterov's look-ahead on request. η = 0.001, μ = 0. */
export function sgd(options: SgdOptions = {}): Optimizer {
  return make('sgd', options)
}

/** Adagrad (Duchi et al. 2011): every weight's step shrinks with its own past gradients. η = 0.01. */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  return make('adagrad', options)
}

/** RMSprop (Hinton 2012): a step relative to the recent size of the gradient. η = 0.01, α = 0.99. */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  return make('rmsprop', options)
}

/** Adadelta (Zeiler 2012): like rmsprop, its rate estimated from past steps. η = 1, ρ = 0.9. */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  return make('adadelta', options)
}

/** Adam (Kingma & Ba 2015), AMSGrad on request. η = 0.001, β₁ = 0.9, β₂ = 0.999. */
export function adam(options: AdamOptions = {}): Optimizer {
  return make('adam', options)
}

/** AdamW (Loshchilov & Hutter 2019): Adam with weight decay apart from the gradient. η = 0.001, weightDecay 0.01. */
export function adamw(options: AdamOptions = {}): Optimizer {
  return make('adamw', options)
}

/** NAdam (Dozat 2016): Adam with Nesterov's look-ahead. η = 0.002. */
export function nadam(options: NadamOptions = {}): Optimizer {
  return make('nadam', options)
}

/** Rprop (Riedmiller & Braun 1993): only the sign of the gradient counts; for full batches. First steps of η = 0.01. */
export function rprop(options: RpropOptions = {}): Optimizer {
  return make('rprop', options)
}

const positive: Bounds = { above: 0 }
const notNegative: Bounds = { min: 0 }
const decay: Bounds = { min: 0, below: 1 }

type HyperParameters<Union> = Union extends unknown ? Omit<Union, 'type'> : never
type NumberOf<Union> = Union extends unknown
  ? { [Name in keyof Union]: Union[Name] extends number ? Name : never }[keyof Union]
  : never

/** The range of a hyper-parameter. */
const ranges: Readonly<Record<NumberOf<HyperParameters<Optimizer>>, Bounds>> = {
  learningRate: notNegative,
  weightDecay: notNegative,
  epsilon: notNegative,
  momentum: notNegative,
  learningRateDecay: notNegative,
  momentumDecay: notNegative,
  alpha: { min: 0, max: 1 },
  rho: { min: 0, max: 1 },
  beta1: decay,
  beta2: decay,
  etaMinus: { above: 0, below: 1 },
  etaPlus: { above: 1 },
  stepMin: positive,
  stepMax: positive,
}

const adamDefaults = {
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}

/** The hyper-parameters of each optimiser and their defaults: those of torch.optim. */
const defaults: {
  readonly [Type in OptimizerName]: HyperParameters<Optimizer & { readonly type: Type }>
} = {
  sgd: { learningRate: 0.001, momentum: 0, nesterov: false, weightDecay: 0 },
  adagrad: { learningRate: 0.01, learningRateDecay: 0, epsilon: 1e-10, weightDecay: 0 },
  rmsprop: { learningRate: 0.01, alpha: 0.99, epsilon: 1e-8, momentum: 0, centered: false, weightDecay: 0 },
  adadelta: { learningRate: 1, rho: 0.9, epsilon: 1e-6, weightDecay: 0 },
  adam: adamDefaults,
  adamw: { ...adamDefaults, weightDecay: 0.01 },
  nadam: {
    learningRate: 0.002,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    momentumDecay: 0.004,
    weightDecay: 0,
  },
  rprop: { learningRate: 0.01, etaMinus: 0.5, etaPlus: 1.2, stepMin: 1e-6, stepMax: 50 },
}

/** How many numbers an optimiser keeps for each parameter. */
export function slotCount(optimizer: Optimizer): number {
  switch (optimizer.type) {
    case 'sgd':
      return optimizer.momentum === 0 ? 0 : 1
    case 'adagrad':
      return 1
    case 'adadelta':
    case 'nadam':
    case 'rprop':
      return 2
    case 'rmsprop':
      return optimizer.centered ? 3 : 2
    case 'adam':
    case 'adamw':
      return optimizer.amsgrad ? 3 : 2
  }
}

const resolved = new WeakSet()

/**
 * An optimiser with every hyper-parameter checked and every default filled in; one made here, or by a maker such as
 * adam(), is returned as it is.
 *
 * @throws TypeError or RangeError that names what is wrong; whatever a given maker throws
 */
export function resolveOptimizer(option: unknown): Optimizer {
  if (typeof option === 'string') return make(checkName('optimizer', option, optimizerNames, otherOptimizers))
  const made: unknown = typeof option === 'function' ? (option as () => unknown)() : option
  if (resolved.has(made as object)) return made as Optimizer
  const { type, ...options } = checkObject('optimizer', made, otherOptimizers)
  return make(checkName('optimizer.type', type, optimizerNames, otherOptimizers), options)
}

/** What was made last of a type, and of which options: many callers make theirs anew for each call. */
interface Made {
  readonly options: Readonly<Record<string, unknown>>
  /** the number of those */
  readonly count: number
  readonly optimizer: Optimizer
}

const lastMade = new Map<OptimizerName, Made>()

function make(type: OptimizerName, options: unknown = {}): Optimizer {
  // What is inherited counts as well, and what is no record at all has to be said.
  if (!isPlain(options)) return makeAnew(type, options)
  // Each option is read once: it may be a getter.
  const given = { ...options }
  const last = lastMade.get(type)
  if (last !== undefined && areSame(given, last)) return last.optimizer
  const optimizer = makeAnew(type, given)
  lastMade.set(type, { options: given, count: Object.keys(given).length, optimizer })
  return optimizer
}

/** Whether options have the names of the last, with the same numbers and booleans: no others are right. */
function areSame(options: Readonly<Record<string, unknown>>, last: Made): boolean {
  let count = 0
  for (const name in options) {
    const value = options[name]
    // Not what a name has that is missing in the last: undefined, or what every object inherits.
    if (typeof value !== 'number' && typeof value !== 'boolean') return false
    if (!Object.is(value, last.options[name])) return false
    ++count
  }
  return count === last.count
}

function makeAnew(type: OptimizerName, options: unknown): Optimizer {
  const known = defaults[type]
  const given = checkKeys(type, options, Object.keys(known), otherHyperParameters)
  const optimizer: Record<string, unknown> = { type }
  for (const [name, fallback] of Object.entries(known) as [keyof typeof ranges, number | boolean][]) {
    const { [name]: value = fallback } = given
    const label = `${type}.${name}`
    optimizer[name] =
      typeof fallback === 'boolean' ? checkBoolean(label, value) : checkNumber(label, value, ranges[name])
  }
  const { nesterov, momentum, stepMin, stepMax } = optimizer
  if (nesterov === true && momentum === 0) {
    throw rangeError('sgd.nesterov', 'a momentum > 0 with it', 0)
  }
  if (type === 'rprop' && Number(stepMin) > Number(stepMax)) {
    throw rangeError('rprop.stepMin', 'a number <= stepMax', `${Number(stepMin)} and ${Number(stepMax)}`)
  }
  resolved.add(optimizer)
  return Object.freeze(optimizer) as unknown as Optimizer
}
