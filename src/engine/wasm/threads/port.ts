import { nodeThreads, type NodeThreads } from '../../../platform/node-modules.js'
import type { Message, Reply } from './messages.js'

/** The channel from a worker to the thread that started it. */
export interface WorkerPort {
  post(reply: Reply): void
  onMessage(listener: (message: Message) => void): void
}

/** The channel of the calling worker: browser workers have postMessage, Node's have a port. */
export function thisWorker(): WorkerPort {
  const scope = globalThis as unknown as {
    postMessage?: (message: unknown) => void
    onmessage: (event: { data: never }) => void
    onmessageerror: () => void
  }
  if (typeof scope.postMessage === 'function') {
    return {
      post: (reply) => scope.postMessage?.(reply),
      onMessage: (listener) => {
        scope.onmessage = ({ data }) => listener(data)
        scope.onmessageerror = unreadable
      },
    }
  }
  // Before Node 20.16, a worker started from source text has require.
  const { require } = globalThis as { require?: (name: string) => NodeThreads }
  const port = (nodeThreads() ?? require?.('node:worker_threads'))?.parentPort
  if (port === null || port === undefined) throw new Error('expected to run in a worker')
  return {
    post: (reply) => port.postMessage(reply),
    onMessage: (listener) => {
      port.on('message', listener)
      port.on('messageerror', unreadable)
    },
  }
}

/** Ends the worker; the thread that started it gets the error. */
function unreadable(): never {
  throw new Error('a message could not be read')
}
