import type { Engine } from './engine/engine.js'
import { resolveOptimizer, type Optimizer } from './optimizers.js'
import type { Matrix } from './samples.js'
import type { Spec } from './spec.js'

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
  isFitting: boolean
}

/** Makes this the optimiser that updates. Its state starts anew when another type of optimiser takes over. */
export function useOptimizer(state: State, option: unknown): void {
  const optimizer = resolveOptimizer(option)
  if (optimizer.type !== state.optimizer?.type) {
    for (const slot of state.engine.slots) slot.fill(0)
    state.engine.counters.fill(0)
  }
  state.optimizer = optimizer
  state.engine.setOptimizer(optimizer)
}

/**
 * Stages the samples in their order, as many at once as the engine takes, and calls back for each piece with its number of
 * samples and the number of the first.
 */
export function eachPiece(
  state: State,
  x: Matrix,
  y: Matrix | undefined,
  use: (n: number, first: number) => void,
): void {
  const { engine } = state
  state.staged = undefined
  for (let first = 0; first < x.rows; first += engine.capacity) {
    const n = Math.min(engine.capacity, x.rows - first)
    engine.x.set(x.values.subarray(first * x.columns, (first + n) * x.columns))
    if (y !== undefined) engine.y.set(y.values.subarray(first * y.columns, (first + n) * y.columns))
    for (let i = 0; i < n; ++i) engine.order[i] = i
    use(n, first)
  }
}

/** Adds the gradients of the samples; returns their summed loss. */
export function accumulate(state: State, x: Matrix, y: Matrix): number {
  let loss = 0
  eachPiece(state, x, y, (n) => {
    loss += state.engine.accumulate(n)
    state.pending += n
  })
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
