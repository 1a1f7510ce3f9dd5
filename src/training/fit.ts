import { checkBoolean, checkInteger, checkKeys, checkObject, show } from '../check.js'
import { allFinite } from '../floats.js'
import { adam, resolveOptimizer, slotCount, type Optimizer } from '../optimizers.js'
import { Random } from '../random.js'
import { readPair, type Matrix, type Samples } from '../samples.js'
import { update, useOptimizer, zeroGradients, type State } from '../state.js'
import { nextTask } from './next-task.js'
import { Snapshot } from './snapshot.js'

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

/** Between two looks at the event loop, in milliseconds. */
const RUN_MS = 8

/** See Network.fit. */
export async function fit(state: State, data: unknown, options: unknown = {}): Promise<History> {
  const { epochs, batchSize, optimizer, shuffle, onEpoch } = resolveOptions(options)
  const { x: inputs, y: targets } = checkObject('data', data)
  const [x, y] = readPair(state.spec, inputs, targets)
  if (state.isFitting) throw new Error('fit: expected a network that is not being fitted')
  if (state.pending > 0) {
    throw new Error('fit: expected no accumulated gradients, call update or zeroGradients first')
  }
  useOptimizer(state, optimizer)
  state.isFitting = true
  try {
    const reports: EpochReport[] = []
    const order = new Uint32Array(x.rows)
    const snapshot = new Snapshot(state.engine, slotCount(optimizer))
    for (let epoch = 1; epoch <= epochs; ++epoch) {
      const start = performance.now()
      snapshot.take()
      for (let i = 0; i < order.length; ++i) order[i] = i
      if (shuffle) new Random(state.spec.seed, `shuffle ${state.epochs}`).shuffle(order)
      const { loss, failure } = await runEpoch(state, x, y, order, batchSize)
      if (failure !== undefined || !allFinite(state.engine.parameters)) {
        snapshot.restore()
        const what = failure ?? overflow(state, x, y, order, batchSize)
        snapshot.restore()
        const good = epoch === 1 ? 'before the first epoch' : `after epoch ${epoch - 1}`
        throw new Error(`fit: ${what} of epoch ${epoch}; the weights are those ${good}`)
      }
      state.epochs += 1
      const report = { epoch, loss: loss / x.rows, seconds: (performance.now() - start) / 1000 }
      reports.push(report)
      if ((await onEpoch(report)) === false) break
    }
    return { epochs: reports }
  } finally {
    state.isFitting = false
  }
}

/**
 * Trains on all samples in the given order; their summed loss, or what has stopped it. Gives the event loop a turn every RUN_MS:
 * how many batches a call into the engine has depends on the clock, what they compute does not.
 */
async function runEpoch(
  state: State,
  x: Matrix,
  y: Matrix,
  order: Uint32Array,
  batchSize: number,
): Promise<{ loss: number; failure?: string }> {
  const largestRun = Math.max(1, Math.floor(state.engine.capacity / batchSize)) * batchSize
  let loss = 0
  let run = batchSize
  let lastTurn = performance.now()
  for (let first = 0; first < order.length;) {
    const start = performance.now()
    const samples = order.subarray(first, first + run)
    const done = runBatches(state, x, y, samples, batchSize, loss)
    loss = done.loss
    if (!Number.isFinite(loss)) {
      return { loss, failure: `the loss is ${loss} in batch ${first / batchSize + done.batches + 1}` }
    }
    first += samples.length

    const now = performance.now()
    const wanted = (samples.length * RUN_MS) / Math.max(now - start, RUN_MS / 16)
    run = Math.min(largestRun, Math.max(1, Math.floor(wanted / batchSize)) * batchSize)
    if (now - lastTurn < RUN_MS) continue
    await nextTask()
    lastTurn = performance.now()
  }
  return { loss }
}

/** Trains an epoch again, whose losses were finite but whose weights are not, up to the batch that made them so. */
function overflow(state: State, x: Matrix, y: Matrix, order: Uint32Array, batchSize: number): string {
  let first = 0
  do {
    runBatches(state, x, y, order.subarray(first, first + batchSize), batchSize, 0)
    first += batchSize
  } while (first < order.length && allFinite(state.engine.parameters))
  return `a weight stopped being a finite number in batch ${first / batchSize}`
}

/**
 * Trains on the samples, whole batches, that fit into one call; or on one batch that is larger than that. Adds their losses to
 * `loss`, batch by batch.
 */
function runBatches(
  state: State,
  x: Matrix,
  y: Matrix,
  samples: Uint32Array,
  batchSize: number,
  loss: number,
): { loss: number; batches: number } {
  const { engine } = state
  if (batchSize <= engine.capacity) {
    stageOrdered(state, x, y, samples)
    return engine.train(samples.length, batchSize, 0, true, loss)
  }
  let batchLoss = 0
  for (let first = 0; first < samples.length; first += engine.capacity) {
    const piece = samples.subarray(first, first + engine.capacity)
    stageOrdered(state, x, y, piece)
    batchLoss += engine.accumulate(piece.length)
    state.pending += piece.length
  }
  if (!Number.isFinite(batchLoss)) {
    zeroGradients(state)
    return { loss: loss + batchLoss, batches: 0 }
  }
  update(state, 'mean')
  return { loss: loss + batchLoss, batches: 1 }
}

/** Puts samples where the engine finds them: all of them once, if they fit, and then only their order. */
function stageOrdered(state: State, x: Matrix, y: Matrix, samples: Uint32Array): void {
  const { engine } = state
  if (x.rows <= engine.capacity) {
    if (state.staged !== x) {
      engine.x.set(x.values)
      engine.y.set(y.values)
      state.staged = x
    }
    engine.order.set(samples)
    return
  }
  for (let i = 0; i < samples.length; ++i) {
    const row = samples[i]
    engine.x.set(x.values.subarray(row * x.columns, (row + 1) * x.columns), i * x.columns)
    engine.y.set(y.values.subarray(row * y.columns, (row + 1) * y.columns), i * y.columns)
    engine.order[i] = i
  }
  state.staged = undefined
}

function resolveOptions(options: unknown): Required<FitOptions> {
  const names = ['epochs', 'batchSize', 'optimizer', 'shuffle', 'onEpoch']
  const given = checkKeys('options', options, names)
  const { epochs = 1, batchSize = 32, optimizer = adam(), shuffle = true, onEpoch = () => true } = given
  if (typeof onEpoch !== 'function') {
    throw new TypeError(`onEpoch: expected a function, got ${show(onEpoch)}`)
  }
  return {
    epochs: checkInteger('epochs', epochs, { min: 1 }),
    batchSize: checkInteger('batchSize', batchSize, { min: 1 }),
    optimizer: resolveOptimizer(optimizer),
    shuffle: checkBoolean('shuffle', shuffle),
    onEpoch: onEpoch as (report: EpochReport) => unknown,
  }
}
