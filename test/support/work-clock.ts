import { vi } from 'vitest'
import { Layer } from '../../src/engine/baseline/layer.js'
import type { Architecture } from '../../src/definition/architecture.js'
import { TURN_MS } from '../../src/platform/event-loop.js'
import { turns as counted } from './counted-turns.js'

/** Multiply-adds in a millisecond of the clock: few, so that small networks have long batches, and not so few that the smallest parts are long. */
const SPEED = 5e5

/** What the update of a parameter takes, in multiply-adds. */
const UPDATE_WORK = 16

/** The time of that clock, in milliseconds; it never goes back. */
let ms = performance.now()

/** The end of any chain of awaits: timers and messages have been there. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * While something is done, performance.now() goes on by the multiply-adds that engines do, and by nothing else; the longest that the event
 * loop had to wait for its turn is measured by it.
 *
 * @param spec of all networks
 * @param what may have something done in every turn, which takes no time
 * @returns what came of it, and milliseconds of that clock
 */
export async function byWork<Result>(
  spec: Architecture,
  what: (onTurn: (call: () => void) => void) => Promise<Result>,
): Promise<{ result: Result; longestMs: number; turns: number }> {
  let [since, longest, turns] = [0, 0, 0]
  ms = Math.max(ms, performance.now())
  let [isOver, isFree] = [false, false]
  let onTurn = (): void => undefined
  const add = (work: number): void => {
    if (isFree) return
    ms += work / SPEED
    since += work / SPEED
    longest = Math.max(longest, since)
  }
  counted.onTurn = () => (since = 0)
  const undo = [countKernels(spec, add), countLayers(add)]
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => ms)
  try {
    const done = what((call) => (onTurn = call)).finally(() => (isOver = true))
    // For those who wait for it later.
    done.catch(() => undefined)
    for (; !isOver; ++turns) {
      await turn()
      isFree = true
      onTurn()
      isFree = false
    }
    return { result: await done, longestMs: longest, turns }
  } finally {
    clock.mockRestore()
    for (const each of undo) each()
  }
}

/** The longest that is promised: just before a turn is due, what was thought to take one takes half as long again. */
export const PROMISED_MS = 2 * TURN_MS

/** Tells what the kernels of instances made from now on do. */
function countKernels(spec: Architecture, add: (work: number) => void): () => void {
  const { Instance } = WebAssembly
  const lanes = spec.precision === 'f64' ? 4 : 8
  const { length } = spec.layers
  const sizes = [spec.inputs, ...spec.layers.map(({ units }) => units)]
  const layerWork = (l: number): number => sizes[l] * sizes[l + 1]
  const parameters = spec.layers.reduce((sum, _, l) => sum + layerWork(l), 0)
  const [sample, update] = [3 * parameters, UPDATE_WORK * parameters]
  const works: Record<string, (...args: number[]) => number> = {
    train: (_, __, ___, ____, n, batch) => n * sample + Math.ceil(n / batch) * update,
    accumulate: (_, __, n) => n * sample,
    loss: (_, __, n) => (n * sample) / 3,
    predict: (_, __, n) => (n * sample) / 3,
    updateAll: () => update,
    errorsPart: (_, __, step, ___, ____, begin, end) => {
      if (step === 0 || step === length + 1) return 0
      return (end - begin) * lanes * layerWork(step <= length ? step - 1 : 2 * length + 1 - step)
    },
    gradientsOf: (_, __, l, begin, end, n) => {
      // Of blocks it is not known here how many there are: of a layer, at most so many rows each.
      const rows = Math.min(64, Math.max(4, Math.floor((16_384 * lanes) / (128 * sizes[l])) * 4))
      return Math.min(sizes[l + 1], (end - begin) * rows) * sizes[l] * (n + UPDATE_WORK)
    },
    updateStep: (_, __, ___, l, begin, end) => UPDATE_WORK * (end - begin) * sizes[l],
  }
  const counted = (exports: WebAssembly.Exports): WebAssembly.Exports => {
    const wrapped = Object.entries(exports).map(([name, value]) => {
      const workOf = works[name.replace(/_f(32|64)$/, '')] as ((...args: number[]) => number) | undefined
      if (workOf === undefined || typeof value !== 'function') return [name, value]
      const call = (...args: number[]): unknown => {
        add(workOf(...args))
        return (value as (...args: number[]) => unknown)(...args)
      }
      return [name, call]
    })
    return Object.fromEntries(wrapped) as WebAssembly.Exports
  }
  WebAssembly.Instance = class {
    readonly exports: WebAssembly.Exports
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      this.exports = counted(new Instance(module, imports).exports)
    }
  }
  return () => (WebAssembly.Instance = Instance)
}

/** The same of the layers of the other engine; the error that goes back through a layer takes as long as forward, and counts with the gradients. */
function countLayers(add: (work: number) => void): () => void {
  const layer: Pick<Layer, 'forward' | 'addGradients'> = Layer.prototype
  const { forward, addGradients } = layer
  layer.forward = function (this: Layer, s, isLarge) {
    add(this.w.length)
    return forward.call(this, s, isLarge)
  }
  layer.addGradients = function (this: Layer, n) {
    add(2 * n * this.w.length)
    addGradients.call(this, n)
  }
  return () => Object.assign(layer, { forward, addGradients })
}
