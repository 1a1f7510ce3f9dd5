/** Fits with shards whose networks the tests compare. */
import { createHash } from 'node:crypto'
import { adam, Network, sgd } from 'deltaprop'

const x = Array.from({ length: 150 }, (_, i) => [((i * 37) % 100) / 50 - 1, ((i * 61) % 97) / 48 - 1])
const y = x.map(([a, b]) => Number(a > b) + Number(a > 2 * b))
const large = Float32Array.from({ length: 1200 * 100 }, (_, i) => ((i * 37) % 100) / 50 - 1)

/** @typedef {import('deltaprop').FitOptions} FitOptions */

const shared = { epochs: 2, batchSize: 64, shards: 4 }

/** @type {Record<string, { sizes: number[], network: import('deltaprop').ShortOptions, data: import('deltaprop').FitData, fit: FitOptions }>} */
export const fits = {
  sgd: {
    sizes: [2, 16, 3],
    network: {},
    data: { x, y },
    fit: { ...shared, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) },
  },
  adam: { sizes: [2, 16, 8, 3], network: {}, data: { x, y }, fit: { ...shared, optimizer: adam() } },
  f64: { sizes: [2, 16, 3], network: { precision: 'f64' }, data: { x, y }, fit: { ...shared, l2: 0.01 } },
  dropout: {
    sizes: [2, 16, 3],
    network: {},
    data: { x, y, weights: x.map(([a]) => Math.abs(a)) },
    fit: {
      ...shared,
      dropout: 0.2,
      labelSmoothing: 0.1,
      schedule: { type: 'cosine', totalSteps: 6 },
      validation: 0.2,
    },
  },
}

/** Parameters of 2.4 MB. */
const ofLarge = {
  sizes: [100, 1000, 500],
  network: /** @type {const} */ ({ activation: { hidden: 'relu', output: 'softmax' } }),
  data: { x: large, y: Float32Array.from({ length: 1200 }, (_, i) => i % 500) },
  fit: { epochs: 1, batchSize: 1000, shards: 3 },
}

/** The hash of a network that is trained so. @param {string} name @param {FitOptions} more */
export async function trained(name, more) {
  const { sizes, network, data, fit } = name === 'large' ? ofLarge : fits[name]
  const net = new Network(sizes, { activation: { hidden: 'tanh', output: 'softmax' }, seed: 1, ...network })
  const { epochs } = await net.fit(data, { ...fit, ...more })
  const losses = Float64Array.from(epochs, ({ loss }) => loss)
  return createHash('sha256').update(net.toBytes()).update(losses).digest('hex').slice(0, 16)
}
