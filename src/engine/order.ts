import { Random } from '../base/random.js'
import { withTurns } from '../platform/event-loop.js'

/** Number of samples to order before the next pause: about 2 ms. */
const PART = 2 ** 18

/** As many as an order has numbers for. */
export const MOST_SAMPLES = 2 ** 32 - 1

/** Of the random streams that order the samples: this, and the number of epochs that the network was trained before. */
export const SHUFFLE = 'shuffle '

export function shuffleStream(trainedEpochs: number): string {
  return `${SHUFFLE}${trainedEpochs}`
}

/** Overwrites an order with 0, 1, 2 … */
export function writeAscending(order: Uint32Array): void {
  for (let i = 0; i < order.length; ++i) order[i] = i
}

/**
 * Overwrites the order of the samples with the one that follows from a stream of random numbers, or with 0, 1, 2 …
 * without a stream. With many samples it returns a promise: they are ordered in parts, giving the event loop its
 * turns.
 */
export function writeOrder(
  order: Uint32Array,
  seed: number,
  stream: string | undefined,
): void | Promise<void> {
  writeAscending(order)
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
