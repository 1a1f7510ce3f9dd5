import type { Message, Reply } from './messages.js'
import { nodeModule, nodeThreads } from './port.js'
import { workerSource } from './worker.generated.js'

/** A worker, as whoever started it sees it. */
export interface Teammate {
  /**
   * Sends a message, the one before having been replied to.
   *
   * @throws Error that says why, should it end before it replies
   */
  readonly ask: (message: Message) => Promise<Reply>
  readonly end: () => void
}

/** What is done with what comes from a worker: a reply, or why it has ended. */
interface Listener {
  readonly replied: (reply: Reply) => void
  readonly ended: (reason: string) => void
}

/** What each kind of worker does in its own way. */
interface Port {
  readonly post: (message: Message) => void
  readonly end: () => void
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
  let settle: ((outcome: Reply | Error) => void) | undefined
  let failure: Error | undefined
  const listener: Listener = {
    replied: (reply) => settle?.(reply),
    ended: (reason) => {
      failure ??= new Error(`a worker ended: ${reason}`)
      settle?.(failure)
    },
  }
  const { post, end } = typeof Worker === 'function' ? spawnWeb(listener) : spawnNode(listener)
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        settle = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome))
        if (failure === undefined) post(message)
        else reject(failure)
      }),
    end,
  }
}

function spawnWeb({ replied, ended }: Listener): Port {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  const revoke = (): void => URL.revokeObjectURL(url)
  let worker: Worker
  try {
    worker = new Worker(url, { type: 'module' })
  } catch (error) {
    revoke()
    throw error
  }
  worker.onmessage = ({ data }: MessageEvent<Reply>) => replied(data)
  worker.onmessageerror = () => ended('a message could not be read')
  worker.onerror = ({ message }) => ended(message || 'it could not be started')
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      worker.terminate()
      revoke()
    },
  }
}

function spawnNode({ replied, ended }: Listener): Port {
  const threads = nodeThreads()
  if (threads === undefined) throw new Error('expected a runtime with workers')
  const worker = new threads.Worker(workerSource, { eval: true, execArgv: [] })
  worker.on('message', replied)
  worker.on('messageerror', () => ended('a message could not be read'))
  worker.on('error', (error: Error) => ended(error.message))
  worker.on('exit', (code: number) => ended(`exit code ${code}`))
  return {
    post: (message) => worker.postMessage(message),
    end: () => void worker.terminate(),
  }
}
