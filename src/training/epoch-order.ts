import { checkInteger } from '../base/check.js'
import { Random } from '../base/random.js'
import { MOST_SAMPLES, shuffleStream, writeAscending } from '../engine/order.js'

/**
 * The order in which `fit` takes the samples of an epoch, so that a loop of your own, here or elsewhere, has its batches:
 * sample order[i] is the i-th, and a batch is as many in a row as it has samples.
 *
 * @param seed of the network
 * @param epoch from 1, over all calls of fit of this network
 * @param samples how many there are to train on; where `fit` holds out a fraction for the validation, those left
 * @returns the numbers from 0 to samples − 1
 * @throws TypeError or RangeError that names the argument
 * @example
 * import { epochOrder } from 'deltaprop'
 * epochOrder(1, 1, 5) // Uint32Array [3, 2, 4, 1, 0]
 */
export function epochOrder(seed: number, epoch: number, samples: number): Uint32Array {
  const checked = checkInteger('seed', seed, { min: 0 })
  const stream = shuffleStream(checkInteger('epoch', epoch, { min: 1 }) - 1)
  const order = new Uint32Array(checkInteger('samples', samples, { min: 1, max: MOST_SAMPLES }))
  writeAscending(order)
  new Random(checked, stream).shuffle(order)
  return order
}
