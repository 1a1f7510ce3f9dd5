// @ts-check
/**
 * What does V8's `--experimental-wasm-revectorize` (256-bit vectors; from Node 22 on) give? In turns with and without
 * it, each in a process of its own: `npm run -s build && node bench/revectorize.js [path of node] [turns]`
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { printTable } from './report/table.js'

/** @type {readonly { name: string, sizes: readonly number[], batch: number, samples: number, epochs: number }[]} */
const WORKLOADS = [
  { name: '2-8-1, batch 4', sizes: [2, 8, 1], batch: 4, samples: 4096, epochs: 20 },
  { name: '2-3-2-2, batch 32', sizes: [2, 3, 2, 2], batch: 32, samples: 4096, epochs: 40 },
  { name: '784-30-10, batch 10', sizes: [784, 30, 10], batch: 10, samples: 1000, epochs: 20 },
  { name: '784-128-10, batch 32', sizes: [784, 128, 10], batch: 32, samples: 1024, epochs: 10 },
  { name: '784-512-512-10, batch 128', sizes: [784, 512, 512, 10], batch: 128, samples: 1024, epochs: 3 },
]

const FLAG = '--experimental-wasm-revectorize'

/** @typedef {Record<string, { rate: number, hash: string }>} Rates samples/s, and what has been trained */

/** In a process of its own. */
async function measure() {
  const { Network, sgd } = await import('deltaprop')
  const { relaxed } = await import('deltaprop/relaxed')
  const optimizer = sgd({ learningRate: 0.01 })
  /** @type {Rates} */
  const rates = {}
  for (const { name, sizes, batch, samples, epochs } of WORKLOADS) {
    const [inputs, outputs] = [sizes[0], sizes[sizes.length - 1]]
    const x = Float32Array.from({ length: samples * inputs }, (_, i) => ((i * 7) % 11) / 11)
    const y = Float32Array.from({ length: samples * outputs }, (_, i) => Number(i % 3 === 0))
    for (const arithmetic of /** @type {const} */ (['exact', 'relaxed'])) {
      const net = new Network(sizes, {
        activation: 'sigmoid',
        seed: 1,
        arithmetic: arithmetic === 'exact' ? 'exact' : relaxed,
      })
      const train = () => net.fit({ x, y }, { epochs, batchSize: batch, optimizer })
      await train()
      const start = performance.now()
      await train()
      const rate = (1000 * epochs * samples) / (performance.now() - start)
      const hash = createHash('sha256').update(net.toBytes()).digest('hex')
      rates[`${name}, ${arithmetic}`] = { rate, hash }
    }
  }
  console.log(JSON.stringify(rates))
}

/** @param {string} node @param {readonly string[]} flags @returns {Rates} */
function run(node, flags) {
  const script = fileURLToPath(import.meta.url)
  const { stdout, stderr, status } = spawnSync(node, [...flags, script, 'measure'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  /** @type {unknown} */
  const rates = JSON.parse(stdout)
  return /** @type {Rates} */ (rates)
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

if (process.argv[2] === 'measure') {
  await measure()
} else {
  const [, , node = process.execPath, turns = '5'] = process.argv
  const found = Array.from({ length: Number(turns) }, () => ({ off: run(node, []), on: run(node, [FLAG]) }))
  const rows = Object.keys(found[0].off).map((name) => {
    const ratio = median(found.map(({ off, on }) => on[name].rate / off[name].rate))
    const isSame = found.every(({ off, on }) => on[name].hash === off[name].hash)
    return {
      workload: name,
      'samples/s': Math.round(median(found.map(({ off }) => off[name].rate))).toLocaleString('en'),
      'with it / without': ratio.toFixed(2),
      bits: isSame ? 'the same' : 'differ',
    }
  })
  printTable(`${FLAG}, ${node}`, rows)
}
