/** A search of many trials that take a millisecond each; a few of them, by chance, are poison to workers of poison.js. */
import { sgd } from 'deltaprop'
import { randomSearch } from 'deltaprop/selection'

const x = Array.from({ length: 8 }, (_, i) => [i / 8, ((i * 3) % 8) / 8])
const y = x.map(([a, b]) => [a > b ? 1 : 0])

/** @param {number} trials @param {{ on?: import('deltaprop/selection').FitCluster, onTrial?: () => void }} where */
export async function small(trials, where) {
  const found = await randomSearch(
    { x, y },
    {
      space: { rate: { from: 0, to: 1 } },
      build: ({ rate }) => ({
        network: { hidden: [2], activation: { hidden: 'tanh', output: 'sigmoid' } },
        fit: { epochs: rate > 0.9999 ? 13 : 1, optimizer: sgd({ learningRate: 1 + rate }) },
      }),
      ...{ trials, validation: 0.5, seed: 7, ...where },
    },
  )
  return found.trials.map(({ score, epochs, error }) => ({ score, epochs, error }))
}
