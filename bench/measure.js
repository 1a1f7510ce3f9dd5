// @ts-check
/** Timing in turns, and what is said about the times. */
import { Bench } from 'tinybench'

/** Whether to measure each thing once or twice only, to see that everything works. */
export const isQuick = process.argv.includes('--quick')

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

/**
 * Whether the command line names this workload and precision, or none.
 * @type {(name: string, precision: string) => boolean}
 */
export function isWanted(name, precision) {
  const isPrecision = (/** @type {string} */ word) => word === 'f32' || word === 'f64'
  const among = (/** @type {readonly string[]} */ words, /** @type {string} */ word) =>
    words.length === 0 || words.includes(word)
  return (
    among(wanted.filter(isPrecision), precision) &&
    among(
      wanted.filter((word) => !isPrecision(word)),
      name,
    )
  )
}

/**
 * @typedef {object} Statistics
 * @property {number} median
 * @property {number} spread half the quartile range, in per cent of the median
 */

/**
 * Runs the contenders in turns, round by round, so that a change in the speed of the machine meets all of them.
 *
 * @param {readonly { name: string, run: () => unknown }[]} contenders
 * @param {{ rounds: number, roundMs: number, warmup?: boolean }} options each contender runs for at least roundMs in each round,
 *   and at least once; `warmup`: one run of each before all rounds that does not count, true unless given
 * @returns {Promise<number[][]>} milliseconds of every run, by contender
 */
export async function takeTurns(contenders, { rounds, roundMs, warmup = true }) {
  /** @type {number[][]} */
  const milliseconds = contenders.map(() => [])
  if (warmup) for (const { run } of contenders) await run()
  for (let round = 0; round < rounds; ++round) {
    for (const [i, { name, run }] of contenders.entries()) {
      const bench = new Bench({ time: roundMs, iterations: 1, warmup: false, retainSamples: true })
      bench.add(
        name,
        async () => {
          await run()
        },
        { async: true },
      )
      const [{ result }] = await bench.run()
      if ('error' in result) throw result.error
      if (!('latency' in result)) throw new Error(`${name}: ${result.state}`)
      milliseconds[i].push(...(result.latency.samples ?? []))
    }
  }
  return milliseconds
}

/**
 * @param {readonly number[]} values at least one
 * @returns {Statistics}
 */
export function statistics(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (/** @type {number} */ share) => {
    const place = share * (sorted.length - 1)
    const below = sorted[Math.floor(place)]
    return below + (sorted[Math.ceil(place)] - below) * (place % 1)
  }
  const median = at(0.5)
  return { median, spread: ((at(0.75) - at(0.25)) / median / 2) * 100 }
}

/**
 * How many in a second.
 *
 * @param {readonly number[]} milliseconds of each run
 * @param {number} count of what one run does
 */
export function ratesOf(milliseconds, count) {
  return statistics(milliseconds.map((ms) => (1000 * count) / ms))
}

/**
 * Three digits and what they count: 28.5 M, 238 k, 12.3.
 * @param {number} value
 */
export function formatCount(value) {
  return scaled(value, [
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
    [1, ''],
  ])
}

/**
 * Three digits: 4.08 s, 12.3 ms, 950 µs, 71.2 ns.
 * @param {number} seconds
 */
export function formatSeconds(seconds) {
  return scaled(seconds, [
    [1, ' s'],
    [1e-3, ' ms'],
    [1e-6, ' µs'],
    [1e-9, ' ns'],
  ])
}

/**
 * Without zeros at the end of decimals: 2 µs for 2.00 µs.
 * @param {string} text of formatCount or formatSeconds
 */
export function trimZeros(text) {
  return text.replace(/^[\d.]+/, (number) => String(Number(number)))
}

/**
 * 28.5 M ± 1 %.
 * @param {Statistics} rate
 */
export function formatRate({ median, spread }) {
  return `${formatCount(median)} ${formatSpread(spread)}`.trimEnd()
}

/**
 * A decimal, or two digits below one: 13.9, 1.0, 0.63.
 * @param {number} ratio
 */
export function formatRatio(ratio) {
  return ratio >= 0.995 ? ratio.toFixed(1) : ratio.toPrecision(2)
}

/** @param {number} share 1 for a hundred */
export function formatPercent(share) {
  return `${(100 * share).toFixed(share >= 0.095 ? 0 : 1)} %`
}

/**
 * ± 1 %; nothing for that of a single run.
 * @param {number} spread in per cent
 */
export function formatSpread(spread) {
  return spread === 0 ? '' : `± ${spread.toFixed(0)} %`
}

/** @type {(value: number, units: readonly (readonly [number, string])[]) => string} */
function scaled(value, units) {
  const [unit, name] = units.find(([unit]) => value >= 0.9995 * unit) ?? units[units.length - 1]
  const number = value / unit
  return number.toFixed(number >= 99.95 ? 0 : number >= 9.995 ? 1 : number > 0 ? 2 : 0) + name
}
