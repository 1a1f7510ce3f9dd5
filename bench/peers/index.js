// @ts-check
/**
 * How many samples do other libraries train and predict in a second?
 *
 *     npm run bench:peers [-- --quick]
 *
 * Each contender has a process of its own, in which it shows first that it computes what deltaprop computes; then they take turns.
 * All have one thread, and relaxed SIMD if they have a use for it.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { isQuick, statistics } from '../measure.js'
import { describeEnvironment, environment } from '../report/results.js'
import { inferenceWorkloads, workloads } from '../workloads.js'
import { contenders } from './contenders.js'
import { printAnswer, saveAnswers } from './report.js'

/** @typedef {import('./contender.js').Workload} Workload */

const timing = isQuick
  ? { rounds: 1, turnMs: 50, warmUpTurns: 4 }
  : { rounds: 7, turnMs: 125, warmUpTurns: 20 }

const here = fileURLToPath(new URL('.', import.meta.url))

/** Who needs longer for a turn has fewer. */
const long = { ms: 800, rounds: 3 }

// Node 20 has relaxed SIMD behind a flag, later ones without; a flag that Node does not know would end it.
const execArgv = Number.parseInt(process.versions.node) < 21 ? ['--experimental-wasm-relaxed-simd'] : []

/**
 * @param {import('./contenders.js').Contender} contender
 * @param {Workload} workload
 * @throws Error if the library is missing, or computes something else
 */
async function start({ adapter, argument }, workload) {
  const { turnMs, warmUpTurns } = timing
  const job = JSON.stringify({ adapter, argument, workload, turnMs, warmUpTurns })
  const child = fork(`${here}contender.js`, [job], {
    execArgv,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.on('data', (/** @type {Buffer} */ chunk) => (errors += String(chunk)))
  const ended = once(child, 'close').then(() => {
    const message = /^\w*Error\b.*?: (.*?)(?: imported from .*)?$/m.exec(errors)?.[1]
    throw new Error(message?.replaceAll(here, '') ?? 'ended without an answer')
  })
  ended.catch(() => undefined)
  const answer = async () => {
    const messages = /** @type {unknown[]} */ (await Promise.race([once(child, 'message'), ended]))
    return messages[0]
  }
  const { samples, notes } = /** @type {{ samples: number, notes: string[] }} */ (await answer())
  return {
    notes,
    stop: () => child.kill(),
    /** Trains or predicts for a while: samples/s. */
    async turn() {
      child.send('turn')
      const { milliseconds } = /** @type {{ milliseconds: number }} */ (await answer())
      return { rate: (1000 * samples) / milliseconds, milliseconds }
    },
  }
}

/**
 * @param {Workload} workload
 * @returns {Promise<import('./report.js').Answer>}
 */
async function compare(workload) {
  const kind = workload.batch === undefined ? 'infer' : 'train'
  const running = []
  const missing = []
  for (const contender of contenders.filter(({ does }) => does.includes(kind))) {
    const { library, formulation, leftOut } = contender
    const names = { workload: workload.name, library, formulation }
    const reason = leftOut?.(workload)
    if (reason !== undefined) {
      missing.push({ ...names, reason })
      continue
    }
    try {
      const started = await start(contender, workload)
      running.push({ ...started, names, rates: /** @type {number[]} */ ([]), rounds: timing.rounds })
    } catch (error) {
      missing.push({ ...names, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  for (let round = 0; round < timing.rounds; ++round) {
    for (const contender of running.filter(({ rounds }) => round < rounds)) {
      const { rate, milliseconds } = await contender.turn()
      contender.rates.push(rate)
      if (milliseconds > long.ms) contender.rounds = Math.min(timing.rounds, long.rounds)
    }
  }
  for (const { stop } of running) stop()

  const reference = running.find(({ names }) => names.library === 'deltaprop')
  const rows = running.map(({ names, rates, notes }) => {
    const rate = statistics(rates)
    const ratio = reference === undefined ? NaN : statistics(reference.rates).median / rate.median
    return { ...names, rate, ratio, notes }
  })
  const answer = { workload, rows, missing }
  printAnswer(answer)
  return answer
}

const machine = environment()
console.log(describeEnvironment(machine))
console.log(
  isQuick
    ? 'Quick: one turn each, before compilers are done; the numbers are rough'
    : 'Medians ± half the quartile range; the contenders take turns',
)
const training = []
for (const { name, sizes, batch, samples, options } of workloads) {
  if (isQuick && name !== 'seed' && name !== 'mnist') continue
  training.push(await compare({ name, sizes, batch, samples, options }))
}
const inference = []
for (const { name, sizes, samples, options } of inferenceWorkloads) {
  if (name === 'seed' || (isQuick && !name.startsWith('mnist'))) continue
  inference.push(await compare({ name, sizes, samples, options }))
}
saveAnswers(machine, training, inference)
