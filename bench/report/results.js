// @ts-check
/** Results in files: one for each major version of a runtime, the newest of each. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform } from 'node:os'
import { isQuick } from '../measure.js'

/**
 * @typedef {object} Environment
 * @property {string} date as ISO 8601 has it, UTC
 * @property {string} runtime
 * @property {string} version
 * @property {string} platform
 * @property {string} cpu
 * @property {number} cores that this process may use
 */

/**
 * @typedef {object} Measurements
 * @property {readonly import('../train.js').SpeedRow[]} train
 * @property {readonly import('../predict.js').SpeedRow[]} predict
 * @property {readonly import('../curves.js').Curve[]} curves
 * @property {readonly import('../threads.js').ThreadsRow[]} threads
 * @property {import('../startup.js').Startup} startup
 */

/** @typedef {Environment & Measurements} Results */

/** Where the results of quick runs are, which are not for keeping. */
export const quickFolder = new URL('../../build/bench/', import.meta.url)

/** Where results are kept. */
export const folder = isQuick ? quickFolder : new URL('../results/', import.meta.url)

/** @returns {Environment} */
export function environment() {
  const [runtime, version] = runtimeVersion()
  return {
    date: new Date().toISOString().slice(0, 16) + 'Z',
    runtime,
    version,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  }
}

/**
 * node-20.
 * @param {Environment} environment
 */
export function nameOf({ runtime, version }) {
  return `${runtime.toLowerCase()}-${version.split('.')[0]}`
}

/** @param {Environment} environment */
export function describeEnvironment({ date, runtime, version, platform, cpu, cores }) {
  const use = cores === 1 ? '1 core' : `${cores} cores`
  return `${runtime} ${version}, ${platform}, ${cpu}, ${use}; ${date.slice(0, 10)}`
}

/**
 * @param {string} name of the file
 * @param {string} text
 * @param {URL} [to] `folder` unless given
 */
export function save(name, text, to = folder) {
  mkdirSync(to, { recursive: true })
  writeFileSync(new URL(name, to), text)
}

/**
 * With six digits of everything but checksums and counts.
 * @param {object} results
 */
export function toJSON(results) {
  const rounded = (/** @type {string} */ key, /** @type {unknown} */ value) =>
    typeof value !== 'number' || key === 'checksum' || Number.isInteger(value)
      ? value
      : Number(value.toPrecision(6))
  return JSON.stringify(results, rounded, 1) + '\n'
}

/**
 * All results that are there but those of other libraries, the newest first.
 * @returns {Results[]}
 */
export function loadResults() {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('peers'))
    .map((name) => /** @type {Results} */ (parse(name)))
    .sort((a, b) => (a.date < b.date ? 1 : -1))
}

/**
 * @param {string} name of a file
 * @returns {unknown}
 */
export function parse(name) {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
}

/** @returns {[runtime: string, version: string]} */
function runtimeVersion() {
  const { bun, deno, node } = process.versions
  if (bun !== undefined) return ['Bun', bun]
  return deno === undefined ? ['Node', node] : ['Deno', deno]
}
