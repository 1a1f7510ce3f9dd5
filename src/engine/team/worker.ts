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
import type { Message, Reply, StartMessage } from './messages.js'
import { thisWorker } from './port.js'
import { cloneState, loadState, stateIn } from '../trained-state.js'

const port = thisWorker()
let work: ((message: Exclude<Message, StartMessage>) => Partial<Reply>) | undefined
let index = 0

port.onMessage((message) => {
  let reply: Partial<Reply> | undefined
  if (message.type === 'start') {
    index = message.index
    work = start(message)
  } else {
    reply = work?.(message)
  }
  // The first replies for all.
  if (index === 0) port.post({ loss: 0, batches: 0, state: undefined, ...reply })
})

/** Instantiates the core, waits until all of the team have, and returns what answers all other messages. */
function start(given: StartMessage): NonNullable<typeof work> {
  const { layout, spec, rows, batchSize, seed, slots } = given
  const memory = given.memory ?? allocate(layout)
  const env = { memory, abort }
  const exports = new WebAssembly.Instance(given.module, { env }).exports as unknown as CoreExports
  const views = viewsOf(memory, layout, spec)
  const { record, report } = layout.threads[index]
  if (index === 0) writeNetwork(exports, spec, layout)
  writeThread(exports, layout, index, given.hasCore)
  writeOptimizer(exports, layout.threads[index], given.optimizer, given.maxNorm)
  if (given.data !== undefined) {
    views.x.set(given.data.x)
    views.y.set(given.data.y)
  }
  const order = views.order.subarray(0, rows)
  const kernels = kernelsOf(exports, spec.precision)
  exports.meet(record)

  return (message) => {
    switch (message.type) {
      case 'begin':
        if (message.state !== undefined) loadState(views, message.state)
        if (index === 0) writeOrder(order, seed, message.stream)
        exports.meet(record)
        return {}
      case 'run': {
        const { first, samples, loss, scheduled, rates } = message
        if (rates !== undefined) views.rates.set(rates, first / batchSize)
        kernels.train(layout.network, record, report, first, samples, batchSize, 0, true, scheduled, loss)
        return { loss: views.reports[index][0], batches: views.reports[index][1] }
      }
      case 'state':
        return { state: cloneState(stateIn(views, slots)) }
    }
  }
}

/** What a core with assertions imports. */
function abort(): never {
  throw new Error('an assertion of the core failed')
}
