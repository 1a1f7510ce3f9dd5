import { GROUP, type Layer } from './layer.js'
import { UPDATE_WORK, type Allowance, type PartedEngine, type Parts, type Sampling } from '../engine.js'

/** Number of parameters updated together. */
const UPDATE_PARAMETERS = 2 ** 14

/** What the parts need from the engine. */
interface Host {
  readonly layers: readonly Layer[]
  readonly parameterCount: number
  /** Sets how samples count from now on. */
  sample(sampling: Sampling): void
  /** Loads sample i in order as sample s of the group. */
  take(i: number, s: number): void
  forward(l: number, i: number, s: number): void
  /** The loss (33) and the error (60) of the output layer. */
  outputDelta(i: number, s: number): number
  /** The errors (59) of the layer before layer l. */
  hiddenDelta(l: number, s: number): void
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
  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  *loss(n: number, weighted: boolean, allowance: Allowance): Parts<number> {
    const host = this.#host
    host.sample({ weighted })
    try {
      let total = 0
      for (let i = 0; i < n; ++i) {
        yield* this.#forward(i, 0, allowance)
        total += host.outputDelta(i, 0)
      }
      return total
    } finally {
      host.sample({})
    }
  }

  *accumulate(n: number, loss: number, sampling: Sampling, allowance: Allowance): Parts<number> {
    const host = this.#host
    host.sample(sampling)
    try {
      let total = loss
      for (let first = 0; first < n; first += GROUP) {
        total = yield* this.#group(first, Math.min(GROUP, n - first), total, allowance)
      }
      return total
    } finally {
      host.sample({})
    }
  }

  /** Adds the gradients of up to four samples starting at `first`; returns total plus their losses. */
  *#group(first: number, n: number, total: number, allowance: Allowance): Parts<number> {
    const host = this.#host
    for (let s = 0; s < n; ++s) {
      yield* this.#forward(first + s, s, allowance)
      total += host.outputDelta(first + s, s)
      for (let l = host.layers.length - 1; l > 0; --l) {
        host.hiddenDelta(l, s)
        allowance.left -= host.layers[l].w.length
        if (allowance.left <= 0) yield
      }
    }
    for (const layer of host.layers) {
      layer.addGradients(n)
      allowance.left -= n * layer.w.length
      if (allowance.left <= 0) yield
    }
    return total
  }

  *update(scale: number, allowance: Allowance): Parts<undefined> {
    const host = this.#host
    let next = scale
    if (host.isRegularized()) {
      yield* this.#layers(allowance, (layer) => (next = host.regularizeLayer(layer, scale)))
      host.regularizeAll()
    }
    host.advance()
    yield* this.#ranges(allowance, (begin, end) => host.updateRange(begin, end, next))
    if (host.isRegularized()) {
      yield* this.#layers(allowance, (layer) => host.limitLayer(layer))
      yield* this.#ranges(allowance, (begin, end) => host.averageRange(begin, end))
    }
    return undefined
  }

  *train(n: number, sampling: Sampling, allowance: Allowance): Parts<number> {
    const loss = yield* this.accumulate(n, 0, sampling, allowance)
    if (Number.isFinite(loss)) yield* this.update(1 / n, allowance)
    return loss
  }

  *#forward(i: number, s: number, allowance: Allowance): Parts<undefined> {
    const { layers } = this.#host
    this.#host.take(i, s)
    for (let l = 0; l < layers.length; ++l) {
      this.#host.forward(l, i, s)
      allowance.left -= layers[l].w.length
      if (allowance.left <= 0) yield
    }
    return undefined
  }

  *#layers(allowance: Allowance, each: (layer: Layer) => void): Parts<undefined> {
    for (const layer of this.#host.layers) {
      each(layer)
      allowance.left -= layer.w.length * UPDATE_WORK
      if (allowance.left <= 0) yield
    }
    return undefined
  }

  *#ranges(allowance: Allowance, each: (begin: number, end: number) => void): Parts<undefined> {
    const { parameterCount } = this.#host
    for (let begin = 0; begin < parameterCount; begin += UPDATE_PARAMETERS) {
      const end = Math.min(parameterCount, begin + UPDATE_PARAMETERS)
      each(begin, end)
      allowance.left -= (end - begin) * UPDATE_WORK
      if (allowance.left <= 0) yield
    }
    return undefined
  }
}
