// @ts-check
/**
 * One library in one formulation on one workload, in a process of its own: shows first that it computes what
 * deltaprop computes, then is timed, turn by turn, as index.js asks for it.
 */
import { prepareInference, prepareTraining } from './batches.js'
import { prepareCalls } from './calls.js'
import { preparePopulation } from './populations.js'

/** @typedef {import('./library.js').Library} Library */
/** @typedef {import('./workloads.js').Workload} Workload */

/** @typedef {{ adapter: string, argument: string, workload: Workload, turnMs: number, warmUpTurns: number }} Order */

const prepare = {
  predictOne: prepareCalls,
  trainOne: prepareCalls,
  population: preparePopulation,
  train: prepareTraining,
  infer: prepareInference,
}

/** @type {unknown} */
const order = JSON.parse(process.argv[2])
const { adapter, argument, workload, turnMs, warmUpTurns } = /** @type {Order} */ (order)
/** @type {unknown} */
const imported = await import(`./libraries/${adapter}.js`)
const library = /** @type {Library} */ (imported)
const substitution = library.substitute?.(workload)
const { batch, options, learningRate } = { batch: 1, learningRate: undefined, ...workload, ...substitution }

/**
 * How often to do what takes turnMs: found in runs that get longer, and then are repeated as long as they get faster,
 * for compilers take their time.
 * @param {(times: number) => Promise<number>} time
 */
async function warmUp(time) {
  let times = 1
  let ms = await time(times)
  let best = ms / times
  for (let idle = 0, spent = ms; idle < 8 && spent < warmUpTurns * turnMs; spent += ms) {
    times = Math.ceil(times * Math.min(8, Math.max(1, turnMs / ms)))
    ms = await time(times)
    idle = ms / times < 0.95 * best ? 0 : idle + 1
    best = Math.min(best, ms / times)
  }
  return Math.max(1, Math.round((times * turnMs) / ms))
}

const job = { library, argument, workload, options, batch, learningRate }
const { samples, run, notes = [] } = await prepare[workload.kind](job)
/** Of whatever runs return, so that it counts as used. */
let checksum = 0
const time = async (/** @type {number} */ times) => {
  const start = performance.now()
  const returned = await run(times)
  const milliseconds = performance.now() - start
  if (typeof returned === 'number') checksum += returned
  return milliseconds
}
// What the check has left behind is collected before, and what is kept lies together: a thousand networks of plain
// arrays take half the time.
for (let i = 0; i < 2; ++i) globalThis.gc?.()
const times = await warmUp(time)
process.on('message', () => {
  void time(times).then((milliseconds) => process.send?.({ milliseconds, checksum }))
})
process.send?.({ samples: times * samples, notes: [...(substitution?.notes ?? []), ...notes] })
