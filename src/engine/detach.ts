import { nodeThreads } from '../platform/node-modules.js'

/**
 * Takes the memory of buffers away from all holders: immediately where ArrayBuffer has `transfer`; otherwise at the
 * next garbage collection, by transferring them to nobody. A context of node:vm in Node 20 has neither of the globals;
 * before 20.16 the memory stays alive there as long as anyone holds a view.
 */
export function detach(buffers: Transferable[]): void {
  if ('transfer' in ArrayBuffer.prototype) {
    for (const buffer of buffers as { transfer: (bytes: number) => unknown }[]) buffer.transfer(0)
  } else if (typeof structuredClone === 'function') {
    structuredClone(0, { transfer: buffers })
  } else {
    const threads = nodeThreads()
    if (threads === undefined) return
    const { port1 } = new threads.MessageChannel()
    port1.postMessage(0, buffers)
    port1.close()
  }
}
