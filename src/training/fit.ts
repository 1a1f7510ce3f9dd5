import { checkKeys } from '../check.js'
import { stateUse, type Task } from '../engine/task.js'
import { Random } from '../random.js'
import { readPair, selectRows } from '../samples.js'
import { useOptimizer, type State } from '../state.js'
import { EarlyStopping } from './early-stopping.js'
import { EpochLoop, Interrupted, type EpochOutcome } from './epoch.js'
import { failure, whereItFailed } from './failure.js'
import { smoothLabels } from './label-smoothing.js'
import { LocalTrainer } from './local-trainer.js'
import { resolveOptions, type EpochReport, type History, type ResolvedOptions } from './options.js'
import { resolveDropout } from './regularization.js'
import { sampleWeights } from './sample-weights.js'
import { Snapshot } from './snapshot.js'
import type { Trainer } from './trainer.js'
import { trainerFor } from './trainer-for.js'
import { splitValidation, type Pair } from './split.js'
import { Validation, type ValidationReport } from './validation.js'

/** See Network.fit. */
export async function fit(state: State, data: unknown, options: unknown = {}): Promise<History> {
  const resolved = resolveOptions(options)
  const { x: inputs, y: targets, weights: given } = checkKeys('data', data, ['x', 'y', 'weights'])
  const pair = readPair(state.spec, inputs, targets)
  const split = splitValidation(state.spec, ...pair, resolved.validation)
  const y = smoothLabels(split.y, resolved.labelSmoothing)
  const dropout = resolveDropout(state.spec, resolved.dropout)
  const weights = sampleWeights(state.spec, pair[1], given, resolved.classWeights)
  if (state.isFitting) throw new Error('fit: expected a network that is not being fitted')
  if (state.pending > 0) {
    throw new Error('fit: expected no accumulated gradients, call update or zeroGradients first')
  }
  resolved.signal?.throwIfAborted()
  const { spec, engine } = state
  const { optimizer, regularization, threads, epochs } = resolved
  const batchSize = Math.min(resolved.batchSize, split.x.rows)
  let trainer: Trainer | undefined
  state.isFitting = true
  try {
    const task: Task = {
      spec,
      x: split.x,
      y,
      weights: weights && split.rows ? selectRows(weights, split.rows) : weights,
      batchSize,
      optimizer,
      regularization,
      dropout,
      seed: spec.seed,
    }
    trainer = await trainerFor(state, task, { x: inputs, y: targets }, threads, epochs)
    useOptimizer(state, optimizer)
    engine.setOptimizer(optimizer, regularization)
    return await trainAll(state, trainer, task, resolved, split.validation)
  } finally {
    trainer?.end?.()
    // Without the last learning rate of a schedule, and without regularisation.
    if (state.optimizer !== undefined) engine.setOptimizer(state.optimizer)
    state.isFitting = false
  }
}

/** All epochs, what they are judged by, and what ends them. */
async function trainAll(
  state: State,
  trainer: Trainer,
  task: Task,
  options: ResolvedOptions,
  held: Pair | undefined,
): Promise<History> {
  const { epochs, rate, onBatch, onEpoch, signal } = options
  const { batchSize, optimizer, dropout } = task
  const { engine } = state
  const use = stateUse(task)
  if (use.average) engine.average.set(engine.parameters)
  const snapshot = new Snapshot(engine, use)
  const stopping = options.earlyStopping && new EarlyStopping(options.earlyStopping, engine, use)
  const validation = held && new Validation(held)
  const deadline = performance.now() + 1000 * options.timeLimit
  const loop = new EpochLoop(trainer, batchSize, rate, { onBatch, signal, deadline })
  const reports: EpochReport[] = []
  let ended: History['ended'] | undefined
  while (ended === undefined) {
    const epoch = reports.length + 1
    const start = performance.now()
    const stream = options.shuffle ? `shuffle ${state.epochs}` : undefined
    const dropoutKey =
      dropout === undefined ? 0 : new Random(state.spec.seed, `dropout ${state.epochs}`).bits()
    snapshot.take()
    let outcome: EpochOutcome
    try {
      // Not awaited where it is done already: an epoch of four samples takes a microsecond.
      const run = loop.epoch(epoch, stream, dropoutKey)
      outcome = run instanceof Promise ? await run : run
      const committed = Number.isFinite(outcome.loss) ? trainer.commit() : undefined
      if (committed instanceof Promise) await committed
    } catch (cause) {
      snapshot.restore()
      if (cause instanceof Interrupted) throw cause.reason
      throw failure(epoch, `${cause instanceof Error ? cause.message : String(cause)} in`, cause)
    }
    if (!Number.isFinite(outcome.loss) || !engine.isFinite()) {
      snapshot.restore()
      const local = new LocalTrainer(state, { ...task, x: trainer.x, y: trainer.y })
      const where = whereItFailed(outcome, local, stream, dropoutKey, loop.rates).finally(() =>
        snapshot.restore(),
      )
      throw failure(epoch, await where)
    }
    state.epochs += 1
    const { samples, batches } = outcome
    const loss = outcome.loss / samples
    const learningRate = loop.rates?.[batches - 1] ?? optimizer.learningRate
    const trained = { epoch, loss, batches, learningRate, seconds: (performance.now() - start) / 1000 }
    const report: EpochReport =
      validation === undefined
        ? trained
        : { ...trained, validation: await judge(state, validation, use.average, signal) }
    reports.push(report)
    const judged = report.validation?.loss ?? loss
    rate?.endEpoch(judged)
    ended = outcome.interruption
    // The loss of a part of an epoch is not one to judge by.
    if (ended === undefined && stopping?.endEpoch(epoch, judged) === true) ended = 'earlyStopping'
    if (onEpoch !== undefined && (await onEpoch(report)) === false) ended ??= 'onEpoch'
    signal?.throwIfAborted()
    if (epoch === epochs) ended ??= 'epochs'
    if (deadline < Infinity && performance.now() >= deadline) ended ??= 'timeLimit'
  }
  stopping?.restore()
  if (use.average) engine.parameters.set(engine.average)
  return { epochs: reports, ended, ...(stopping && { bestEpoch: stopping.bestEpoch }) }
}

/** Validates the network, or the average of its parameters. */
async function judge(
  state: State,
  validation: Validation,
  byAverage: boolean,
  signal: AbortSignal | undefined,
): Promise<ValidationReport> {
  const { parameters, average } = state.engine
  if (!byAverage) return validation.report(state, signal)
  const trained = parameters.slice()
  parameters.set(average)
  try {
    return await validation.report(state, signal)
  } finally {
    parameters.set(trained)
  }
}
