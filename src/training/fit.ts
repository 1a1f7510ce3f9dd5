import { checkObject } from '../check.js'
import { slotCount } from '../optimizers.js'
import { readPair } from '../samples.js'
import { useOptimizer, type State } from '../state.js'
import { EarlyStopping } from './early-stopping.js'
import { EpochLoop, Interrupted, type EpochOutcome } from './epoch.js'
import { failure, whereItFailed } from './failure.js'
import { smoothLabels } from './label-smoothing.js'
import { LocalTrainer } from './local-trainer.js'
import { resolveOptions, type EpochReport, type History, type ResolvedOptions } from './options.js'
import { Snapshot } from './snapshot.js'
import type { Trainer } from './trainer.js'
import { trainerFor } from './trainer-for.js'
import { splitValidation, type Pair } from './split.js'
import { Validation } from './validation.js'

/** See Network.fit. */
export async function fit(state: State, data: unknown, options: unknown = {}): Promise<History> {
  const resolved = resolveOptions(options)
  const { x: inputs, y: targets } = checkObject('data', data)
  const pair = readPair(state.spec, inputs, targets)
  const split = splitValidation(state.spec, ...pair, resolved.validation)
  const y = smoothLabels(split.y, resolved.labelSmoothing)
  if (state.isFitting) throw new Error('fit: expected a network that is not being fitted')
  if (state.pending > 0) {
    throw new Error('fit: expected no accumulated gradients, call update or zeroGradients first')
  }
  resolved.signal?.throwIfAborted()
  const { spec, engine } = state
  const { optimizer, maxNorm, threads, epochs } = resolved
  const batchSize = Math.min(resolved.batchSize, split.x.rows)
  let trainer: Trainer | undefined
  state.isFitting = true
  try {
    const task = { spec, x: split.x, y, batchSize, optimizer, maxNorm, seed: spec.seed }
    trainer = await trainerFor(state, task, { x: inputs, y: targets }, threads, epochs)
    useOptimizer(state, optimizer)
    engine.setOptimizer(optimizer, maxNorm)
    return await trainAll(state, trainer, { ...resolved, batchSize }, split.validation)
  } finally {
    trainer?.end?.()
    // Without the last learning rate of a schedule, and without a limit of the norm.
    if (state.optimizer !== undefined) engine.setOptimizer(state.optimizer)
    state.isFitting = false
  }
}

/** All epochs, what they are judged by, and what ends them. */
async function trainAll(
  state: State,
  trainer: Trainer,
  options: ResolvedOptions,
  held: Pair | undefined,
): Promise<History> {
  const { epochs, batchSize, optimizer, rate, onBatch, onEpoch, signal } = options
  const slots = slotCount(optimizer)
  const snapshot = new Snapshot(state.engine, slots)
  const stopping = options.earlyStopping && new EarlyStopping(options.earlyStopping, state.engine, slots)
  const validation = held && new Validation(held)
  const deadline = performance.now() + 1000 * options.timeLimit
  const loop = new EpochLoop(trainer, batchSize, rate, { onBatch, signal, deadline })
  const reports: EpochReport[] = []
  let ended: History['ended'] | undefined
  while (ended === undefined) {
    const epoch = reports.length + 1
    const start = performance.now()
    const stream = options.shuffle ? `shuffle ${state.epochs}` : undefined
    snapshot.take()
    let outcome: EpochOutcome
    try {
      // Not awaited where it is done already: an epoch of four samples takes a microsecond.
      const run = loop.epoch(epoch, stream)
      outcome = run instanceof Promise ? await run : run
      const committed = Number.isFinite(outcome.loss) ? trainer.commit() : undefined
      if (committed instanceof Promise) await committed
    } catch (cause) {
      snapshot.restore()
      if (cause instanceof Interrupted) throw cause.reason
      throw failure(epoch, `${cause instanceof Error ? cause.message : String(cause)} in`, cause)
    }
    if (!Number.isFinite(outcome.loss) || !state.engine.isFinite()) {
      snapshot.restore()
      const local = new LocalTrainer(state, trainer.x, trainer.y, batchSize, options.maxNorm)
      const where = whereItFailed(outcome, local, stream, loop.rates).finally(() => snapshot.restore())
      throw failure(epoch, await where)
    }
    state.epochs += 1
    const { samples, batches } = outcome
    const loss = outcome.loss / samples
    const learningRate = loop.rates?.[batches - 1] ?? optimizer.learningRate
    const trained = { epoch, loss, batches, learningRate, seconds: (performance.now() - start) / 1000 }
    const report: EpochReport =
      validation === undefined ? trained : { ...trained, validation: await validation.report(state, signal) }
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
  return { epochs: reports, ended, ...(stopping && { bestEpoch: stopping.bestEpoch }) }
}
