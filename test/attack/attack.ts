/**
 * How promises are attacked: a test here is tried again and again, with other random numbers each time; a few times in `npm run test:all`, many
 * times in `npm run test:attack`, whose summary counts the tries.
 */
import { test } from 'vitest'
import { Random } from '../../src/base/random.js'

/** What docs/promises.md promises, by the names of its sections. */
export type PromiseName =
  'Answers' | 'Bits' | 'Files' | 'Limits' | 'Memory' | 'Processors' | 'Servers' | 'Tables' | 'Time' | 'Work'

declare module 'vitest' {
  interface TaskMeta {
    /** how often an attack was tried */
    tried?: number
    /** what it attacks */
    promise?: PromiseName
  }
}

/** How often an attack is tried in `npm run test:all`, and in `npm run test:attack`. */
export interface Tries {
  readonly short: number
  readonly full: number
}

/** Whether this is `npm run test:attack`. */
export const isFull = process.env.ATTACK === 'full'

/** How often it is tried now. */
export function triesOf({ short, full }: Tries): number {
  return isFull ? full : short
}

/**
 * A test that tries an attack so many times, and fails with the first try that breaks the promise, which it names: its random numbers
 * follow from its number, so that it can be tried alone.
 *
 * @param one the i-th try: throws if the promise is broken
 */
export function attack(
  promise: PromiseName,
  what: string,
  tries: Tries,
  one: (random: Random, i: number) => void | Promise<void>,
): void {
  test(`${promise}: ${what}`, { timeout: isFull ? 3_600_000 : 120_000 }, async ({ task }) => {
    Object.assign(task.meta, { promise, tried: 0 })
    for (let i = 0; i < triesOf(tries); ++i) {
      try {
        await one(new Random(i, what), i)
      } catch (cause) {
        throw new Error(`try ${i}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
      }
      task.meta.tried = i + 1
    }
  })
}
