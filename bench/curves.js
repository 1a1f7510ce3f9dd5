// @ts-check
/**
 * How does the time of training grow with batch, width, depth and parameters?
 *
 *     npm run -s bench:build && node bench/curves.js [--quick]
 *
 * Exact arithmetic, f32, one thread. All points of a curve take turns, and so does the probe of the machine's speed.
 */
import { Network, sgd } from 'deltaprop'
import { isMain, isolated } from './isolate.js'
import { isQuick, statistics, takeTurns } from './measure.js'
import { loadProbes, peaksOf } from './probe/probe.js'
import { printTable } from './report/table.js'
import { curveTable, curveTitle } from './report/tables.js'
import { flopsPerSample, makeData } from './workloads.js'

/** @typedef {'batch' | 'width' | 'depth' | 'parameters'} CurveName */

/**
 * @typedef {object} Point
 * @property {number} at what is varied
 * @property {readonly number[]} sizes
 * @property {number} batch
 * @property {number} samples of an epoch, the unit that is timed, or so many epochs that it is long enough
 */

/**
 * @typedef {object} CurvePoint
 * @property {number} at
 * @property {import('./measure.js').Statistics} seconds for a sample, or for a parameter and sample
 * @property {number} flops in a second
 */

/**
 * @typedef {object} Curve
 * @property {CurveName} name
 * @property {readonly CurvePoint[]} points
 * @property {import('./measure.js').Statistics} peak operations in a second
 */

/** Operations of a run at least, some milliseconds. */
const RUN_FLOPS = isQuick ? 2e7 : 2e8

/** @type {(from: number, to: number) => number[]} */
const powers = (from, to) => (from > to ? [] : [from, ...powers(2 * from, to)])

/** @type {Readonly<Record<CurveName, readonly Point[]>>} */
const curves = {
  batch: powers(1, 4096).map((batch) => ({ at: batch, sizes: [784, 128, 10], batch, samples: 4096 })),
  width: powers(8, 2048).map((n) => ({ at: n, sizes: [n, n, n, 10], batch: 64, samples: 256 })),
  depth: [1, 2, 3, 4, 6, 8, 12, 16].map((depth) => ({
    at: depth,
    sizes: [128, ...Array.from({ length: depth }, () => 128), 10],
    batch: 64,
    samples: 256,
  })),
  parameters: [96, 176, 312, 560, 992, 1776, 3160].map((n) => ({
    at: parametersOf([n, n, 10]),
    sizes: [n, n, 10],
    batch: 64,
    samples: 256,
  })),
}

/** @returns {Promise<Curve[]>} */
export async function measureCurves() {
  const names = /** @type {CurveName[]} */ (Object.keys(curves))
  /** @type {Curve[]} */
  const measured = []
  for (const name of names) measured.push(await isolated(import.meta.url, measureCurve, { name }))
  for (const curve of measured) printTable(curveTitle(curve), curveTable(curve))
  return measured
}

/**
 * @param {{ name: CurveName }} options
 * @returns {Promise<Curve>}
 */
export async function measureCurve({ name }) {
  const points = curves[name]
  const optimizer = sgd({ learningRate: 0.01 })
  const runs = points.map(({ sizes, batch, samples }) => {
    const options = /** @type {const} */ ({ activation: 'sigmoid', seed: 1 })
    const net = new Network(sizes, options)
    const data = makeData({ sizes, samples, options })
    const epochs = Math.ceil(RUN_FLOPS / samples / flopsPerSample(sizes))
    return {
      name: `${name} ${sizes.join('-')}, ${batch}`,
      samples: epochs * samples,
      run: () => net.fit(data, { epochs, batchSize: batch, optimizer }),
    }
  })
  const probes = loadProbes('f32').filter((probe) => probe.name === 'exact')
  const turns = isQuick ? { rounds: 1, roundMs: 1, warmup: false } : { rounds: 9, roundMs: 50 }
  const milliseconds = await takeTurns([...runs, ...probes], turns)
  return {
    name,
    points: points.map(({ at, sizes }, i) => {
      const count = runs[i].samples * (name !== 'batch' ? parametersOf(sizes) : 1)
      const seconds = statistics(milliseconds[i].map((ms) => ms / 1000 / count))
      const perSample = seconds.median * (count / runs[i].samples)
      return { at, seconds, flops: flopsPerSample(sizes) / perSample }
    }),
    peak: peaksOf(probes, milliseconds.slice(points.length)).exact,
  }
}

/** @param {readonly number[]} sizes */
function parametersOf(sizes) {
  return sizes.slice(1).reduce((sum, units, l) => sum + units * (sizes[l] + 1), 0)
}

if (isMain(import.meta.url)) await measureCurves()
