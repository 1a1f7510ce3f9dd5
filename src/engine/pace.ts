import type { Architecture } from '../definition/architecture.js'
import { NUMBER_WORK, UPDATE_WORK, type Allowance, type Engine, type Parts } from './engine.js'
import type { AbortState } from '../platform/abort.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'

/** Multiply-adds in a millisecond, before any are measured: fewer than a slow machine does, so that the first part is not too long. */
const SPEED = { wasm: 2e5, baseline: 1e5 }

/** A part is to be a quarter of a turn: from half of one on it is time, and one more part may take twice as long as was thought. */
const PART_MS = TURN_MS / 4

/** What is too short to be measured, in milliseconds. */
const LEAST_MS = 0.25

/**
 * What a batch takes, in multiply-adds: each of its samples, and the update. What is done to a number of a panel, or to a parameter by the
 * optimiser, takes as long as some of them.
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

/** By how much the next part may be longer, and longer than by the speed of the whole. */
const GROWTH = 1.5

/**
 * How much an engine does in a millisecond, and what takes longer than a turn by that: it is done in parts, with turns for the event
 * loop in between. How long the parts are depends on the clock, what they compute does not.
 */
export class Pace {
  /** what is used while something is being done, if it has been; it lives as long as the fit */
  spare: Engine | undefined
  /** of what was done as a whole */
  #speed: number
  /** of the last part: of the phases of a step, one is faster than the other */
  #partSpeed: number
  /** what is being done */
  #parts: Parts<unknown> | undefined
  readonly #turns = new Turns(TURN_MS)

  constructor({ kind }: Pick<Engine, 'kind'>) {
    this.#speed = SPEED[kind]
    this.#partSpeed = SPEED[kind]
  }

  /** Whether something is in the middle of being done: nothing else may use the engine. */
  get isBusy(): boolean {
    return this.#parts !== undefined
  }

  /** Whether so many multiply-adds take longer than a turn. */
  isLong(work: number): boolean {
    return work > this.#speed * TURN_MS
  }

  /** So many multiply-adds took so many milliseconds. */
  learn(work: number, ms: number): void {
    this.#speed = work / Math.max(ms, LEAST_MS)
  }

  /**
   * Does something in parts.
   *
   * @param work multiply-adds of all of it
   * @param stop is asked after each turn
   * @throws the stop's reason when that has aborted, Error when leave has been called; the engine is left as it is in the middle of a step
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
        // Of what there is of it yet.
        this.learn(done, ms)
        const speed = (given - allowance.left) / Math.max(now - start, LEAST_MS)
        this.#partSpeed = Math.min(speed, GROWTH * this.#partSpeed, GROWTH * this.#speed)
        const turn = this.#turns.pause(now)
        if (turn === undefined) continue
        await turn
        stop?.throwIfAborted()
        if (this.#parts !== parts) throw new Error('it has been left in the middle')
      }
    } finally {
      if (this.#parts === parts) this.leave()
    }
  }

  /** Leaves what is being done where it is. */
  leave(): void {
    this.#parts?.return(undefined)
    this.#parts = undefined
  }

  /** Nothing is done any more, and nobody needs the spare engine. */
  end(): void {
    this.leave()
    this.spare?.dispose()
    this.spare = undefined
  }
}
