// @ts-check
/**
 * How long does a prediction take, copying in and out included?
 *
 *     npm run -s bench:build && node bench/predict.js [--quick] [mnist …] [f32]
 *
 * A run is some calls of `predict`, from a flat typed array.
 */
import { assertAgreement, makeContenders } from './contenders.js'
import { isMain, isolated } from './isolate.js'
import { isQuick, isWanted, ratesOf, takeTurns } from './measure.js'
import { loadProbes, peaksOf } from './probe/probe.js'
import { printTable } from './report/table.js'
import { inferenceTable } from './report/tables.js'
import { findWorkload, inferenceFlopsPerSample, inferenceWorkloads, makeData } from './workloads.js'

/** @typedef {import('./train.js').SpeedRow} SpeedRow */

/** @returns {Promise<SpeedRow[]>} */
export async function predict() {
  /** @type {SpeedRow[]} */
  const rows = []
  for (const precision of /** @type {const} */ (['f32', 'f64'])) {
    for (const { name } of inferenceWorkloads) {
      if (!isWanted(name, precision)) continue
      if (isQuick && (precision === 'f64' || name === 'deep-1000')) continue
      rows.push(await isolated(import.meta.url, measureInference, { name, precision }))
    }
  }
  printTable('Inference', inferenceTable(rows), 3)
  return rows
}

/**
 * @param {import('./train.js').Case} options
 * @returns {Promise<SpeedRow>}
 */
export async function measureInference({ name, precision }) {
  const workload = findWorkload(inferenceWorkloads, name)
  const { sizes, samples, calls } = workload
  const contenders = makeContenders(workload, precision)
  const { x } = makeData(workload, precision)
  const checksum = assertAgreement(contenders, x)

  const predictions = contenders.map(({ name, predict }) => ({
    name,
    run() {
      for (let call = 0; call < calls; ++call) predict(x)
    },
  }))
  const probes = loadProbes(precision)
  const turns = isQuick ? { rounds: 1, roundMs: 10, warmup: false } : { rounds: 9, roundMs: 80 }
  const milliseconds = await takeTurns([...predictions, ...probes], turns)
  return {
    name,
    precision,
    flopsPerSample: inferenceFlopsPerSample(sizes),
    checksum,
    rates: Object.fromEntries(
      predictions.map(({ name }, i) => [name, ratesOf(milliseconds[i], calls * samples)]),
    ),
    peaks: peaksOf(probes, milliseconds.slice(predictions.length)),
  }
}

if (isMain(import.meta.url)) await predict()
