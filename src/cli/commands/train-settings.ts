/** Translates the options of `deltaprop train` into those of the library, and errors about these back. */
import type { Command } from 'commander'
import { errorDetails, rangeError } from '../../base/argument-error.js'
import { checkpointFile, type CheckpointFile, type Optimizer } from '../../index.js'
import type { ModelFitOptions, ModelOptions } from '../../model/index.js'
import { NamedError } from '../../node/files.js'
import { optimizerMakers } from '../../selection/optimizer-makers.js'
import type { ChosenColumns } from '../choose-columns.js'
import { commandMessage } from '../errors.js'
import { showFile } from '../files.js'
import type { LearningOptions, NetworkOptions, TableOptions, TrainOptions } from './train-options.js'

export function modelOptions(
  options: TableOptions & NetworkOptions,
  { target, features, texts }: ChosenColumns,
): ModelOptions {
  const { scale, unknown, hidden, activation, precision, seed } = options
  return {
    target: target.length === 1 ? target[0] : target,
    ...given(options, ['task', 'engine']),
    features,
    ...(texts.length === 0 ? {} : { texts }),
    scale,
    unknown,
    hidden,
    activation: { hidden: activation },
    precision,
    seed,
  }
}

/** @throws RangeError for options that have no effect without another */
export function fitOptions(options: TrainOptions): ModelFitOptions {
  const checkpoint = checkpointOf(options)
  return {
    ...learningSettings(options),
    ...given(options, ['timeLimit', 'threads']),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  }
}

/** The options of fit without those of how it is run. */
export function learningSettings(options: LearningOptions): ModelFitOptions {
  const { epochs, batchSize, maxGradientNorm, patience, schedule } = options
  return {
    epochs,
    batchSize,
    optimizer: optimizerOf(options),
    ...given(options, ['l1', 'l2', 'dropout', 'classWeights', 'labelSmoothing', 'validation']),
    ...(schedule === undefined ? {} : { schedule: { type: schedule, totalSteps: epochs, per: 'epoch' } }),
    ...(maxGradientNorm === undefined ? {} : { clipGradients: { globalNorm: maxGradientNorm } }),
    ...(patience === undefined ? {} : { earlyStopping: { patience } }),
  }
}

/** Picks some of the options, leaving out those not given. */
function given<Options, Name extends keyof Options>(
  options: Options,
  names: readonly Name[],
): { readonly [Key in Name]?: NonNullable<Options[Key]> } {
  const entries = names
    .map((name) => [name, options[name]] as const)
    .filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { readonly [Key in Name]?: NonNullable<Options[Key]> }
}

/** For networks as small as those of tables, and few epochs. */
const learningRates: Readonly<Record<Optimizer['type'], number>> = {
  sgd: 0.01,
  adagrad: 0.01,
  rmsprop: 0.01,
  adadelta: 1,
  adam: 0.01,
  adamw: 0.01,
  nadam: 0.01,
  rprop: 0.01,
}

export function optimizerOf({
  optimizer,
  learningRate,
}: Pick<LearningOptions, 'optimizer' | 'learningRate'>): Optimizer {
  return optimizerMakers[optimizer]({ learningRate: learningRate ?? learningRates[optimizer] })
}

/** @throws RangeError for checkpoint settings without a checkpoint */
function checkpointOf({
  checkpoint,
  checkpointEvery,
  resume,
  otherData,
}: TrainOptions): CheckpointFile | undefined {
  if (checkpoint !== undefined) {
    return checkpointFile({
      path: checkpoint,
      ...(checkpointEvery === undefined ? {} : { every: checkpointEvery }),
      ...(resume === undefined ? {} : { resume }),
      ...(otherData === undefined ? {} : { otherData }),
    })
  }
  const flags = { '--checkpoint-every': checkpointEvery, '--resume': resume, '--other-data': otherData }
  for (const [flag, value] of Object.entries(flags)) {
    if (value !== undefined) throw rangeError(flag, '--checkpoint beside it')
  }
  return undefined
}

/** Matches the start of a path inside a checkpoint, or exactly the option or its file. */
const ofCheckpoint = /^checkpoint(?:\.(?:path$)?|$)/

/**
 * Runs a function that takes options of the library. If an error names one, it is changed to the command's name:
 * `labelSmoothing: …` becomes `--label-smoothing: …`. Errors about a checkpoint begin with its file.
 */
export async function inOptions<T>(command: Command, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const details = errorDetails(error)
    const { path } = details ?? {}
    if (details === undefined || path === undefined) throw error
    const say = (name: string, rest?: string): NamedError =>
      new NamedError(name, error, commandMessage(error, { ...details, path: rest }))
    const [start] = ofCheckpoint.exec(path) ?? []
    if (start !== undefined) {
      const { checkpoint = 'checkpoint' } = command.opts<{ checkpoint?: string }>()
      throw say(showFile(checkpoint), path.slice(start.length))
    }
    const option = command.options.find((each) => each.attributeName() === path)
    throw option === undefined ? error : say(option.long ?? option.flags)
  }
}
