// @ts-check
/**
 * How many samples do other libraries train and predict in a second, and how long do they take for one?
 *
 *     npm run bench:peers [-- [--quick] [--only calls,populations,xor] [--node 24]]
 *
 * Each contender has a process of its own, in which it shows first that it computes what deltaprop computes; then
 * they take turns. All have one thread, and relaxed SIMD if they have a use for it.
 *
 * `--only` names groups (calls, populations, training, inference) and workloads of them. `--node` is a version, which
 * npx gets, or the path of a binary; the Node in use otherwise. A whole run writes into bench/results, a quick one or
 * a part into build/bench.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isQuick, statistics } from '../measure.js'
import { describeEnvironment, environment, folder, quickFolder } from '../report/results.js'
import { contenders } from './contenders.js'
import { findNode } from './node.js'
import { printAnswers, saveAnswers } from './report.js'
import { groups, quickGroups, select, titleOf } from './workloads.js'

/** @typedef {import('./workloads.js').Workload} Workload */

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string', multiple: true }, node: { type: 'string' } },
})
const only = (values.only ?? []).flatMap((names) => names.split(','))

const timing = isQuick
  ? { rounds: 1, turnMs: 50, warmUpTurns: 4 }
  : { rounds: 7, turnMs: 125, warmUpTurns: 20 }

const here = fileURLToPath(new URL('.', import.meta.url))

/** Who needs longer for a turn has fewer. */
const long = { ms: 800, rounds: 3 }

const node = findNode(values.node)

// Node 20 has relaxed SIMD behind a flag, later ones without; a flag that Node does not know would end it.
const relaxed = Number.parseInt(node.version) < 21 ? ['--experimental-wasm-relaxed-simd'] : []

/**
 * @param {import('./contenders.js').Contender} contender
 * @param {Workload} workload
 * @throws Error if the library is missing, or computes something else
 */
async function start({ adapter, argument }, workload) {
  const { turnMs, warmUpTurns } = timing
  const order = JSON.stringify({ adapter, argument, workload, turnMs, warmUpTurns })
  const child = fork(`${here}contender.js`, [order], {
    execPath: node.path,
    execArgv: ['--expose-gc', ...relaxed],
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
  const running = []
  const missing = []
  for (const contender of contenders.filter(({ does }) => does.includes(workload.kind))) {
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
  return { workload, rows, missing }
}

function wantedGroups() {
  try {
    return select(isQuick && only.length === 0 ? quickGroups : groups, only)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    console.error(error.message)
    return process.exit(2)
  }
}

const wanted = wantedGroups()
const machine = { ...environment(), version: node.version }
console.log(describeEnvironment(machine))
console.log(
  isQuick
    ? 'Quick: one turn each, before compilers are done; the numbers are rough'
    : 'Medians ± half the quartile range; the contenders take turns',
)
const answered = []
for (const group of wanted) {
  const answers = []
  for (const [i, workload] of group.workloads.entries()) {
    answers.push(await compare(workload))
    const next = i + 1 < group.workloads.length ? titleOf(group.workloads[i + 1]) : undefined
    const title = titleOf(workload)
    if (title !== next) printAnswers(answers.filter((answer) => titleOf(answer.workload) === title))
  }
  answered.push({ group, answers })
}
saveAnswers(machine, answered, only.length === 0 ? folder : quickFolder)
