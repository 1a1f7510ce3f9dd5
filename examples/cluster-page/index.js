// @ts-check
/** All of it on one machine: `npm start`, or PORT=8080 TRIALS=40 npm start. */
import { once } from 'node:events'
import { cluster } from 'deltaprop-cluster'
import { start } from './demo.js'
import { searchDigits } from './search.js'

const { PORT = '8080', TRIALS = '40' } = process.env

const demo = await start(Number(PORT)).catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
const ended = Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)))

console.log(`Open ${demo.url} in a tab or two: nothing else trains.\nCtrl-C ends it.\n`)
try {
  await Promise.race([ended, search().then(() => ended)])
} finally {
  await demo.end()
}
// The search may still be under way.
process.exit()

async function search() {
  const warn = () => console.log(`No tab is open: ${demo.url}`)
  // A tab that is closed says nothing: after so many seconds another one is given its job.
  const on = await cluster({ ...demo.coordinator, lostAfter: 5, warn })
  const begun = performance.now()
  console.log(String(await searchDigits({ trials: Number(TRIALS), epochs: 100, on })))
  console.log(`\n${((performance.now() - begun) / 1000).toFixed(1)} s since it was asked for.`)
  await on.close()
}
