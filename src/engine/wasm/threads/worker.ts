/**
 * What a worker runs; scripts/build-worker.js bundles it into the text from which
 * src/engine/wasm/threads/spawn.ts starts workers. It instantiates the core and calls its exports on request: only
 * its caller knows what they mean and where things are in memory.
 */
import { instantiate, type CoreExports } from '../instance.js'
import type { Message, Reply } from './messages.js'
import { thisWorker } from './port.js'

const port = thisWorker()
let memory: WebAssembly.Memory
let exports: CoreExports

port.onMessage((message) => port.post(answer(message)))

function answer(message: Message): Reply {
  if (message.type === 'start') {
    const { module, memory: given } = message
    memory = typeof given === 'number' ? new WebAssembly.Memory({ initial: given, maximum: given }) : given
    exports = instantiate(module, memory)
    return []
  }
  const { writes, call, reads } = message
  for (const { address, bytes } of writes) new Uint8Array(memory.buffer).set(bytes, address)
  if (call !== undefined) {
    const [name, ...args] = call
    ;(exports[name] as (...args: (number | boolean)[]) => unknown)(...args)
  }
  return reads.map(({ address, length }) => new Uint8Array(memory.buffer, address, length).slice())
}
