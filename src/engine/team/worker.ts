/**
 * What a worker of a team runs; scripts/build-worker.js makes a text of it that src/engine/team/spawn.ts starts workers from.
 *
 * All workers call the same function of the module with the same numbers; inside, each does its share of both phases of every
 * step, and they meet in between.
 */
import { writeOrder } from '../../order.js'
import { kernelsOf, type CoreExports } from '../exports.js'
import { allocate } from '../memory.js'
import { writeNetwork, writeOptimizer, writeThread } from '../records.js'
import { viewsOf } from '../views.js'
import type { EpochMessage, Reply, StartMessage } from './messages.js'
import { thisWorker } from './port.js'
import { copyState, loadState, stateIn } from '../trained-state.js'

const port = thisWorker()
let train: ((message: EpochMessage) => Reply | undefined) | undefined

port.onMessage((message) => {
  let reply: Reply | undefined
  if (message.type === 'start') {
    train = start(message)
    if (message.index === 0) reply = { loss: 0, batches: 0, state: undefined }
  } else {
    reply = train?.(message)
  }
  if (reply !== undefined) port.post(reply)
})

/** Instantiates the core, waits until all of the team have, and returns what trains an epoch. */
function start(given: StartMessage): (message: EpochMessage) => Reply | undefined {
  const { layout, spec, index, rows, batchSize, seed, slots } = given
  const memory = given.memory ?? allocate(layout)
  const env = { memory, abort }
  const exports = new WebAssembly.Instance(given.module, { env }).exports as unknown as CoreExports
  const views = viewsOf(memory, layout, spec)
  const { record, report } = layout.threads[index]
  if (index === 0) writeNetwork(exports, spec, layout)
  writeThread(exports, layout, index, given.hasCore)
  writeOptimizer(exports, layout.threads[index], given.optimizer)
  if (given.data !== undefined) {
    views.x.set(given.data.x)
    views.y.set(given.data.y)
  }
  const order = views.order.subarray(0, rows)
  const kernels = kernelsOf(exports, spec.precision)
  exports.meet(record)

  return ({ stream, state }) => {
    if (state !== undefined) loadState(views, state)
    if (index === 0) writeOrder(order, seed, stream)
    exports.meet(record)
    kernels.train(layout.network, record, report, 0, rows, batchSize, 0, true, false, 0)
    if (index !== 0) return undefined
    if (state !== undefined) copyState(state, stateIn(views, slots))
    const [loss, batches] = views.reports[index]
    return { loss, batches, state }
  }
}

/** What a core with assertions imports. */
function abort(): never {
  throw new Error('an assertion of the core failed')
}
