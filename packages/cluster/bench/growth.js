/**
 * How cost grows with workers and jobs: `node --expose-gc bench/growth.js`. What a job costs each part, beside its training,
 * is measured here, as time of the processor, which others on this machine do not change much; a simulation says what that
 * comes to for more workers and jobs than there are here. It assumes: one server and one coordinator, each doing one thing
 * after the other on one core, first come, first served; jobs whose durations are drawn evenly from half to one and a half
 * times their mean; a round trip of 1 ms; workers that never die; enough network.
 */
import { readFileSync } from 'node:fs'
import { machine, measured, started } from './support.js'

/** Ticks a second of /proc. */
const TICKS = 100

/** @typedef {{ server: number, coordinator: number }} Costs seconds of a job */

/**
 * How long so many jobs take so many workers.
 *
 * @param {Costs} costs
 * @param {number} workers @param {number} jobs @param {number} mean seconds of a job
 */
function simulated({ server: cycle, coordinator: settle }, workers, jobs, mean) {
  const ROUND_TRIP = 0.001
  const free = new Heap(Array.from({ length: workers }, () => 0))
  let [server, coordinator, seed] = [0, 0, 1]
  for (let job = 0; job < jobs; ++job) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    const asked = free.pop()
    server = Math.max(server, asked) + cycle
    const done = server + ROUND_TRIP + mean * (0.5 + seed / 2 ** 32)
    free.push(done)
    coordinator = Math.max(coordinator, done) + settle
  }
  return coordinator
}

/** The smallest first. */
class Heap {
  /** @param {number[]} values */
  constructor(values) {
    this.values = values
  }

  /** @param {number} value */
  push(value) {
    const { values } = this
    let at = values.push(value) - 1
    for (let up = (at - 1) >> 1; at > 0 && values[up] > value; up = (at - 1) >> 1) {
      values[at] = values[up]
      at = up
    }
    values[at] = value
  }

  pop() {
    const { values } = this
    const [first] = values
    const last = Number(values.pop())
    if (values.length === 0) return first
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= values.length) break
      if (down + 1 < values.length && values[down + 1] < values[down]) down += 1
      if (values[down] >= last) break
      values[at] = values[down]
      at = down
    }
    values[at] = last
    return first
  }
}

/** Seconds of the processor that a process has taken. @param {number | undefined} pid */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** Has so many fits done that take no time. @param {import('../dist/index.js').Cluster} on @param {number} jobs */
async function fits(on, jobs) {
  const x = Float32Array.from({ length: 80 }, (_, i) => i)
  const before = heap()
  let [settled, most] = [0, 0]
  await on.runFits({
    data: { x, y: Float32Array.from({ length: 40 }, (_, i) => i % 2) },
    division: { seed: 1, stratify: true, byClass: false, inputs: 2, validation: 0.2 },
    recipes: Array.from({ length: jobs }, (_, i) => ({
      network: { hidden: [4], activation: 'tanh', seed: i },
      fit: { epochs: 1 },
    })),
    folds: 1,
    signal: new AbortController().signal,
    isWanted: () => true,
    settle: () => {
      settled += 1
      if (settled % 1000 === 0) most = Math.max(most, heap())
      return Promise.resolve()
    },
  })
  return (most - before) / jobs
}

function heap() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

await measured(async () => {
  console.log(machine)
  const { server, workers, on } = await started(2)
  await fits(on, 1000)
  const own = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6
  const busy = () => [
    cpuOf(server.child?.pid),
    own(),
    workers.reduce((sum, { child }) => sum + cpuOf(child.pid), 0),
  ]
  const [jobs, before, start] = [10_000, busy(), performance.now()]
  const bytes = await fits(on, jobs)
  const seconds = (performance.now() - start) / 1000
  const [ofServer, ofCoordinator, ofWorkers] = busy().map((now, i) => (now - before[i]) / jobs)
  const ms = (/** @type {number} */ value) => `${(1000 * value).toFixed(2)} ms`
  console.log(`${jobs} jobs in ${seconds.toFixed(1)} s, of which each takes the processor of`)
  console.log(
    `  the server ${ms(ofServer)}, the coordinator ${ms(ofCoordinator)}, a worker ${ms(ofWorkers)} with its training`,
  )
  console.log(`  and ${bytes.toFixed(0)} bytes at the coordinator\n`)
  const costs = { server: ofServer, coordinator: ofCoordinator }
  console.log('simulated: share of the time in which workers train')
  console.log(
    `${'mean of a job'.padEnd(16)}${[1, 10, 100, 1000].map((count) => `${count} workers`.padStart(14)).join('')}`,
  )
  for (const mean of [0.01, 0.1, 1, 10, 60]) {
    const shares = [1, 10, 100, 1000].map((count) => {
      const all = Math.max(20 * count, 10_000)
      return `${((100 * all * mean) / count / simulated(costs, count, all, mean)).toFixed(0)} %`.padStart(14)
    })
    console.log(`${`${mean} s`.padEnd(16)}${shares.join('')}`)
  }
  const million = simulated(costs, 1000, 1e6, 10)
  console.log(
    `\n10^6 jobs of 10 s on 1,000 workers: ${(million / 3600).toFixed(2)} h, ${((1e6 * 10) / 1000 / 3600).toFixed(2)} h without any cost;`,
  )
  console.log(`${((1e6 * bytes) / 1e6).toFixed(0)} MB at the coordinator`)
})
