import type { Message, Reply } from '../engine/threads/messages.js'

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

interface NodeProcess {
  readonly getBuiltinModule?: (name: string) => unknown
  readonly versions?: { readonly node?: string }
}

/** In browsers a bundler may have put something else there. */
function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process
}

/** The modules that are used, by name, in a Node before 20.16, which has them by imports alone. */
const imported = new Map<string, unknown>()

/**
 * A module of Node, without an import that a bundler for browsers would trip over; undefined elsewhere, and before Node 20.16 until
 * importNodeModules is done.
 */
export function nodeModule(name: string): unknown {
  return nodeProcess()?.getBuiltinModule?.(name) ?? imported.get(name)
}

/**
 * Has nodeModule find them before Node 20.16, too; undefined where there is nothing to wait for. Bundlers leave an import alone whose
 * name they do not know; where imports are forbidden it is as if there were no modules.
 */
export function importNodeModules(): Promise<unknown> | undefined {
  const process = nodeProcess()
  if (process?.versions?.node === undefined || process.getBuiltinModule !== undefined) return undefined
  const names = ['node:fs', 'node:os', 'node:path', 'node:worker_threads']
  const load = async (name: string): Promise<void> => {
    imported.set(name, await import(/* webpackIgnore: true */ /* @vite-ignore */ name))
  }
  return Promise.all(names.map(load)).catch(() => undefined)
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
