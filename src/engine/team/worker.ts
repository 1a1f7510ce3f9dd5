/**
 * What a worker of a team runs; scripts/build-worker.js makes a text of it that src/engine/team/spawn.ts starts workers from.
 *
 * All workers call the same function of the module with the same numbers; inside, each does its share of both phases of every
 * step, and they meet in between.
 */
import { writeOrder } from '../../training/order.js'
import { kernelsOf, type CoreExports } from '../exports.js'
import { writeNetwork, writeOptimizer, writeThread } from '../records.js'
import { arraysOf } from './arrays.js'
import type { EpochMessage, Reply, StartMessage } from './messages.js'
import { thisWorker } from './port.js'

const port = thisWorker()
let team: ((message: EpochMessage) => Reply) | undefined

port.onMessage((message) => {
  if (message.type === 'start') {
    team = start(message)
    port.post({ loss: 0, batches: 0, state: undefined })
  } else if (team !== undefined) {
    port.post(team(message))
  }
})

/** Instantiates the core and returns what trains an epoch. */
function start({ layout, spec, index, rows, batchSize, seed, ...given }: StartMessage) {
  const memory = given.memory ?? new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages })
  const exports = new WebAssembly.Instance(given.module, { env: { memory } })
    .exports as unknown as CoreExports
  const arrays = arraysOf(memory.buffer, layout, spec, given.slots)
  const { record, report } = layout.threads[index]
  if (index === 0) writeNetwork(exports, spec, layout)
  writeThread(exports, layout, index, given.hasCore)
  writeOptimizer(exports, layout.threads[index], given.optimizer)
  if (given.data !== undefined) {
    arrays.x.set(given.data.x)
    arrays.y.set(given.data.y)
  }
  const order = arrays.order.subarray(0, rows)
  const reported = new Float64Array(memory.buffer, report, 2)
  const kernels = kernelsOf(exports, spec.precision)

  return ({ stream, state }: EpochMessage): Reply => {
    if (state !== undefined) arrays.load(state)
    if (index === 0) writeOrder(order, seed, stream)
    exports.meet(record)
    kernels.train(layout.network, record, report, rows, batchSize, 0, true, 0)
    const [loss, batches] = reported
    if (state !== undefined) arrays.save(state)
    return { loss, batches, state }
  }
}
