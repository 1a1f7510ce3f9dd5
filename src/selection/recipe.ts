import { rangeError, typeError } from '../base/argument-error.js'
import type { AbortFlag } from '../platform/abort.js'
import { checkInteger, checkKeys, checkObject, show } from '../base/check.js'
import {
  evaluate,
  Network,
  type FitData,
  type FitOptions,
  type History,
  type LongOptions,
  type ShortOptions,
} from '../index.js'
import { Model, type Data, type ModelFitOptions, type ModelOptions } from '../model/index.js'
import { isCategorical } from '../model/column.js'
import { requestsSoftmax, hasSoftmax } from './target-classes.js'
import type { Evaluation } from './estimate.js'
import { otherHiddenOptions } from './other-names.js'

/**
 * Options of the short form, with hidden layers instead of all sizes: the data determines the number of inputs and
 * outputs. For a softmax whose `y` is one column, the highest class index in it determines the number of outputs.
 */
export interface HiddenOptions extends ShortOptions {
  /** units of the hidden layers, first to last; none unless given */
  readonly hidden?: readonly number[]
}

type ChosenHere = 'threads' | 'signal'

/** A network to train, and how to train it. */
export interface NetworkRecipe {
  /** its seed defaults to that of the selection */
  readonly network?: HiddenOptions | LongOptions
  /** creates the network of a fold, counted from 0, instead of `network`; must return a new one on every call */
  readonly create?: (fold: number) => Network
  /** without threads and signal, which are set by `parallel` and `signal` */
  readonly fit?: Omit<FitOptions, ChosenHere>
}

/**
 * A model to train, and how to train it. Scales and categories are learnt from the training rows alone, classes from
 * all data.
 */
export interface ModelRecipe {
  /** its seed defaults to that of the selection */
  readonly model: ModelOptions
  /** without threads and signal, which are set by `parallel` and `signal` */
  readonly fit?: Omit<ModelFitOptions, ChosenHere>
}

/** Options of fit whose signal may be a flag, which implements the part of AbortSignal that fit checks and uses. */
export type LearnerOptions = Omit<FitOptions, 'signal'> & { readonly signal?: AbortSignal | AbortFlag }

/** The interface that selection uses for both networks and models. */
export interface Learner<Made = Network | Model> {
  readonly made: Made
  readonly network: Network
  fit(data: unknown, options: LearnerOptions): Promise<History>
  evaluate(data: unknown): Evaluation
}

/** A recipe, resolved. */
export interface Candidate {
  readonly fit: FitOptions
  /**
   * Creates an untrained learner; a model has already learnt the scales and categories of the data it will be trained
   * on. For a fold, its classes are those of all data of the selection; without a fold, those of this data as well.
   */
  readonly make: (data: unknown, fold?: number) => Learner
}

/** Numbers per sample of x and of y; undefined for data with names. */
export type Sizes =
  | {
      readonly inputs: number
      readonly outputs: number
      /** the number of classes of a softmax, if y has one number per sample; throws if that is not a class index */
      readonly classes: (() => number) | undefined
    }
  | undefined

export const recipeNames: readonly string[] = ['network', 'create', 'model', 'fit']

export const networkNames: Readonly<Record<keyof HiddenOptions, true>> = {
  hidden: true,
  activation: true,
  initializer: true,
  biasInitializer: true,
  loss: true,
  precision: true,
  seed: true,
  engine: true,
  arithmetic: true,
}

/**
 * @param data all of it
 * @throws TypeError or RangeError that names what is wrong; most options are checked where they are used
 */
export function candidateOf(
  recipe: Readonly<Record<string, unknown>>,
  sizes: Sizes,
  seed: number,
  data: unknown,
): Candidate {
  const { network, create, model, fit = {} } = recipe
  return { fit: checkFit(fit), make: maker({ network, create, model }, sizes, seed, data) }
}

function maker(
  recipe: Omit<Record<string, unknown>, 'fit'>,
  sizes: Sizes,
  seed: number,
  all: unknown,
): Candidate['make'] {
  const { network, create, model } = recipe
  if (sizes === undefined) {
    for (const [name, value] of Object.entries({ network, create })) {
      if (value !== undefined) throw typeError(name, 'nothing beside model', show(value))
    }
    const own = { seed, ...(checkObject('model', model) as unknown as ModelOptions) }
    const ofAll = { ...own, ...classesOption(all as Data, own) }
    return (data, fold) => learnerOfModel(Model.create(data as Data, fold === undefined ? own : ofAll))
  }
  if (model !== undefined) throw typeError('model', 'one of every choice or of none', show(model))
  if (create === undefined && network === undefined)
    throw typeError('network', 'it, create or model', 'none of them')
  if (create === undefined) {
    const make = fromOptions(network, sizes, seed)
    return () => learnerOfNetwork(checkSizes(make(), sizes))
  }
  if (network !== undefined) throw typeError('network', 'nothing beside create', show(network))
  if (!isFunction(create)) throw typeError('create', 'a function', show(create))
  const made = new WeakSet<Network>()
  return (_, fold = 0) => {
    const net = create(fold)
    if (!(net instanceof Network)) throw typeError('create', 'it to return a Network', show(net))
    if (made.has(net)) throw new Error('create: expected a new network in every call, got one of another')
    made.add(net)
    return learnerOfNetwork(checkSizes(net, sizes))
  }
}

/** The classes that a model finds in the data, as an option; empty if there are none. */
function classesOption(data: Data, options: ModelOptions): Pick<ModelOptions, 'classes'> {
  const model = Model.create(data, { ...options, hidden: [] })
  const [target] = model.outputs
  model.dispose()
  return isCategorical(target) ? { classes: target.categories } : {}
}

function learnerOfNetwork(network: Network): Learner {
  return {
    made: network,
    network,
    fit: (data, options) => network.fit(data as FitData, options as FitOptions),
    evaluate: (data) => evaluate(network, data as FitData),
  }
}

function learnerOfModel(model: Model): Learner {
  return {
    made: model,
    network: model.network,
    fit: (data, options) => model.fit(data as Data, options as ModelFitOptions),
    evaluate: (data) => model.evaluate(data as Data),
  }
}

function fromOptions(network: unknown, sizes: NonNullable<Sizes>, seed: number): () => Network {
  const { inputs } = sizes
  const given = checkObject('network', network)
  // The network's own seed takes precedence over the selection's.
  if ('layers' in given) return () => new Network({ seed, ...(given as unknown as LongOptions) })
  const { hidden = [], ...options } = checkKeys(
    'network',
    given,
    Object.keys(networkNames),
    otherHiddenOptions,
  )
  if (!Array.isArray(hidden))
    throw typeError('hidden', 'an array of units', show(hidden), { hint: '[8] is one layer' })
  const units = hidden.map((each, l) => checkInteger(`hidden[${l}]`, each, { min: 1 }))
  const classes = requestsSoftmax(options.activation) ? sizes.classes?.() : undefined
  const outputs = classes ?? sizes.outputs
  return () => new Network([inputs, ...units, outputs], { seed, ...(options as ShortOptions) })
}

function checkSizes(net: Network, { inputs, outputs, classes }: NonNullable<Sizes>): Network {
  if (net.inputs !== inputs) {
    throw rangeError('network', `${inputs} inputs as in x`, net.inputs)
  }
  if (classes !== undefined && hasSoftmax(net)) {
    if (net.outputs >= classes()) return net
    throw rangeError('network', `at least ${classes()} outputs, the classes of y`, net.outputs)
  }
  if (net.outputs === outputs) return net
  throw rangeError('network', `${outputs} outputs as in y`, net.outputs)
}

function checkFit(option: unknown): FitOptions {
  const fit = checkObject('fit', option)
  for (const [name, instead] of [
    ['threads', 'parallel'],
    ['signal', 'signal'],
  ]) {
    if (fit[name] === undefined) continue
    const expected = `nothing, for there is the option ${instead}`
    throw typeError(`fit.${name}`, expected, show(fit[name]))
  }
  return fit
}

function isFunction(value: unknown): value is (argument: unknown) => unknown {
  return typeof value === 'function'
}
