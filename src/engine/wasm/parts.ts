import {
  NUMBER_WORK,
  UPDATE_WORK,
  type Allowance,
  type PartedEngine,
  type Parts,
  type Sampling,
} from '../engine.js'
import { UpdateStep, type Kernels } from './layout.generated.js'
import type { Layout } from './memory.js'

/**
 * A single sample reads each weight for one multiply-add, a panel for one in each of its lanes: a single sample is
 * limited by memory.
 */
const VECTOR_WORK = 4

/** What the parts need from the engine. */
interface Host {
  readonly kernels: Kernels
  readonly layout: Layout
  /** Sets how samples count from now on. */
  sample(sampling: Sampling): void
  /** whether an update does more than apply the optimiser's rule */
  isRegularized(): boolean
}

/**
 * Splits one kernel call into many: the steps of both phases in the order of assembly/step/step.ts, each covering as
 * many panels or blocks of rows as the allowance permits. The bits are the same, because threads too take panels and
 * blocks in any order.
 */
export class WasmParts implements PartedEngine {
  readonly #host: Host
  readonly #kernels: Kernels
  readonly #layout: Layout
  readonly #network: number
  readonly #thread: number

  constructor(host: Host) {
    const { kernels, layout } = host
    this.#host = host
    this.#kernels = kernels
    this.#layout = layout
    this.#network = layout.network
    this.#thread = layout.threads[0].record
  }

  *loss(n: number, weighted: boolean, allowance: Allowance): Parts<number> {
    this.#host.sample({ weighted })
    let total = 0
    const { chunk } = this.#layout
    for (let first = 0; first < n; first += chunk) {
      const count = Math.min(chunk, n - first)
      yield* this.#errors(first, count, false, false, allowance)
      total += this.#kernels.sumLosses(this.#network, count)
    }
    return total
  }

  *accumulate(n: number, loss: number, sampling: Sampling, allowance: Allowance): Parts<number> {
    this.#host.sample(sampling)
    let total = loss
    const { chunk } = this.#layout
    for (let first = 0; first < n; first += chunk) {
      const count = Math.min(chunk, n - first)
      yield* this.#errors(first, count, true, false, allowance)
      total += this.#kernels.sumLosses(this.#network, count)
      yield* this.#gradients(count, false, false, 0, allowance)
    }
    return total
  }

  *update(scale: number, allowance: Allowance): Parts<undefined> {
    const isRegularized = this.#host.isRegularized()
    if (isRegularized) {
      scale = yield* this.#rows(UpdateStep.penalize, scale, allowance)
      scale = yield* this.#rows(UpdateStep.clipLayer, scale, allowance)
      scale = this.#updateStep(UpdateStep.clipAll, 0, 0, 1, scale)
      allowance.left -= this.#layout.parameterCount
    }
    this.#updateStep(UpdateStep.advance, 0, 0, 1, scale)
    yield* this.#rows(UpdateStep.update, scale, allowance)
    if (isRegularized) {
      yield* this.#rows(UpdateStep.limit, scale, allowance)
      yield* this.#rows(UpdateStep.average, scale, allowance)
    }
    return undefined
  }

  *train(n: number, sampling: Sampling, allowance: Allowance): Parts<number> {
    if (n > this.#layout.chunk || this.#host.isRegularized()) {
      const loss = yield* this.accumulate(n, 0, sampling, allowance)
      if (Number.isFinite(loss)) yield* this.update(1 / n, allowance)
      return loss
    }
    this.#host.sample(sampling)
    const isVector = n === 1 && sampling.weighted !== true && sampling.dropout === undefined
    yield* this.#errors(0, n, true, isVector, allowance)
    const loss = this.#kernels.sumLosses(this.#network, n)
    if (!Number.isFinite(loss)) return loss
    this.#updateStep(UpdateStep.advance, 0, 0, 1, 1)
    yield* this.#gradients(n, isVector, true, 1 / n, allowance)
    return loss
  }

  /**
   * One step of the update on all rows, handling all rows of a layer together for its norms; returns the scale for
   * the next step.
   */
  *#rows(step: UpdateStep, scale: number, allowance: Allowance): Parts<number> {
    let next = scale
    for (const [l, { nIn, nOut }] of this.#layout.layers.entries()) {
      const atOnce = step === UpdateStep.clipLayer ? nOut : 1
      const work = atOnce * (nIn + 1) * UPDATE_WORK
      for (const [begin, end] of rangesOf(nOut / atOnce, work, allowance)) {
        next = this.#updateStep(step, l, begin * atOnce, end * atOnce, scale)
        if (allowance.left <= 0) yield
      }
    }
    return next
  }

  #updateStep(step: UpdateStep, l: number, begin: number, end: number, scale: number): number {
    return this.#kernels.updateStep(this.#network, this.#thread, step, l, begin, end, scale)
  }

  /** Phase 1 of n samples of one chunk, starting at sample `first`. */
  *#errors(
    first: number,
    n: number,
    backward: boolean,
    isVector: boolean,
    allowance: Allowance,
  ): Parts<undefined> {
    const { layers, panelLanes } = this.#layout
    const last = backward ? 2 * layers.length : layers.length + 1
    const panels = isVector ? 1 : Math.ceil(n / panelLanes)
    for (let step = 0; step <= last; ++step) {
      const work = (isVector ? VECTOR_WORK : panelLanes) * this.#stepWork(step)
      for (const [begin, end] of rangesOf(panels, work, allowance)) {
        this.#kernels.errorsPart(this.#network, this.#thread, step, first, n, begin, end, backward, isVector)
        if (allowance.left <= 0) yield
      }
    }
    return undefined
  }

  /** Multiply-adds per sample of a step of phase 1, see errorsStep in assembly/step/phase1.ts. */
  #stepWork(step: number): number {
    const { layers } = this.#layout
    const { length } = layers
    if (step === 0) return layers[0].nIn * NUMBER_WORK
    if (step === length + 1) return layers[length - 1].nOut * NUMBER_WORK
    const { nIn, nOut } = layers[step <= length ? step - 1 : 2 * length + 1 - step]
    return nOut * (nIn + NUMBER_WORK)
  }

  /** Phase 2 over the n samples of phase 1. */
  *#gradients(
    n: number,
    isVector: boolean,
    updates: boolean,
    scale: number,
    allowance: Allowance,
  ): Parts<undefined> {
    for (const [l, { nIn, blockRows, blocks }] of this.#layout.layers.entries()) {
      const work = blockRows * (nIn + 1) * (n + UPDATE_WORK)
      for (const [begin, end] of rangesOf(blocks, work, allowance)) {
        this.#kernels.gradientsOf(this.#network, this.#thread, l, begin, end, n, isVector, updates, scale)
        if (allowance.left <= 0) yield
      }
    }
    return undefined
  }
}

/**
 * Splits n items of `work` multiply-adds each into ranges as long as the allowance permits, but never empty, and
 * subtracts them from it.
 */
function* rangesOf(n: number, work: number, allowance: Allowance): Generator<[begin: number, end: number]> {
  for (let begin = 0; begin < n;) {
    const end = Math.min(n, begin + Math.max(1, Math.floor(allowance.left / work)))
    allowance.left -= work * (end - begin)
    yield [begin, end]
    begin = end
  }
}
