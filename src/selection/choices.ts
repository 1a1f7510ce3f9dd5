/** Turns named choices into recipes: determines which option of the network, the optimiser or fit a name stands for. */
import { checkKeys, checkName, checkObject } from '../base/check.js'
import type { FitOptions, Optimizer, OptimizerOption } from '../index.js'
import type { ModelOptions } from '../model/index.js'
import { optimizerMakers } from './optimizer-makers.js'
import { otherOptimizers } from '../definition/other-names.js'
import { otherChoices } from './other-names.js'
import { networkNames, type HiddenOptions } from './recipe.js'
import type { Chosen } from './space.js'

type ObjectOf<Union> = Union extends unknown ? Omit<Union, 'type'> : never
type KeyOf<Union> = Union extends unknown ? keyof Union : never
type HyperParameter = KeyOf<ObjectOf<Optimizer>>

type ChoosableFit = Omit<
  FitOptions,
  | 'shards'
  | 'on'
  | 'threads'
  | 'signal'
  | 'optimizer'
  | 'onBatch'
  | 'onEpoch'
  | 'checkpoint'
  | 'progress'
  | 'metrics'
>

/** The names a space may contain, and the type of their values. */
export type Choosable = Required<HiddenOptions> &
  Required<ChoosableFit> &
  Required<Pick<ModelOptions, 'features' | 'scale' | 'unknown'>> & {
    /** an optimiser, its name, or a function that creates it */
    readonly optimizer: OptimizerOption
  } & Readonly<Record<Exclude<HyperParameter, BooleanParameter>, number>> &
  Readonly<Record<BooleanParameter, boolean>>

type BooleanParameter = BooleanKeyOf<ObjectOf<Optimizer>>
type BooleanKeyOf<Union> = Union extends unknown
  ? { [Key in keyof Union]-?: boolean extends Union[Key] ? Key : never }[keyof Union]
  : never

const fitNames: Readonly<Record<keyof ChoosableFit | 'optimizer', true>> = {
  epochs: true,
  batchSize: true,
  accumulate: true,
  optimizer: true,
  schedule: true,
  classWeights: true,
  l1: true,
  l2: true,
  clipGradients: true,
  maxWeightNorm: true,
  dropout: true,
  averageWeights: true,
  labelSmoothing: true,
  shuffle: true,
  validation: true,
  earlyStopping: true,
  timeLimit: true,
}

const hyperParameterNames: Readonly<Record<HyperParameter, true>> = {
  learningRate: true,
  weightDecay: true,
  momentum: true,
  nesterov: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  amsgrad: true,
  alpha: true,
  centered: true,
  rho: true,
  momentumDecay: true,
  learningRateDecay: true,
  etaMinus: true,
  etaPlus: true,
  stepMin: true,
  stepMax: true,
}

const choosableModelNames = ['features', 'scale', 'unknown']

/**
 * The recipe for a choice by known names, each the option of that name: of the network or model, its optimiser, or fit.
 *
 * @param base what all choices share
 * @throws TypeError or RangeError for an unknown name, or a hyper-parameter that the optimiser does not have
 */
export function recipeOf(
  choice: Chosen,
  { network = {}, model, fit = {} }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const [hyper, fitted] = [Object.keys(hyperParameterNames), Object.keys(fitNames)]
  const made = [...Object.keys(networkNames), ...(model === undefined ? [] : choosableModelNames)]
  checkKeys('space', choice, [...made, ...fitted, ...hyper], otherChoices)
  const of = (names: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(Object.entries(choice).filter(([name]) => names.includes(name)))
  const { optimizer, ...options } = { ...checkObject('fit', fit), ...of(fitted) }
  const whole =
    model === undefined
      ? { network: { ...checkObject('network', network), ...of(made) } }
      : { model: { ...checkObject('model', model), ...of(made) } }
  return { ...whole, fit: { ...options, optimizer: optimizerWith(optimizer ?? 'adam', of(hyper)) } }
}

function optimizerWith(option: unknown, hyperParameters: Record<string, unknown>): Optimizer {
  const made: unknown = typeof option === 'function' ? (option as () => unknown)() : option
  const { type, ...options } =
    typeof made === 'string' ? { type: made } : checkObject('optimizer', made, otherOptimizers)
  const name = checkName('optimizer', type, Object.keys(optimizerMakers) as Optimizer['type'][])
  return optimizerMakers[name]({ ...options, ...hyperParameters })
}
