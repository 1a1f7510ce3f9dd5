import { validationMetrics } from 'deltaprop'
import { parseCsv } from 'deltaprop/data'
import { Model } from 'deltaprop/model'

/**
 * What there is to know of a flower, in centimetres.
 *
 * @typedef {object} Flower
 * @property {number} sepal_length
 * @property {number} sepal_width
 * @property {number} petal_length
 * @property {number} petal_width
 */

/**
 * What the model takes a flower for.
 *
 * @typedef {object} Opinion
 * @property {string} species
 * @property {number} probability from 0 to 1
 */

/** A third of the flowers is not learnt from: `accuracy` is about those. @type {import('deltaprop/model').ModelFitOptions} */
const training = { epochs: 100, batchSize: 10, validation: 1 / 3, metrics: validationMetrics }

/**
 * A model that has learnt to tell the species of irises.
 *
 * @param {string | Uint8Array} csv a table with a column for each property of a flower, and one for its species
 * @param {(epoch: number, loss: number) => void} [onEpoch] called after each epoch
 * @returns {Promise<{ model: Model, accuracy: number }>} accuracy from 0 to 1
 */
export async function learn(csv, onEpoch) {
  const table = parseCsv(csv)
  const model = Model.create(table, { target: 'species', hidden: [16], activation: 'tanh', seed: 1 })
  const { epochs } = await model.fit(table, {
    ...training,
    onEpoch: ({ epoch, loss }) => onEpoch?.(epoch, loss),
  })
  return { model, accuracy: epochs.at(-1)?.validation?.accuracy ?? NaN }
}

/**
 * @param {Model} model
 * @param {Flower} flower
 * @returns {Opinion}
 */
export function judge(model, flower) {
  const { species, probabilities } = model.predict(flower)
  // An answer has the columns of its data, which no type knows: what is in them is asked.
  if (typeof species !== 'string' || typeof probabilities !== 'object') {
    throw new TypeError(`species: expected a class with probabilities, got ${typeof species}`)
  }
  return { species, probability: probabilities[species] ?? NaN }
}
