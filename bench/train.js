// @ts-check
/**
 * How many samples does each engine train in a second, one thread, f32?
 *
 *     npm run bench
 *
 * A run is a `fit` of EPOCHS epochs, shuffled as by default. The engines take turns, so that a change in the speed
 * of the machine meets both; medians over all runs.
 */
import { Network, sgd } from 'deltaprop'
import { Bench } from 'tinybench'
import { flopsPerSample, makeData, workloads } from './workloads.js'

const EPOCHS = 20
const ROUNDS = 7
const ROUND_MS = 300
const optimizer = sgd({ learningRate: 0.01 })

/** @param {import('./workloads.js').Workload} workload */
async function compare(workload) {
  const { name, sizes, batch, samples, options } = workload
  const data = makeData(workload)
  const contenders = /** @type {const} */ (['wasm', 'baseline']).map((engine) => {
    /** @type {number[]} */
    const milliseconds = []
    return { engine, net: new Network(sizes, { ...options, engine }), milliseconds }
  })
  for (const { net } of contenders) await net.fit(data, { epochs: 3, batchSize: batch, optimizer })
  const checksum = assertAgreement(name, contenders[0].net, contenders[1].net, data)

  for (let round = 0; round < ROUNDS; ++round) {
    for (const { engine, net, milliseconds } of contenders) {
      const bench = new Bench({ time: ROUND_MS, iterations: 1, warmup: false, retainSamples: true })
      bench.add(engine, async () => {
        await net.fit(data, { epochs: EPOCHS, batchSize: batch, optimizer })
      })
      const [{ result }] = await bench.run()
      if (!('latency' in result)) throw new Error(`${name}, ${engine}: no result`)
      milliseconds.push(...(result.latency.samples ?? []))
    }
  }

  const [wasm, baseline] = contenders.map(({ milliseconds }) => statistics(milliseconds, EPOCHS * samples))
  const gflops = (wasm.median * flopsPerSample(sizes)) / 1e9
  return {
    workload: `${name}: ${sizes.join('-')}, batch ${batch}`,
    'wasm samples/s': format(wasm),
    'GFLOP/s': gflops.toFixed(1),
    'baseline samples/s': format(baseline),
    ratio: (wasm.median / baseline.median).toFixed(1),
    checksum: checksum.toFixed(6),
  }
}

/**
 * Both engines have trained the same steps: their outputs are equal to the rounding of f32, or the times mean nothing.
 * @param {string} name
 * @param {Network} wasm
 * @param {Network} baseline
 * @param {{ x: Float32Array }} data
 */
function assertAgreement(name, wasm, baseline, { x }) {
  const [a, b] = [Array.from(wasm.predict(x)), Array.from(baseline.predict(x))]
  const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
  if (!(worst < 1e-4)) throw new Error(`${name}: the engines disagree by ${worst}`)
  return a.reduce((sum, value) => sum + value, 0)
}

/**
 * @param {number[]} milliseconds of each run
 * @param {number} samples of a run
 */
function statistics(milliseconds, samples) {
  const rates = milliseconds.map((ms) => (1000 * samples) / ms).sort((a, b) => a - b)
  const at = (/** @type {number} */ share) => rates[Math.floor(share * (rates.length - 1))]
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/** @param {{ median: number, low: number, high: number }} rate */
function format({ median, low, high }) {
  const spread = ((high - low) / median / 2) * 100
  return `${Math.round(median).toLocaleString('en')} ± ${spread.toFixed(0)} %`
}

console.log(
  `Node ${process.version}, ${process.arch}; f32, one thread, SGD; median ± half the quartile range`,
)
const rows = []
for (const workload of workloads) rows.push(await compare(workload))
console.table(rows)
