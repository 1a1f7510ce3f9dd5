// @ts-check
/**
 * How long does it take from the import to the first trained batch, and how much is there to load?
 *
 *     npm run -s bench:build && node bench/startup.js [--quick]
 *
 * Each time is that of a new process, engines in turns; the batch is the first 32 samples of mnist.
 */
import { transform } from 'esbuild'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { isMain, isolated } from './isolate.js'
import { isQuick, statistics } from './measure.js'
import { printTable } from './report/table.js'
import { sizesTable, startupTable } from './report/tables.js'
import { findWorkload, makeData, workloads } from './workloads.js'

/** @typedef {'wasm' | 'baseline'} Engine */

/** @typedef {'imported' | 'made' | 'trained'} Stage */

/**
 * @typedef {object} Startup
 * @property {Record<Engine, Record<Stage, import('./measure.js').Statistics>>} milliseconds since before the import
 * @property {Record<string, { bytes: number, gzip: number }>} files
 */

const PROCESSES = isQuick ? 3 : 21
const engines = /** @type {const} */ (['wasm', 'baseline'])

/** @returns {Promise<Startup>} */
export async function startup() {
  /** @type {Record<Engine, Record<Stage, number>[]>} */
  const times = { wasm: [], baseline: [] }
  for (let i = 0; i < PROCESSES; ++i) {
    for (const engine of engines) times[engine].push(await isolated(import.meta.url, firstBatch, { engine }))
  }
  const result = {
    milliseconds: { wasm: summary(times.wasm), baseline: summary(times.baseline) },
    files: await fileSizes(),
  }
  printTable('From the import to the first trained batch', startupTable(result))
  printTable('Size', sizesTable(result))
  return result
}

/**
 * @param {{ engine: Engine }} options
 * @returns {Promise<Record<Stage, number>>} milliseconds since before the import
 */
export async function firstBatch({ engine }) {
  const workload = findWorkload(workloads, 'mnist')
  const { sizes, batch, options } = workload
  const { x, y } = makeData({ ...workload, samples: batch })
  const start = performance.now()
  const { Network, sgd } = await import('deltaprop')
  const option = engine === 'wasm' ? engine : (await import('deltaprop/baseline')).baseline
  const imported = performance.now() - start
  const net = new Network(sizes, { ...options, engine: option })
  const made = performance.now() - start
  net.train(x, y, sgd({ learningRate: 0.01 }))
  return { imported, made, trained: performance.now() - start }
}

/** @param {readonly Record<Stage, number>[]} times */
function summary(times) {
  return {
    imported: statistics(times.map(({ imported }) => imported)),
    made: statistics(times.map(({ made }) => made)),
    trained: statistics(times.map(({ trained }) => trained)),
  }
}

/** Of what is published and loaded. */
async function fileSizes() {
  const core = readFileSync(new URL('../dist/core.wasm', import.meta.url))
  const bundle = readFileSync(new URL('../dist/index.js', import.meta.url))
  const { code } = await transform(bundle.toString(), { minify: true, format: 'esm' })
  return {
    'dist/core.wasm': sizeOf(core),
    'dist/index.js': sizeOf(bundle),
    'dist/index.js, minified': sizeOf(Buffer.from(code)),
  }
}

/** @param {Buffer} bytes */
function sizeOf(bytes) {
  return { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
}

if (isMain(import.meta.url)) await startup()
