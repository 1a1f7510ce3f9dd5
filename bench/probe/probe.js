// @ts-check
/**
 * The speed of the machine at this moment: what its 128-bit multiply-adds reach where nothing is in their way. `exact` is a
 * multiplication and an addition, `relaxed` is fused.
 */
import { instantiateSync } from '@assemblyscript/loader'
import { readFileSync } from 'node:fs'
import { ratesOf } from '../measure.js'

/** Of the loop of one run, which takes some milliseconds. */
const TURNS = 1_000_000

/** @typedef {'exact' | 'relaxed'} Arithmetic */

/**
 * Operations in a second.
 * @typedef {{ exact: import('../measure.js').Statistics, relaxed?: import('../measure.js').Statistics }} Peaks
 */

/**
 * @typedef {object} Probe
 * @property {Arithmetic} name
 * @property {() => void} run the unit that is timed
 * @property {number} flops of one run
 */

/**
 * Exact, and relaxed where this engine has it.
 * @param {import('../workloads.js').Precision} precision
 */
export function loadProbes(precision) {
  const files = /** @type {const} */ ({ exact: 'probe.core.wasm', relaxed: 'probe.relaxed.wasm' })
  return /** @type {const} */ (['exact', 'relaxed']).flatMap((name) => {
    const bytes = readFileSync(new URL(`../../build/${files[name]}`, import.meta.url))
    return WebAssembly.validate(bytes) ? [instantiate(name, bytes, precision)] : []
  })
}

/**
 * @param {readonly Probe[]} probes
 * @param {readonly number[][]} milliseconds of each run, by probe
 */
export function peaksOf(probes, milliseconds) {
  /** @type {Partial<Peaks>} */
  const peaks = {}
  for (const [i, { name, flops }] of probes.entries()) peaks[name] = ratesOf(milliseconds[i], flops)
  return /** @type {Peaks} */ (peaks)
}

/**
 * @param {Arithmetic} name
 * @param {NodeJS.ArrayBufferView<ArrayBuffer>} bytes
 * @param {import('../workloads.js').Precision} precision
 * @returns {Probe}
 */
function instantiate(name, bytes, precision) {
  const { exports } = instantiateSync(new WebAssembly.Module(bytes))
  const probe = /** @type {(n: number, x: number, y: number) => number} */ (exports[`probe_${precision}`])
  const lanes = /** @type {() => number} */ (exports[`lanes_${precision}`])()
  const run = () => {
    const checksum = probe(TURNS, 0.5, 0.5)
    if (checksum !== lanes) throw new Error(`probe: expected ${lanes}, got ${checksum}`)
  }
  // The first runs are those of code that is not optimised yet.
  for (let i = 0; i < 3; ++i) run()
  return { name, run, flops: TURNS * 2 * 2 * lanes }
}
