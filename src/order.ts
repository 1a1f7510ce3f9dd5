import { Random } from './random.js'

/** Overwrites the order of the samples with the one that follows from a stream of random numbers; without one, 0, 1, 2 … */
export function writeOrder(order: Uint32Array, seed: number, stream: string | undefined): void {
  for (let i = 0; i < order.length; ++i) order[i] = i
  if (stream !== undefined) new Random(seed, stream).shuffle(order)
}

/** Samples that are put in order before the next pause: some 2 ms. */
const PART = 2 ** 18

/** The same for many samples: in parts. */
export function* orderInParts(order: Uint32Array, seed: number, stream: string): Generator<undefined, void> {
  for (let i = 0; i < order.length; ++i) order[i] = i
  const random = new Random(seed, stream)
  for (let end = order.length; end > 1; end -= PART) {
    yield
    random.shuffle(order, Math.max(1, end - PART), end)
  }
}

/** Whether it is worth parts. */
export function isLongOrder(order: Uint32Array): boolean {
  return order.length > 2 * PART
}
