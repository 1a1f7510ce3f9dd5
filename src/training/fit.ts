import { checkBoolean, checkInteger, checkKeys, checkObject, show } from '../check.js'
import type { Outcome } from '../engine/engine.js'
import { adam, resolveOptimizer, slotCount, type Optimizer } from '../optimizers.js'
import { readPair, type Samples } from '../samples.js'
import { useOptimizer, type State } from '../state.js'
import { batchOfOverflow, type Trainer } from './epoch.js'
import { Snapshot } from './snapshot.js'
import { checkThreads } from './threads.js'
import { trainerFor } from './trainer.js'

export interface FitData {
  /** samples × inputs */
  readonly x: Samples
  /** samples × outputs */
  readonly y: Samples
}

export interface FitOptions {
  /** how many times every sample is seen; 1 unless given */
  readonly epochs?: number
  /** samples per update; 32 unless given; the last batch of an epoch is what is left */
  readonly batchSize?: number
  /** adam() unless given */
  readonly optimizer?: Optimizer
  /** a new order in every epoch, which follows from the network's seed; true unless given */
  readonly shuffle?: boolean
  /**
   * workers that train together while this thread is free, with the same bits whatever their number; 1, unless given, trains on
   * this thread, with turns for the event loop; 'auto' takes the cores where they gain something
   */
  readonly threads?: number | 'auto'
  /** called after each epoch, and awaited; training ends when it returns false */
  readonly onEpoch?: (report: EpochReport) => unknown
}

/** What came of one epoch. */
export interface EpochReport {
  /** 1 for the first epoch of this call */
  readonly epoch: number
  /** mean over the samples, each taken before the update that it was part of */
  readonly loss: number
  readonly seconds: number
}

/** What came of all epochs. */
export interface History {
  readonly epochs: readonly EpochReport[]
}

/** See Network.fit. */
export async function fit(state: State, data: unknown, options: unknown = {}): Promise<History> {
  const { epochs, batchSize, optimizer, shuffle, onEpoch, threads } = resolveOptions(options)
  const { x: inputs, y: targets } = checkObject('data', data)
  const [x, y] = readPair(state.spec, inputs, targets)
  if (state.isFitting) throw new Error('fit: expected a network that is not being fitted')
  if (state.pending > 0) {
    throw new Error('fit: expected no accumulated gradients, call update or zeroGradients first')
  }
  state.isFitting = true
  const { spec, engine } = state
  let trainer: Trainer | undefined
  try {
    const task = { spec, x, y, batchSize, optimizer, seed: spec.seed }
    trainer = await trainerFor(state, task, { x: inputs, y: targets }, threads, epochs)
    useOptimizer(state, optimizer)
    const reports: EpochReport[] = []
    const snapshot = new Snapshot(engine, slotCount(optimizer))
    for (let epoch = 1; epoch <= epochs; ++epoch) {
      const start = performance.now()
      const stream = shuffle ? `shuffle ${state.epochs}` : undefined
      snapshot.take()
      let outcome: Outcome
      try {
        const run = trainer.epoch(stream)
        // Not awaited where it is done already: an epoch of four samples takes a microsecond.
        outcome = run instanceof Promise ? await run : run
      } catch (cause) {
        snapshot.restore()
        throw failure(epoch, `${cause instanceof Error ? cause.message : String(cause)} in`, cause)
      }
      if (!Number.isFinite(outcome.loss)) {
        snapshot.restore()
        throw failure(epoch, `the loss is ${outcome.loss} in batch ${outcome.batches + 1} of`)
      }
      if (!engine.isFinite()) {
        snapshot.restore()
        const batch = await batchOfOverflow(state, trainer.x, trainer.y, stream, batchSize)
        snapshot.restore()
        throw failure(epoch, `a weight stopped being a finite number in batch ${batch} of`)
      }
      state.epochs += 1
      const report = { epoch, loss: outcome.loss / x.rows, seconds: (performance.now() - start) / 1000 }
      reports.push(report)
      if (onEpoch !== undefined && (await onEpoch(report)) === false) break
    }
    return { epochs: reports }
  } finally {
    trainer?.end?.()
    state.isFitting = false
  }
}

function failure(epoch: number, what: string, cause?: unknown): Error {
  const good = epoch === 1 ? 'before the first epoch' : `after epoch ${epoch - 1}`
  return new Error(`fit: ${what} epoch ${epoch}; the weights are those ${good}`, { cause })
}

function resolveOptions(
  options: unknown,
): Required<Omit<FitOptions, 'onEpoch'>> & Pick<FitOptions, 'onEpoch'> {
  const names = ['epochs', 'batchSize', 'optimizer', 'shuffle', 'threads', 'onEpoch']
  const given = checkKeys('options', options, names)
  const { epochs = 1, batchSize = 32, optimizer = adam(), shuffle = true, threads = 1 } = given
  const { onEpoch } = given
  if (onEpoch !== undefined && typeof onEpoch !== 'function') {
    throw new TypeError(`onEpoch: expected a function, got ${show(onEpoch)}`)
  }
  return {
    epochs: checkInteger('epochs', epochs, { min: 1 }),
    batchSize: checkInteger('batchSize', batchSize, { min: 1 }),
    optimizer: resolveOptimizer(optimizer),
    shuffle: checkBoolean('shuffle', shuffle),
    threads: checkThreads(threads),
    ...(onEpoch === undefined ? {} : { onEpoch: onEpoch as (report: EpochReport) => unknown }),
  }
}
