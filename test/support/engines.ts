import type { Engine } from '../../src/engine/engine.js'
import type { Architecture } from '../../src/definition/architecture.js'
import { BaselineEngine } from '../../src/engine/baseline/baseline.js'
import { WasmEngine } from '../../src/engine/wasm/wasm.js'

/** Every engine; a test of the interface runs on each. */
export const engines: readonly { readonly name: string; readonly create: (spec: Architecture) => Engine }[] =
  [
    { name: 'wasm', create: (spec) => WasmEngine.alone(spec) },
    { name: 'baseline', create: (spec) => new BaselineEngine(spec) },
  ]

/** Layers of tanh, from the inputs to the outputs. */
export function tanhSpec(sizes: readonly number[], precision: Architecture['precision']): Architecture {
  const activation = { type: 'tanh', shape: 0 } as const
  const layers = sizes.slice(1).map((units, l) => ({ inputs: sizes[l], units, activation }))
  return { inputs: sizes[0], layers, loss: 'halfSquared', precision }
}

/** Stages rows of inputs and targets, in their order; returns how many. */
export function stage(engine: Engine, x: readonly number[][], y: readonly number[][]): number {
  engine.x.set(x.flat())
  engine.y.set(y.flat())
  for (let s = 0; s < x.length; ++s) engine.order[s] = s
  return x.length
}

/** Weights and biases in the layout of `Engine.parameters`: layer by layer, weights row by row, then biases. */
export function flatten(weights: readonly number[][][], biases: readonly number[][]): number[] {
  return weights.flatMap((rows, l) => [...rows.flat(), ...biases[l]])
}
