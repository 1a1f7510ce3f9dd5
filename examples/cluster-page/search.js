// @ts-check
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { readCsv } from 'deltaprop/data'
import { adam } from 'deltaprop'
import { randomSearch } from 'deltaprop/selection'

const PIXELS = 64

/**
 * Which network reads handwritten digits best: how many neurons, which learning rate, how much dropout.
 *
 * @param {object} options
 * @param {number} options.trials how many are tried, each on three folds
 * @param {number} options.epochs
 * @param {number} [options.seed]
 * @param {import('deltaprop/selection').FitCluster} [options.on] whose workers train; this process unless given
 * @param {AbortSignal} [options.signal] ends it
 */
export async function searchDigits({ trials, epochs, seed = 1, on, signal }) {
  const { x, y } = await digits()
  return randomSearch(
    { x, y },
    {
      space: {
        units: { from: 8, to: 96, scale: 'log', integer: true },
        rate: { from: 3e-4, to: 0.1, scale: 'log' },
        dropout: { from: 0, to: 0.5 },
      },
      build: ({ units, rate, dropout }) => ({
        network: {
          hidden: [units],
          activation: { hidden: 'tanh', output: 'softmax' },
          loss: 'categoricalCrossEntropy',
        },
        fit: { epochs, batchSize: 32, dropout, optimizer: adam({ learningRate: rate }) },
      }),
      trials,
      folds: 3,
      inputs: PIXELS,
      seed,
      ...(on !== undefined && { on }),
      ...(signal !== undefined && { signal }),
    },
  )
}

/** Pictures of 8 × 8 pixels with ink from 0 to 1, and a 1 in the place of the digit that each shows. */
async function digits() {
  const file = createReadStream(new URL('../data/digits.csv', import.meta.url))
  const { rows, columns } = await readCsv(Readable.toWeb(file))
  const x = new Float32Array(rows * PIXELS)
  const y = new Float32Array(rows * 10)
  for (let row = 0; row < rows; ++row) {
    for (let k = 0; k < PIXELS; ++k) x[row * PIXELS + k] = Number(columns[k].values[row]) / 16
    y[row * 10 + Number(columns[PIXELS].values[row])] = 1
  }
  return { x, y }
}
