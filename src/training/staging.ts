import type { Task } from '../engine/task.js'
import { rowOf } from '../base/samples.js'
import type { State } from '../state/state.js'
import { writeTarget, writeTargets } from '../base/targets.js'

/** Puts samples where the engine finds them: all of them once, if they fit, and then only their order. */
export function stageSamples(state: State, { x, y, weights }: Task, samples: Uint32Array): void {
  const { engine } = state
  if (x.rows <= engine.capacity) {
    if (state.staged !== x) {
      engine.x.set(x.values)
      writeTargets(engine.y, y, 0, y.rows)
      if (weights !== undefined) engine.weights.set(weights.values)
      state.staged = x
    }
    engine.order.set(samples)
    return
  }
  for (let i = 0; i < samples.length; ++i) {
    const row = samples[i]
    engine.x.set(rowOf(x, row), i * x.columns)
    writeTarget(engine.y, i, y, row)
    if (weights !== undefined) engine.weights[i] = weights.values[row]
    engine.order[i] = i
  }
  state.staged = undefined
}
