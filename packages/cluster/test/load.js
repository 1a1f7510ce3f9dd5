/** Coordinates it in a process of its own, and says its memory whenever it is asked, and the result: URL TRIALS QUEUE. */
import { setTimeout } from 'node:timers/promises'
import { cluster } from '../dist/index.js'
import { small } from './small.js'

const [url, trials, queue] = process.argv.slice(2)
let done = 0
process.on('message', () => {
  void (async () => {
    global.gc?.()
    // What was kept for the turn of the event loop goes with the second one.
    await setTimeout(10)
    global.gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    process.send?.({ done, heapUsed, rss })
  })()
})
const on = await cluster({ servers: url, lostAfter: 1, queue: Number(queue), warn: () => undefined })
const start = performance.now()
const result = await small(Number(trials), { on, onTrial: () => void (done += 1) })
process.send?.({ result, seconds: (performance.now() - start) / 1000 })
await on.close()
