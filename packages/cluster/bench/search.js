/**
 * How much a job costs beside its training, and how much faster two workers are than one: `node bench/search.js`. The same
 * search here, on one worker and on two, in turns; medians.
 */
import { randomSearch } from 'deltaprop/selection'
import { machine, measured, median, started, timed } from './support.js'

const ROUNDS = 4

/** @param {number} rows @param {number} inputs */
function samples(rows, inputs) {
  const x = Float32Array.from({ length: rows * inputs }, (_, i) => ((i * 37) % 101) / 50 - 1)
  return { x, y: Float32Array.from({ length: rows }, (_, i) => Number(x[i * inputs] > x[i * inputs + 1])) }
}

/** @param {{ rows: number, inputs: number, trials: number, hidden: number, epochs: number }} size @param {object} where */
function search({ rows, inputs, trials, hidden, epochs }, where) {
  return randomSearch(samples(rows, inputs), {
    space: { rate: { from: 1e-4, to: 0.1, scale: 'log' } },
    build: ({ rate }) => ({
      network: { hidden: [hidden], activation: { hidden: 'tanh', output: 'sigmoid' } },
      fit: {
        epochs,
        batchSize: 32,
        optimizer: { type: 'sgd', learningRate: rate, momentum: 0, nesterov: false, weightDecay: 0 },
      },
    }),
    trials,
    validation: 0.2,
    inputs,
    seed: 1,
    ...where,
  })
}

await measured(async () => {
  console.log(machine)
  const [one, two] = [await started(1), await started(2)]
  const sizes = {
    'fits of some 0.3 ms': { rows: 40, inputs: 2, trials: 1000, hidden: 4, epochs: 5 },
    'fits of some 0.4 s': { rows: 2000, inputs: 20, trials: 24, hidden: 64, epochs: 300 },
  }
  for (const [name, size] of Object.entries(sizes)) {
    const where = {
      'here, parallel auto': {},
      '1 worker': { on: one.on },
      '2 workers': { on: two.on },
    }
    /** @type {Record<string, number[]>} */
    const times = {}
    for (let round = 0; round < ROUNDS; ++round) {
      for (const [place, options] of Object.entries(where)) {
        const ms = await timed(() => search(size, options))
        if (round > 0) (times[place] ??= []).push(ms)
      }
    }
    console.log(`\n${name}: ${size.trials} trials`)
    const first = median(times['1 worker'])
    for (const [place, all] of Object.entries(times)) {
      const ms = median(all)
      console.log(
        `  ${place.padEnd(24)} ${ms.toFixed(0).padStart(7)} ms  ${(ms / size.trials).toFixed(2)} ms a job, ${(first / ms).toFixed(2)} × one worker`,
      )
    }
  }
})
