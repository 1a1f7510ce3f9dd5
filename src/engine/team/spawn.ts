import type { Message, Reply } from './messages.js'
import { nodeModule, nodeThreads } from './port.js'
import { workerSource } from './worker.generated.js'

/** A worker, as whoever started it sees it. */
export interface Teammate {
  post(message: Message): void
  /** `ended` is called with why, should it end before it is told to. */
  listen(replied: (reply: Reply) => void, ended: (reason: string) => void): void
  end(): void
}

/** Whether this runtime has workers. */
export function hasWorkers(): boolean {
  return typeof Worker === 'function' || nodeThreads() !== undefined
}

/** Whether workers can share a memory: in pages that needs cross-origin isolation. */
export function canShare(): boolean {
  return typeof SharedArrayBuffer === 'function' && hasWorkers()
}

/** How many threads this machine runs at once. */
export function cores(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } }
  const os = nodeModule('node:os') as { availableParallelism?: () => number } | undefined
  return os?.availableParallelism?.() ?? navigator?.hardwareConcurrency ?? 1
}

/** Starts a worker of a team. */
export function spawn(): Teammate {
  return typeof Worker === 'function' ? spawnWeb() : spawnNode()
}

function spawnWeb(): Teammate {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  const worker = new Worker(url, { type: 'module' })
  return {
    post: (message) => worker.postMessage(message),
    listen: (replied, ended) => {
      worker.onmessage = ({ data }: MessageEvent<Reply>) => replied(data)
      worker.onmessageerror = () => ended('a message could not be read')
      worker.onerror = ({ message }) => ended(message || 'it could not be started')
    },
    end: () => {
      worker.terminate()
      URL.revokeObjectURL(url)
    },
  }
}

function spawnNode(): Teammate {
  const threads = nodeThreads()
  if (threads === undefined) throw new Error('expected a runtime with workers')
  const worker = new threads.Worker(workerSource, { eval: true, execArgv: [] })
  return {
    post: (message) => worker.postMessage(message),
    listen: (replied, ended) => {
      worker.on('message', replied)
      worker.on('messageerror', () => ended('a message could not be read'))
      worker.on('error', (error: Error) => ended(error.message))
      worker.on('exit', (code: number) => ended(`exit code ${code}`))
    },
    end: () => void worker.terminate(),
  }
}
