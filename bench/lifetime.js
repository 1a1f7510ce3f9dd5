// @ts-check
/**
 * What does a network take that nobody uses any more, and what does dispose() give back?
 *
 *     npm run -s build && node bench/lifetime.js [--quick]
 *
 * Garbage is collected when the engine likes to. Resident memory and addresses are those of the process, from /proc (Linux).
 */
import { Network, sgd } from 'deltaprop'
import { baseline } from 'deltaprop/baseline'
import { readFileSync } from 'node:fs'
import { isMain, isolated } from './isolate.js'
import { printTable } from './report/table.js'

/**
 * @typedef {object} Loop
 * @property {readonly number[]} sizes
 * @property {'wasm' | 'baseline'} engine
 * @property {number} count of networks
 * @property {boolean} disposes
 * @property {number} threads 0: one step of training on this thread; else an epoch in so many workers
 * @property {boolean} holds the networks, disposed or not, until the end
 */

/**
 * @typedef {object} Taken
 * @property {number} microseconds for each network
 * @property {number} residentMB at the end
 * @property {number} peakMB of resident memory
 * @property {number} peakGB of addresses
 */

/**
 * @typedef {object} Alive
 * @property {number} networks that there can be at once
 * @property {string} error of the next one
 * @property {number} residentMB
 * @property {number} addressesGB
 * @property {number} again networks that can be made when a thousand have been disposed of
 */

const isQuick = process.argv.includes('--quick')
const SMALL = [2, 3, 2, 2]
const LARGE = [784, 128, 10]
const ROWS = 8
const MOST = 40_000

/** @param {'VmRSS' | 'VmHWM' | 'VmSize'} name @returns {number} bytes */
function ofProcess(name) {
  const status = readFileSync('/proc/self/status', 'utf8')
  return 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1])
}

/** @param {Loop} loop @returns {Promise<Taken>} */
export async function measureLoop({ sizes, engine, count, disposes, threads, holds }) {
  const data = {
    x: new Float32Array(ROWS * sizes[0]).fill(0.5),
    y: new Float32Array(ROWS * sizes[sizes.length - 1]).fill(0.5),
  }
  const optimizer = sgd({ learningRate: 0.1 })
  /** @type {Network[]} */
  const held = []
  let [peak, loss] = [0, 0]
  const start = performance.now()
  for (let n = 0; n < count; ++n) {
    const net = new Network(sizes, { engine: engine === 'wasm' ? engine : baseline, seed: n })
    if (threads > 0) loss += (await net.fit(data, { threads, optimizer })).epochs[0].loss
    else loss += net.train(data.x, data.y, optimizer)
    if (n % 20 === 0) peak = Math.max(peak, ofProcess('VmSize'))
    if (disposes) net.dispose()
    if (holds) held.push(net)
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (!(loss > 0 && held.length === (holds ? count : 0))) throw new Error('expected networks that learn')
  return {
    microseconds: (1000 * (performance.now() - start)) / count,
    residentMB: ofProcess('VmRSS') / 1e6,
    peakMB: ofProcess('VmHWM') / 1e6,
    peakGB: peak / 1e9,
  }
}

/** @param {{ most: number }} options @returns {Promise<Alive>} */
export function measureAlive({ most }) {
  /** @type {Network[]} */
  const nets = []
  const error = makeMore(nets, most)
  const [networks, residentMB, addressesGB] = [
    nets.length,
    ofProcess('VmRSS') / 1e6,
    ofProcess('VmSize') / 1e9,
  ]
  for (const net of nets.splice(0, 1000)) net.dispose()
  const before = nets.length
  makeMore(nets, before + 1000)
  return Promise.resolve({ networks, error, residentMB, addressesGB, again: nets.length - before })
}

/** @param {Network[]} nets @param {number} most @returns {string} the error that ended it, if one did */
function makeMore(nets, most) {
  try {
    while (nets.length < most) nets.push(new Network(SMALL, { seed: nets.length }))
    return 'none'
  } catch (error) {
    return String(error)
  }
}

/**
 * What it would save to hand a memory from one network to the next: to make one, and to clear one, microseconds.
 *
 * @param {{ pages: number }} options @returns {Promise<{ make: number, clear: number }>}
 */
export function measureReuse({ pages }) {
  const count = 1000
  const time = (/** @type {() => unknown} */ work) => {
    const start = performance.now()
    for (let i = 0; i < count; ++i) work()
    return (1000 * (performance.now() - start)) / count
  }
  const make = () => new WebAssembly.Memory({ initial: pages, maximum: pages })
  const memory = make()
  const clear = () => new Uint8Array(memory.buffer).fill(0)
  clear()
  return Promise.resolve({ make: time(make), clear: time(clear) })
}

/** @param {Loop} loop */
function describe({ sizes, engine, count, disposes, threads, holds }) {
  const workers = threads > 0 ? `, ${threads} threads` : ''
  const what = `${count} × ${sizes.join('-')}, ${engine}${workers}`
  return { networks: what, held: holds ? 'held' : 'dropped', disposed: disposes ? 'yes' : 'no' }
}

if (isMain(import.meta.url)) {
  const share = isQuick ? 10 : 1
  /** @type {readonly Omit<Loop, 'disposes'>[]} */
  const loops = [
    { sizes: SMALL, engine: 'wasm', count: 10_000 / share, threads: 0, holds: false },
    { sizes: SMALL, engine: 'baseline', count: 10_000 / share, threads: 0, holds: false },
    { sizes: LARGE, engine: 'wasm', count: 1000 / share, threads: 0, holds: false },
    { sizes: LARGE, engine: 'baseline', count: 1000 / share, threads: 0, holds: false },
    { sizes: SMALL, engine: 'wasm', count: 200 / share, threads: 2, holds: false },
    { sizes: SMALL, engine: 'wasm', count: 5000 / share, threads: 0, holds: true },
    { sizes: LARGE, engine: 'wasm', count: 500 / share, threads: 0, holds: true },
    { sizes: LARGE, engine: 'baseline', count: 500 / share, threads: 0, holds: true },
  ]
  const rows = []
  for (const loop of loops) {
    for (const disposes of [false, true]) {
      const taken = await isolated(import.meta.url, measureLoop, { ...loop, disposes })
      rows.push({
        ...describe({ ...loop, disposes }),
        'µs each': taken.microseconds.toFixed(0),
        'resident MB': taken.residentMB.toFixed(0),
        peak: taken.peakMB.toFixed(0),
        'addresses GB, peak': taken.peakGB.toFixed(0),
      })
    }
  }
  printTable('Networks one after the other', rows, 3)

  const reuse = []
  for (const pages of [34, 95]) {
    const { make, clear } = await isolated(import.meta.url, measureReuse, { pages })
    reuse.push({
      'memory, pages': String(pages),
      'µs to make': make.toFixed(0),
      'to clear': clear.toFixed(0),
    })
  }
  printTable('A memory', reuse)

  const alive = await isolated(import.meta.url, measureAlive, { most: isQuick ? 2000 : MOST })
  printTable('2-3-2-2, all alive', [
    {
      networks: String(alive.networks),
      'resident MB': alive.residentMB.toFixed(0),
      'addresses GB': alive.addressesGB.toFixed(0),
      'more when 1000 are disposed': String(alive.again),
    },
  ])
  console.log(`\nThe next one: ${alive.error}`)
}
