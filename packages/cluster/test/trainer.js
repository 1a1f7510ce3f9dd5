/** Trains on a cluster, with a checkpoint after each epoch; says each epoch, and the hash at the end: URL CHECKPOINT LOST_AFTER. */
import { checkpointFile } from 'deltaprop'
import { cluster } from '../dist/index.js'
import { trained } from './trainings.js'

const [url, path, lostAfter] = process.argv.slice(2)
const on = await cluster({ servers: url, lostAfter: Number(lostAfter), warn: () => undefined })
const checkpoint = checkpointFile({ path, every: 1, resume: true })
const onEpoch = () => void process.send?.('epoch')
process.send?.(await trained('adam', { on, epochs: 8, checkpoint, onEpoch }))
await on.close()
process.disconnect()
