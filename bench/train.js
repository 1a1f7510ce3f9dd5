// @ts-check
/**
 * How many samples does each contender train in a second?
 *
 *     npm run -s bench:build && node bench/train.js [--quick] [mnist …] [f32]
 *
 * A run is a `fit` of some epochs, shuffled as by default, from the call until its promise is resolved.
 */
import { assertAgreement, largestDifference, makeContenders } from './contenders.js'
import { isMain, isolated } from './isolate.js'
import { isQuick, isWanted, ratesOf, takeTurns } from './measure.js'
import { loadProbes, peaksOf } from './probe/probe.js'
import { printTable } from './report/table.js'
import { trainingTable } from './report/tables.js'
import { findWorkload, flopsPerSample, makeData, workloads } from './workloads.js'

/**
 * @typedef {object} SpeedRow
 * @property {string} name of the workload
 * @property {import('./workloads.js').Precision} precision
 * @property {number} flopsPerSample
 * @property {number} checksum
 * @property {Partial<Record<import('./contenders.js').ContenderName, import('./measure.js').Statistics>>} rates samples/s
 * @property {import('./probe/probe.js').Peaks} peaks
 */

/** @typedef {{ name: string, precision: import('./workloads.js').Precision }} Case */

const LEARNING_RATE = 0.01

/** @returns {Promise<SpeedRow[]>} */
export async function train() {
  /** @type {SpeedRow[]} */
  const rows = []
  for (const precision of /** @type {const} */ (['f32', 'f64'])) {
    for (const { name } of workloads) {
      if (!isWanted(name, precision)) continue
      if (isQuick && (name === 'wide' || (precision === 'f64' && !['seed', 'mnist'].includes(name)))) continue
      rows.push(await isolated(import.meta.url, measureTraining, { name, precision }))
    }
  }
  printTable('Training, samples/s', trainingTable(rows), 3)
  return rows
}

/**
 * @param {Case} options
 * @returns {Promise<SpeedRow>}
 */
export async function measureTraining({ name, precision }) {
  const workload = findWorkload(workloads, name)
  const { sizes, batch, samples, epochs } = workload
  const contenders = makeContenders(workload, precision)
  const checksum = await trainAlike(contenders, workload, precision)

  const data = makeData(workload, precision)
  const training = { epochs, batchSize: batch, learningRate: LEARNING_RATE, shuffle: true }
  const fits = contenders.map(({ name, fit }) => ({ name, run: () => fit(data, training) }))
  const probes = loadProbes(precision)
  const turns = isQuick ? { rounds: 1, roundMs: 10, warmup: false } : { rounds: 9, roundMs: 150 }
  const milliseconds = await takeTurns([...fits, ...probes], turns)
  return {
    name,
    precision,
    flopsPerSample: flopsPerSample(sizes),
    checksum,
    rates: Object.fromEntries(fits.map(({ name }, i) => [name, ratesOf(milliseconds[i], epochs * samples)])),
    peaks: peaksOf(probes, milliseconds.slice(fits.length)),
  }
}

/**
 * Trains all contenders a little, in one order of the samples, and asserts that the same came of it: differences are small beside
 * what training has changed.
 *
 * @param {readonly import('./contenders.js').Contender[]} contenders
 * @param {import('./workloads.js').Workload} workload
 * @param {import('./workloads.js').Precision} precision
 */
async function trainAlike(contenders, workload, precision) {
  const batchSize = Math.min(workload.batch, 32)
  const data = makeData({ ...workload, samples: Math.min(workload.samples, 2 * batchSize + 1) }, precision)
  const before = contenders[0].predict(data.x)
  for (const { fit } of contenders) {
    await fit(data, { epochs: 2, batchSize, learningRate: LEARNING_RATE, shuffle: false })
  }
  return assertAgreement(contenders, data.x, largestDifference(contenders[0].predict(data.x), before))
}

if (isMain(import.meta.url)) await train()
