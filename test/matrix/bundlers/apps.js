// @ts-check
/** The apps that are bundled: each a folder with main.js, and a page that loads it, as its author would write them. */
import { MARK } from '../kit.js'

/** @typedef {'suite' | 'worker' | 'trains' | 'data' | 'unused'} App */

/** The time is from before the page asks for the script, or Node for the bundle. */
const SUITE = `
import { Network, sgd } from 'deltaprop'
import { check } from '../suite.js'

new Network([2, 3, 1]).train([1, 2], [1], sgd())
const firstStepMs = performance.now() - globalThis.started
check().then((found) => {
  globalThis.deltapropReport = { ...found, firstStepMs }
  console.log('${MARK}' + JSON.stringify(globalThis.deltapropReport))
})
`

/** A worker's clock starts when the page makes it. */
const WORKER = `
import { Network, sgd } from 'deltaprop'
import { check } from '../suite.js'

new Network([2, 3, 1]).train([1, 2], [1], sgd())
const firstStepMs = performance.now()
check().then((found) => postMessage({ ...found, firstStepMs }))
`

const STARTS_WORKER = `
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
worker.onmessage = ({ data }) => (globalThis.deltapropReport = data)
worker.onerror = ({ message }) => (globalThis.deltapropFailure = message || 'the worker could not be started')
`

/** The smallest use of a network: what its bundle comes to is what deltaprop costs. */
const TRAINS = `
import { Network, sgd } from 'deltaprop'

const net = new Network([2, 3, 1])
net.train([1, 2], [1], sgd())
console.log(net.predict([1, 2]))
`

const DATA = `
import { parseCsv } from 'deltaprop/data'

console.log(parseCsv('a\\n1').rows)
`

const UNUSED = `
import { Network } from 'deltaprop'

console.log('no network')
`

/** @param {'module' | 'classic'} kind of main.js */
export function page(kind) {
  const type = kind === 'module' ? ' type="module"' : ''
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>deltaprop</title>
  <script>globalThis.started = performance.now()</script>
  <script${type} src="./main.js"></script>
</html>
`
}

const PAGE = page('module')

/** The files of all apps, and run.js, which runs a bundle in Node. */
export const appFiles = {
  'run.js': `globalThis.started = performance.now()\nawait import(new URL(process.argv[2], import.meta.url))\n`,
  'suite/index.html': PAGE,
  'suite/main.js': SUITE,
  'worker/index.html': PAGE,
  'worker/main.js': STARTS_WORKER,
  'worker/worker.js': WORKER,
  'trains/index.html': PAGE,
  'trains/main.js': TRAINS,
  'data/index.html': PAGE,
  'data/main.js': DATA,
  'unused/index.html': PAGE,
  'unused/main.js': UNUSED,
}
