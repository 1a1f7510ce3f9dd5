import { disposed } from '../base/well-known-symbols.js'
import { createEngine } from '../engine/create.js'
import type { Engine } from '../engine/engine.js'
import { noMetadata, type Metadata } from '../base/metadata.js'
import { initialize } from '../definition/initializers.js'
import { slotCount, type Optimizer } from '../definition/optimizers.js'
import { beginStaging, endStaging, isStaged, stageInputs, stageRow } from '../engine/window.js'
import { Random } from '../base/random.js'
import { addTo, type Floats } from '../base/floats.js'
import type { Matrix } from '../base/samples.js'
import { writeTargets, type Targets } from '../base/targets.js'
import { areTargets } from '../definition/target-check.js'
import { parameterRanges } from '../definition/architecture.js'
import type { Spec } from '../definition/spec.js'
import { Pace } from '../engine/pace.js'
import type { AbortFlag } from '../platform/abort.js'
import { savedSlots, type Saved } from './saved.js'

/** Everything that a network is and has learnt; parameters, gradients and the optimiser's state are in the engine. */
export interface State {
  readonly spec: Spec
  readonly engine: Engine
  /** the optimiser whose state the engine holds */
  optimizer: Optimizer | undefined
  /** samples whose gradients were accumulated since the last update */
  pending: number
  /** epochs trained so far by fit; each has its own order of samples */
  epochs: number
  /** the measured speed of training, and the work that is split into parts accordingly */
  readonly pace: Pace
  /** what ends the fit that is running, if one is */
  fitting: AbortFlag | undefined
  /** nothing may use it any more, except a fit that has not ended yet */
  isDisposed: boolean
  /** texts of the user, saved with the network */
  metadata: Metadata
}

/**
 * A network as it begins, with initial weights and biases drawn from the seed, or as it was saved.
 *
 * @param saved of the same architecture; nothing is drawn then, which took four fifths of loading 784-512-512-10
 *   (measured)
 * @throws RangeError that gives the bytes needed, if the network does not fit in memory
 */
export function createState(spec: Spec, saved?: Saved): State {
  const engine = createEngine(spec)
  const state: State = {
    spec,
    engine,
    optimizer: undefined,
    pending: 0,
    epochs: 0,
    pace: new Pace(engine),
    fitting: undefined,
    isDisposed: false,
    metadata: noMetadata,
  }
  if (saved === undefined) drawParameters(state)
  else restore(state, saved)
  return state
}

/** Draws the initial weights and biases; each layer has random numbers of its own. */
function drawParameters({ spec, engine }: State): void {
  const { parameters } = engine
  for (const { layer, kind, start, end } of parameterRanges(spec)) {
    const { inputs, units, initializer, biasInitializer } = spec.layers[layer]
    const chosen = kind === 'weights' ? initializer : biasInitializer
    // As they are anyway.
    if (chosen.type === 'zeros') continue
    const random = new Random(spec.seed, `${kind} ${layer}`)
    initialize(parameters.subarray(start, end), chosen, inputs, units, random)
  }
}

/** The network as data; the arrays are the live ones, not copies. */
export function save({ spec, engine, optimizer, pending, epochs, metadata }: State): Saved {
  const counters = optimizer === undefined ? [] : Array.from(engine.counters)
  return {
    spec,
    parameters: engine.parameters,
    gradients: pending > 0 ? engine.gradients : undefined,
    progress: { pending, epochs, optimizer, counters },
    slots: engine.slotsInUse(savedSlots({ optimizer })),
    metadata,
  }
}

/** Overwrites a network with a saved one of the same architecture. */
export function restore(state: State, { parameters, gradients, progress, slots, metadata }: Saved): void {
  const { optimizer, counters, pending, epochs } = progress
  const { engine } = state
  engine.parameters.set(parameters)
  if (gradients !== undefined) engine.gradients.set(gradients)
  if (optimizer !== undefined) useOptimizer(state, optimizer)
  for (const [i, slot] of engine.slotsInUse(slots.length).entries()) slot.set(slots[i])
  if (counters.length > 0) engine.counters.set(counters)
  state.pending = pending
  state.epochs = epochs
  state.metadata = metadata
}

/** Releases the memory: now, or when the running fit, which is aborted, has ended. */
export function disposeState(state: State): void {
  const { engine, fitting } = state
  state.isDisposed = true
  endStaging()
  if (fitting === undefined) engine.dispose()
  else fitting.abort(disposed('fit'))
}

/**
 * The network for calls that are allowed while it is being fitted: itself, or, in the middle of a batch, a copy of its
 * current parameters in another engine.
 *
 * @throws RangeError that gives the bytes needed, if there is not enough memory for the copy
 */
export function betweenParts(state: State): State {
  if (!state.pace.isBusy) return state
  const engine = (state.pace.spare ??= createEngine(state.spec))
  engine.parameters.set(state.engine.parameters)
  return { ...state, engine }
}

/** @throws Error while fit is running */
export function idle(method: string, state: State): State {
  if (state.fitting === undefined) return state
  throw new Error(`${method}: expected a network that is not being fitted`)
}

/** Ends a fit; releases the memory if the network was disposed of meanwhile. */
export function endFitting(state: State): void {
  state.fitting = undefined
  state.pace.end()
  if (state.isDisposed) state.engine.dispose()
}

/**
 * Selects the optimiser. Its state starts afresh where the last optimiser had none: all of it if that was of another
 * type, otherwise the slots that only one of the two keeps.
 */
export function useOptimizer(state: State, optimizer: Optimizer): void {
  const before = state.optimizer
  if (optimizer === before) return
  const isSameType = optimizer.type === before?.type
  const kept = isSameType ? Math.min(slotCount(before), slotCount(optimizer)) : 0
  state.engine.clearState(kept, isSameType)
  state.optimizer = optimizer
  state.engine.setOptimizer(optimizer)
}

/**
 * Copies samples into the engine's window, in order from index `first`, as many as fit and at most `most`; returns how
 * many. Data staged before is overwritten.
 */
export function stage(
  state: State,
  x: Matrix,
  y: Targets | undefined,
  first: number,
  most = Infinity,
): number {
  const { engine } = state
  const n = stageInputs(engine, x, first, most)
  if (y !== undefined) writeTargets(engine.y, y, first, n)
  return n
}

/** The loss summed over the samples, weighted if there are weights. */
export function lossOf(state: State, x: Matrix, y: Targets, weights?: Matrix): number {
  let loss = 0
  for (let first = 0, n = 0; first < x.rows; first += n) {
    n = stage(state, x, y, first)
    if (weights !== undefined) state.engine.weights.set(weights.values.subarray(first, first + n))
    loss += state.engine.loss(n, weights !== undefined)
  }
  return loss
}

/** Adds the gradients of the samples; returns their summed loss. */
export function accumulate(state: State, x: Matrix, y: Targets): number {
  let loss = 0
  for (let first = 0, n = 0; first < x.rows; first += n) {
    n = stage(state, x, y, first)
    loss = state.engine.accumulate(n, loss)
  }
  state.pending += x.rows
  return loss
}

/** Adds sums of gradients over so many samples to those accumulated, number by number. */
export function addGradients(state: State, sums: Floats, samples: number): void {
  addTo(state.engine.gradients, sums)
  state.pending += samples
}

/** Discards the accumulated gradients. */
export function zeroGradients(state: State): void {
  state.engine.gradients.fill(0)
  state.pending = 0
}

/** One step of the optimiser with the accumulated gradients, which are zeroed. */
export function update(state: State, reduction: 'mean' | 'sum'): void {
  state.engine.update(reduction === 'mean' ? 1 / state.pending : 1)
  state.pending = 0
}

/**
 * Stages one sample, if it is a plain row of inputs and one of outputs that the loss is defined for; returns the number
 * of the staging, otherwise undefined.
 */
export function stagePair({ engine, spec }: State, x: unknown, y: unknown): number | undefined {
  const outputs = spec.layers[spec.layers.length - 1].units
  const staging = beginStaging(engine)
  if (!stageRow(engine.x, x, spec.inputs) || !stageRow(engine.y, y, outputs)) return undefined
  return areTargets(spec.loss, engine.y, outputs) && isStaged(staging) ? staging : undefined
}

/**
 * One step on the sample that stagePair has staged, with the optimiser in use, if it is still staged; returns its loss,
 * with which nothing has changed if it is not finite. Otherwise undefined: trainBatch does it.
 */
export function trainRow(state: State, staging: number): number | undefined {
  if (state.optimizer === undefined || state.pending > 0 || !isStaged(staging)) return undefined
  return state.engine.trainRow()
}

/** lossOf for one sample, if it is a plain row of numbers; otherwise undefined. */
export function lossOfRow(state: State, x: unknown, y: unknown): number | undefined {
  if (stagePair(state, x, y) === undefined) return undefined
  state.engine.order[0] = 0
  return state.engine.loss(1)
}

/** accumulate for one sample, if it is a plain row of numbers; otherwise undefined. */
export function accumulateRow(state: State, x: unknown, y: unknown): number | undefined {
  if (stagePair(state, x, y) === undefined) return undefined
  state.engine.order[0] = 0
  const loss = state.engine.accumulate(1)
  state.pending += 1
  return loss
}

/**
 * One step on one batch, together with the gradients accumulated before; returns the summed loss of the batch. Where
 * that is not a finite number, nothing is changed.
 */
export function trainBatch(state: State, x: Matrix, y: Targets, optimizer: Optimizer): number {
  const { engine, pending, optimizer: last } = state
  const holder = last ?? optimizer
  const keepsState = optimizer.type === holder.type && slotCount(optimizer) === slotCount(holder)
  if (keepsState && pending === 0 && x.rows <= engine.capacity) {
    useOptimizer(state, optimizer)
    const { loss } = engine.train(stage(state, x, y, 0), x.rows)
    if (Number.isFinite(loss)) return loss
    state.optimizer = last
    engine.setOptimizer(holder)
    return loss
  }
  const before = pending === 0 ? undefined : engine.gradients.slice()
  const loss = accumulate(state, x, y)
  if (Number.isFinite(loss)) {
    useOptimizer(state, optimizer)
    update(state, 'mean')
    return loss
  }
  if (before === undefined) engine.gradients.fill(0)
  else engine.gradients.set(before)
  state.pending = pending
  return loss
}
