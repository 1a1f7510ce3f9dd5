/** Selections whose results the tests compare: as they are here, and on a cluster. */
import { adam } from 'deltaprop'
import { parseCsv } from 'deltaprop/data'
import { crossValidate, gridSearch, randomSearch } from 'deltaprop/selection'

/** @typedef {{ on?: import('deltaprop/selection').FitCluster, signal?: AbortSignal }} Where */

const x = Array.from({ length: 150 }, (_, i) => [((i * 37) % 100) / 50 - 1, ((i * 61) % 97) / 48 - 1])
const y = x.map(([a, b]) => [a * a + b * b < 0.5 ? 1 : 0])
const csv = ['a,b,kind', ...x.map(([a, b], i) => `${a},${b},${y[i][0] === 1 ? 'in' : 'out'}`)].join('\n')

/** @param {number} units @param {number} learningRate @param {number} epochs @returns {import('deltaprop/selection').NetworkRecipe} */
const recipe = (units, learningRate, epochs) => ({
  network: { hidden: [units], activation: { hidden: 'tanh', output: 'sigmoid' }, precision: 'f64' },
  fit: { epochs, batchSize: 8, dropout: 0.1, optimizer: adam({ learningRate }) },
})

/** @type {Record<string, (where: Where, epochs?: number) => Promise<unknown>>} */
export const selections = {
  /** One candidate diverges. */
  grid: async (where, epochs = 20) => {
    const result = await gridSearch(
      { x, y },
      {
        space: { hidden: [[3], [6, 4]], learningRate: [0.01, 0.03, 1e30] },
        network: { activation: { hidden: 'relu', output: 'linear' } },
        fit: { epochs, batchSize: 16, optimizer: 'sgd' },
        seed: 1,
        folds: 4,
        ...where,
      },
    )
    return result.trials
  },
  random: async (where, epochs = 20) => {
    const result = await randomSearch(
      { x: Float32Array.from(x.flat()), y: Float32Array.from(y.flat()) },
      {
        space: { units: { from: 2, to: 12, integer: true }, rate: { from: 1e-3, to: 0.1, scale: 'log' } },
        build: ({ units, rate }) => recipe(units, rate, epochs),
        trials: 10,
        validation: 0.25,
        inputs: 2,
        seed: 3,
        ...where,
      },
    )
    return result.trials
  },
  model: async (where, epochs = 20) => {
    const options = {
      model: { target: 'kind', hidden: [5] },
      fit: { epochs, validation: 0.2 },
      folds: 6,
      seed: 2,
    }
    return (await crossValidate(parseCsv(csv), { ...options, ...where })).folds
  },
}
