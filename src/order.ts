import { Random } from './random.js'

/** Overwrites the order of the samples with the one that follows from a stream of random numbers; without one, 0, 1, 2 … */
export function writeOrder(order: Uint32Array, seed: number, stream: string | undefined): void {
  for (let i = 0; i < order.length; ++i) order[i] = i
  if (stream !== undefined) new Random(seed, stream).shuffle(order)
}
