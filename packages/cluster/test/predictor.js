/** Predicts a file on a cluster, and says how far it is: URL LOST_AFTER OPTIONS. */
import { cluster } from '../dist/index.js'

const [url, lostAfter, options] = process.argv.slice(2)
const on = await cluster({ servers: url, lostAfter: Number(lostAfter), warn: () => undefined })
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort(new Error('ended')))
try {
  const progress = await on.predict({
    .../** @type {import('../dist/index.js').PredictOptions} */ (JSON.parse(options)),
    signal: stop.signal,
    onProgress: (progress) => void process.send?.(progress),
  })
  process.send?.({ ...progress, isEnd: true })
} catch (error) {
  if (!stop.signal.aborted) throw error
}
await on.close()
process.disconnect()
