import { disposed } from '../base/well-known-symbols.js'
import { createEngine } from '../engine/create.js'
import type { Engine } from '../engine/engine.js'
import { checkMetadata, type Metadata } from '../base/metadata.js'
import { initialize } from '../definition/initializers.js'
import { slotCount, type Optimizer } from '../definition/optimizers.js'
import { stageInputs } from '../engine/predict.js'
import { Random } from '../base/random.js'
import type { Matrix } from '../base/samples.js'
import { writeTargets, type Targets } from '../base/targets.js'
import { parameterPlaces } from '../definition/architecture.js'
import type { Spec } from '../definition/spec.js'
import { Pace } from '../engine/pace.js'
import type { AbortFlag } from '../platform/abort.js'

/** Everything that a network is and has learnt; parameters, gradients and the optimiser's state are in the engine. */
export interface State {
  readonly spec: Spec
  readonly engine: Engine
  /** the optimiser whose state the engine holds */
  optimizer: Optimizer | undefined
  /** samples whose gradients have been accumulated since the last update */
  pending: number
  /** epochs trained so far by fit; each has an order of its own */
  epochs: number
  /** the data that stays in the engine's window from one run to the next, if any */
  staged: Matrix | undefined
  /** how much training does in a millisecond, and what is done in parts by that */
  readonly pace: Pace
  /** what ends the fit that is running, if one is */
  fitting: AbortFlag | undefined
  /** nothing may use it any more, but a fit that has not ended yet */
  isDisposed: boolean
  /** what is saved with the network and means nothing to it */
  metadata: Metadata
}

/**
 * A network as it begins: initial weights and biases from the seed, nothing trained.
 *
 * @param isBlank without them: they are to be restored
 * @throws RangeError that gives the bytes needed, if the network does not fit in memory
 */
export function createState(spec: Spec, isBlank = false): State {
  const engine = createEngine(spec)
  const places = isBlank ? [] : parameterPlaces(spec)
  for (const { layer, kind, start, end } of places) {
    const { inputs, units, initializer, biasInitializer } = spec.layers[layer]
    const chosen = kind === 'weights' ? initializer : biasInitializer
    const random = new Random(spec.seed, `${kind} ${layer}`)
    initialize(engine.parameters.subarray(start, end), chosen, inputs, units, random)
  }
  return {
    spec,
    engine,
    optimizer: undefined,
    pending: 0,
    epochs: 0,
    staged: undefined,
    pace: new Pace(engine),
    fitting: undefined,
    isDisposed: false,
    metadata: checkMetadata('metadata', {}),
  }
}

/** Gives the memory back: now, or when a fit that is running has ended, which it is told to do. */
export function disposeState(state: State): void {
  const { engine, fitting } = state
  state.isDisposed = true
  if (fitting === undefined) engine.dispose()
  else fitting.abort(disposed('fit'))
}

/**
 * The network for those who may use it while it is being fitted: itself, or what it is now in an engine of its own, while the one here
 * is in the middle of a batch.
 *
 * @throws RangeError that gives the bytes needed, if there is no memory for that
 */
export function betweenParts(state: State): State {
  if (!state.pace.isBusy) return state
  const engine = (state.pace.spare ??= createEngine(state.spec))
  engine.parameters.set(state.engine.parameters)
  return { ...state, engine, staged: undefined }
}

/** Nothing uses the network any more that is not allowed to when it is disposed. */
export function endFitting(state: State): void {
  state.fitting = undefined
  state.pace.end()
  if (state.isDisposed) state.engine.dispose()
}

/**
 * Makes this the optimiser that updates. State that it does not share with the one before starts anew: all of it after another
 * type, else the slots that one of the two does not keep.
 */
export function useOptimizer(state: State, optimizer: Optimizer): void {
  const before = state.optimizer
  if (optimizer === before) return
  const isSameType = optimizer.type === before?.type
  const kept = isSameType ? Math.min(slotCount(before), slotCount(optimizer)) : 0
  for (const slot of state.engine.slots.slice(kept)) slot.fill(0)
  if (!isSameType) state.engine.counters.fill(0)
  state.optimizer = optimizer
  state.engine.setOptimizer(optimizer)
}

/**
 * Stages samples in their order from the first-th on, as many as the engine takes and at most `most`; returns how many. Other data
 * that was staged is gone.
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
  state.staged = undefined
  return n
}

/** The summed loss of the samples; each times its weight, if there are weights. */
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

/** Forgets the accumulated gradients. */
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
 * One step on one batch, together with the gradients accumulated before; returns the summed loss of the batch. Where that is not
 * a finite number, nothing is changed.
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
