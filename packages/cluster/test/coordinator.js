/** Runs one selection on a cluster, and says the hash of its result: URL NAME EPOCHS LOST_AFTER. */
import { cluster } from '../dist/index.js'
import { selections } from './selections.js'
import { hashOf } from './support.js'

const [url, name, epochs, lostAfter] = process.argv.slice(2)
const on = await cluster({ servers: url, lostAfter: Number(lostAfter), warn: () => undefined })
process.send?.(hashOf(await selections[name]({ on }, Number(epochs))))
await on.close()
process.disconnect()
