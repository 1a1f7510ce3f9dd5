import { UPDATE_WORK, type Allowance, type PartedEngine, type Parts, type Sampling } from '../engine.js'
import { GROUP, type Layer } from './layer.js'
import type { Propagation } from './propagation.js'

/** Number of parameters updated together. */
const UPDATE_PARAMETERS = 2 ** 14

/** How the engine updates its parameters, in steps. */
interface Updates {
  readonly parameterCount: number
  /**
   * whether an update does more than apply the optimiser's rule. The first two of the following precede the rule,
   * and regularizeLayer returns the remaining scale; limitLayer and averageRange follow it
   */
  isRegularized(): boolean
  regularizeLayer(layer: Layer, scale: number): number
  regularizeAll(): void
  limitLayer(layer: Layer): void
  /** Counts a step. */
  advance(): void
  /** Updates the parameters from begin to end, and zeroes their gradients. */
  updateRange(begin: number, end: number, scale: number): void
  averageRange(begin: number, end: number): void
}

/**
 * Does in parts what the engine does in one go; the smallest part is one layer for one sample, or, for gradients,
 * for four.
 */
export class BaselineParts implements PartedEngine {
  readonly #propagation: Propagation
  readonly #updates: Updates

  constructor(propagation: Propagation, updates: Updates) {
    this.#propagation = propagation
    this.#updates = updates
  }

  *loss(n: number, weighted: boolean, allowance: Allowance): Parts<number> {
    const propagation = this.#propagation
    propagation.sampling = { weighted }
    let total = 0
    for (let i = 0; i < n; ++i) {
      yield* this.#forward(i, 0, allowance)
      total += propagation.outputDelta(i, 0)
    }
    return total
  }

  *accumulate(n: number, loss: number, sampling: Sampling, allowance: Allowance): Parts<number> {
    this.#propagation.sampling = sampling
    let total = loss
    for (let first = 0; first < n; first += GROUP) {
      total = yield* this.#group(first, Math.min(GROUP, n - first), total, allowance)
    }
    return total
  }

  /** Adds the gradients of up to four samples starting at `first`; returns total plus their losses. */
  *#group(first: number, n: number, total: number, allowance: Allowance): Parts<number> {
    const propagation = this.#propagation
    for (let s = 0; s < n; ++s) {
      yield* this.#forward(first + s, s, allowance)
      total += propagation.outputDelta(first + s, s)
      for (let l = propagation.layers.length - 1; l > 0; --l) {
        propagation.hiddenDelta(l, s)
        allowance.left -= propagation.layers[l].w.length
        if (allowance.left <= 0) yield
      }
    }
    for (const layer of propagation.layers) {
      layer.addGradients(n)
      allowance.left -= n * layer.w.length
      if (allowance.left <= 0) yield
    }
    return total
  }

  *update(scale: number, allowance: Allowance): Parts<undefined> {
    const updates = this.#updates
    let next = scale
    if (updates.isRegularized()) {
      yield* this.#layers(allowance, (layer) => (next = updates.regularizeLayer(layer, scale)))
      updates.regularizeAll()
    }
    updates.advance()
    yield* this.#ranges(allowance, (begin, end) => updates.updateRange(begin, end, next))
    if (updates.isRegularized()) {
      yield* this.#layers(allowance, (layer) => updates.limitLayer(layer))
      yield* this.#ranges(allowance, (begin, end) => updates.averageRange(begin, end))
    }
    return undefined
  }

  *train(n: number, sampling: Sampling, allowance: Allowance): Parts<number> {
    const loss = yield* this.accumulate(n, 0, sampling, allowance)
    if (Number.isFinite(loss)) yield* this.update(1 / n, allowance)
    return loss
  }

  *#forward(i: number, s: number, allowance: Allowance): Parts<undefined> {
    const propagation = this.#propagation
    const { layers } = propagation
    propagation.load(i, s)
    for (let l = 0; l < layers.length; ++l) {
      propagation.forwardLayer(l, i, s)
      allowance.left -= layers[l].w.length
      if (allowance.left <= 0) yield
    }
    return undefined
  }

  *#layers(allowance: Allowance, each: (layer: Layer) => void): Parts<undefined> {
    for (const layer of this.#propagation.layers) {
      each(layer)
      allowance.left -= layer.w.length * UPDATE_WORK
      if (allowance.left <= 0) yield
    }
    return undefined
  }

  *#ranges(allowance: Allowance, each: (begin: number, end: number) => void): Parts<undefined> {
    const { parameterCount } = this.#updates
    for (let begin = 0; begin < parameterCount; begin += UPDATE_PARAMETERS) {
      const end = Math.min(parameterCount, begin + UPDATE_PARAMETERS)
      each(begin, end)
      allowance.left -= (end - begin) * UPDATE_WORK
      if (allowance.left <= 0) yield
    }
    return undefined
  }
}
