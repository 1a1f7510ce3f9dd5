import type { Architecture } from '../definition/architecture.js'
import { NUMBER_WORK, UPDATE_WORK, type Allowance, type Engine, type Parts } from './engine.js'
import type { AbortState } from '../platform/abort.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'
import { PANEL_BYTES } from './wasm/layout.generated.js'

/**
 * Multiply-adds per millisecond, until measured: below the speed of a slow machine, so that the first part is not
 * too long.
 */
export const SPEED = { wasm: 2e5, baseline: 1e5 }

/**
 * A part should take a quarter of a turn: a pause is due once half a turn has passed, and one more part may take
 * twice as long as estimated.
 */
const PART_MS = TURN_MS / 4

/** Of all networks: they have one event loop. */
const turns = /* @__PURE__ */ new Turns(TURN_MS)

/** Times shorter than this cannot be measured, in milliseconds. */
const LEAST_MS = 0.25

/**
 * The cost of a batch in multiply-adds: of each sample, and of the update. Handling a number of a panel, or a
 * parameter in the optimiser, counts as several multiply-adds.
 */
export function batchWork({ inputs, layers }: Architecture): {
  readonly sample: number
  readonly update: number
} {
  let [sample, update, nIn] = [NUMBER_WORK * inputs, 0, inputs]
  for (const { units } of layers) {
    sample += 3 * units * (nIn + NUMBER_WORK)
    update += UPDATE_WORK * units * (nIn + 1)
    nIn = units
  }
  return { sample, update }
}

/** Runs an operation in one part. */
export function atOnce<Result>(begin: (allowance: Allowance) => Parts<Result>): Result {
  const part = begin({ left: Infinity }).next()
  if (part.done === true) return part.value
  throw new Error('expected one part')
}

/** Samples of a panel, the least that is computed at once: of f32, fewer of f64. */
export const PANEL_SAMPLES = PANEL_BYTES / Float32Array.BYTES_PER_ELEMENT

/** Limit on how much longer the next part may be than the last, and than the overall speed suggests. */
const GROWTH = 1.5

/**
 * Measures how much an engine does per millisecond, and thus what takes longer than a turn: that is done in parts,
 * giving the event loop its turns in between. The length of the parts depends on the clock, the result does not.
 */
export class Pace {
  /** a second engine for use while this one is busy, if there has been a need for it; it lives as long as the fit */
  spare: Engine | undefined
  /** over a whole operation */
  #speed: number
  /** over the last part: the phases of a step differ in speed */
  #partSpeed: number
  /** the operation in progress */
  #parts: Parts<unknown> | undefined

  constructor({ kind }: Pick<Engine, 'kind'>) {
    this.#speed = SPEED[kind]
    this.#partSpeed = SPEED[kind]
  }

  /** Whether an operation is in progress: nothing else may use the engine. */
  get isBusy(): boolean {
    return this.#parts !== undefined
  }

  /** Whether `work` multiply-adds take longer than a turn. */
  isLong(work: number): boolean {
    return work > this.#speed * TURN_MS
  }

  /** Records that `work` multiply-adds took `ms` milliseconds. */
  learn(work: number, ms: number): void {
    this.#speed = work / Math.max(ms, LEAST_MS)
  }

  /**
   * Runs an operation in parts.
   *
   * @param work multiply-adds of the whole operation
   * @param stop checked after each turn
   * @throws the stop's reason when it has aborted, Error when leave has been called; the engine is left in the
   *   middle of a step
   */
  async run<Result>(
    begin: (allowance: Allowance) => Parts<Result>,
    work: number,
    stop?: AbortState,
  ): Promise<Result> {
    const allowance = { left: 0 }
    const parts = begin(allowance)
    this.#parts = parts
    let [ms, done] = [0, 0]
    try {
      for (;;) {
        const start = performance.now()
        const given = this.#partSpeed * PART_MS
        allowance.left = given
        const part = parts.next()
        const now = performance.now()
        ms += now - start
        done += given - allowance.left
        if (part.done === true) {
          this.learn(work, ms)
          return part.value
        }
        // Based on what has been done so far.
        this.learn(done, ms)
        const speed = (given - allowance.left) / Math.max(now - start, LEAST_MS)
        this.#partSpeed = Math.min(speed, GROWTH * this.#partSpeed, GROWTH * this.#speed)
        const turn = turns.pause(now)
        if (turn === undefined) continue
        await turn
        stop?.throwIfAborted()
        if (this.#parts !== parts) throw new Error('it has been left in the middle')
      }
    } finally {
      if (this.#parts === parts) this.leave()
    }
  }

  /** Abandons the operation in progress where it is. */
  leave(): void {
    this.#parts?.return(undefined)
    this.#parts = undefined
  }

  /** Abandons any operation in progress and disposes of the spare engine. */
  end(): void {
    this.leave()
    this.spare?.dispose()
    this.spare = undefined
  }
}
