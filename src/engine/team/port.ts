import type { Message, Reply } from './messages.js'

/** What worker_threads of Node has, as far as it is used here. */
export interface NodeThreads {
  readonly Worker: new (
    source: string,
    options: { eval: boolean; execArgv: string[] },
  ) => NodePort & {
    terminate(): unknown
  }
  readonly parentPort: NodePort | null
}

interface NodePort {
  postMessage(message: unknown): void
  on(event: string, listener: (value: never) => void): void
}

/** A module of Node, without an import that a bundler for browsers would trip over; undefined elsewhere, and before Node 20.16. */
export function nodeModule(name: string): unknown {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  return process?.getBuiltinModule?.(name)
}

export function nodeThreads(): NodeThreads | undefined {
  return nodeModule('node:worker_threads') as NodeThreads | undefined
}

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
  const port = nodeThreads()?.parentPort
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
