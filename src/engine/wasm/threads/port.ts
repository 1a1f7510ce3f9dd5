import { nodeThreads, type NodeThreads } from '../../../platform/node-modules.js'
import type { Message, Reply } from './messages.js'

/** The way from a worker to whoever started it. */
export interface WorkerPort {
  post(reply: Reply): void
  onMessage(listener: (message: Message) => void): void
}

/** That way, for the worker that calls this: browsers' workers have postMessage, Node's have a port. */
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
  // Before Node 20.16 a worker that is started from a text has require.
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

/** Ends the worker, which whoever started it is told. */
function unreadable(): never {
  throw new Error('a message could not be read')
}
