// @ts-check
import { adam, Network } from 'deltaprop'
import { readUci, split, targets } from '../digits/data.js'

/** @typedef {import('./messages.js').Data} Data */

/** @type {import('./messages.js').Plan} */
export const PLAN = { epochs: 30, batchSize: 32, learningRate: 0.002 }

/** The digits of examples/data: 70 % to train, the rest to validate. */
export function readTask() {
  const [train, rest] = split(readUci(), [0.7], 1)
  const [data, validation] = [train, rest].map(({ x, labels }) => ({ x, y: targets(labels, 0) }))
  return { data, validation }
}

export function createNetwork() {
  return new Network([64, 256, 10], { activation: { hidden: 'relu', output: 'softmax' }, seed: 1 })
}

/**
 * The same training without a worker of ours: on this thread, or with `threads: 1` in one that fit has.
 *
 * @param {Network} net
 * @param {Data} data
 * @param {Data} validation
 * @param {import('./messages.js').Plan} plan
 * @param {{ threads?: number }} [how]
 */
export function fitHere(net, data, validation, { epochs, batchSize, learningRate }, how = {}) {
  const optimizer = adam({ learningRate })
  return net.fit(data, { epochs, batchSize, optimizer, validation, ...how })
}
