import { Random } from '../base/random.js'
import { withTurns } from '../platform/event-loop.js'

/** Samples that are put in order before the next pause: some 2 ms. */
const PART = 2 ** 18

/**
 * Overwrites the order of the samples with the one that follows from a stream of random numbers; without one, 0, 1, 2 … That of many
 * samples it is a promise for: they are put in order in parts, with turns for the event loop.
 */
export function writeOrder(
  order: Uint32Array,
  seed: number,
  stream: string | undefined,
): void | Promise<void> {
  for (let i = 0; i < order.length; ++i) order[i] = i
  if (stream === undefined) return
  const random = new Random(seed, stream)
  if (order.length > 2 * PART) return withTurns(shuffleInParts(order, random))
  random.shuffle(order)
}

function* shuffleInParts(order: Uint32Array, random: Random): Generator<undefined, void> {
  for (let end = order.length; end > 1; end -= PART) {
    yield
    random.shuffle(order, Math.max(1, end - PART), end)
  }
}
