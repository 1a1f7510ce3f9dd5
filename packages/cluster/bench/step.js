/**
 * What a synchronous step costs, over the size of network and batch: `node bench/step.js`. The same fit here without and
 * with shards, and on two workers, in turns; medians of steps.
 */
import { Network } from 'deltaprop'
import { machine, measured, median, started } from './support.js'

const ROUNDS = 3
const STEPS = 6

const sizes = [
  { layers: [784, 30, 10], batch: 256 },
  { layers: [784, 128, 10], batch: 1024 },
  { layers: [784, 128, 10], batch: 2048 },
  { layers: [784, 512, 512, 10], batch: 2048 },
  { layers: [784, 512, 512, 10], batch: 4096 },
]

/** @param {number[]} layers @param {number} batch @param {object} options @returns {Promise<number>} milliseconds a step */
async function stepOf(layers, batch, options) {
  const rows = batch * STEPS
  const [inputs] = layers
  const x = Float32Array.from({ length: rows * inputs }, (_, i) => ((i * 37) % 101) / 101)
  const y = Float32Array.from({ length: rows }, (_, i) => i % 10)
  const net = new Network(layers, { activation: { hidden: 'relu', output: 'softmax' }, seed: 1 })
  /** @type {number[]} */
  const times = []
  let last = 0
  const onBatch = () => {
    const now = performance.now()
    if (last > 0) times.push(now - last)
    last = now
  }
  await net.fit({ x, y }, { epochs: 1, batchSize: batch, shuffle: false, onBatch, ...options })
  net.dispose()
  return median(times)
}

await measured(async () => {
  console.log(machine)
  const { on } = await started(2)
  console.log('network             samples   here  2 shards here  2 threads  2 workers')
  for (const { layers, batch } of sizes) {
    const ways = [{}, { shards: 2 }, { threads: 2 }, { shards: 2, on }]
    const times = ways.map(() => /** @type {number[]} */ ([]))
    for (let round = 0; round < ROUNDS; ++round) {
      for (const [i, options] of ways.entries()) times[i].push(await stepOf(layers, batch, options))
    }
    const [here, shards, threads, workers] = times.map((all) => `${median(all).toFixed(0)} ms`)
    console.log(
      `${layers.join('-').padEnd(20)}${String(batch).padStart(7)}${here.padStart(7)}${shards.padStart(15)}${threads.padStart(11)}${workers.padStart(11)}`,
    )
  }
})
