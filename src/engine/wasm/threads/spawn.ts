import type { Message, Reply } from './messages.js'
import { nodeThreads } from '../../../platform/node-modules.js'
import { workerSource } from './worker.generated.js'

/** A worker, as seen by the thread that started it. */
export interface WorkerHandle {
  /**
   * Sends a message. The previous one must have been answered.
   *
   * @throws Stopped with the reason, if the worker ends before it replies
   */
  readonly ask: (message: Message) => Promise<Reply>
  /** Ends the worker. Anything it still sends is ignored: a pending message is never answered. */
  readonly end: () => void
}

/** Thrown where this runtime does not allow a worker to start at all. */
export class Refused extends Error {}

/** Thrown where a worker that was allowed to start has ended, or does not answer any more. */
export class Stopped extends Error {}

/** Handles what a worker reports: a reply, the reason it ended, or that it may not start. */
interface Listener {
  readonly replied: (reply: Reply) => void
  readonly ended: (reason: string) => void
  readonly refused: (cause?: unknown) => void
}

/** The operations that differ between kinds of worker. */
interface Port {
  readonly post: (message: Message) => void
  readonly end: () => void
}

/**
 * The workers that run. Firefox takes a worker that a worker has started for garbage, and ends it, if nothing but
 * promises that wait for it refers to it: one page in twelve (measured) waited for ever.
 */
const running = new Set<Worker>()

/** Starts a worker; if it may not start, the first `ask` rejects with Refused. */
export function spawn(): WorkerHandle {
  let settle: ((outcome: Reply | Error) => void) | undefined
  let failure: Error | undefined
  let hasReplied = false
  const fail = (error: Error): void => {
    failure ??= error
    settle?.(failure)
  }
  const listener: Listener = {
    replied: (reply) => {
      hasReplied = true
      settle?.(reply)
    },
    ended: (reason) => fail(new Stopped(`a worker ended: ${reason}`)),
    refused: (cause) => {
      const silent = new Stopped('a worker ended, and did not say why')
      fail(hasReplied ? silent : new Refused('a worker may not be started', { cause }))
    },
  }
  const port = typeof Worker === 'function' ? spawnWeb(listener) : spawnNode(listener)
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        settle = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome))
        if (failure === undefined) port?.post(message)
        else reject(failure)
      }),
    end: () => {
      settle = undefined
      port?.end()
    },
  }
}

/** If a Content-Security-Policy forbids blobs, WebKit throws; Chromium and Firefox send an event without a message. */
function spawnWeb({ replied, ended, refused }: Listener): Port | undefined {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  const worker = attempt(() => new Worker(url, { type: 'module' }), refused)
  if (worker === undefined) {
    URL.revokeObjectURL(url)
    return undefined
  }
  running.add(worker)
  worker.onmessage = ({ data }: MessageEvent<Reply>) => replied(data)
  worker.onmessageerror = () => ended('a message could not be read')
  worker.onerror = ({ message }: Partial<ErrorEvent>) => (message ? ended(message) : refused())
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      running.delete(worker)
      worker.terminate()
      URL.revokeObjectURL(url)
    },
  }
}

/** Node's permission model makes it throw unless Node runs with --allow-worker. */
function spawnNode({ replied, ended, refused }: Listener): Port | undefined {
  const threads = nodeThreads()
  if (threads === undefined) throw new Error('expected a runtime with workers')
  const worker = attempt(() => new threads.Worker(workerSource, { eval: true, execArgv: [] }), refused)
  if (worker === undefined) return undefined
  worker.on('message', replied)
  worker.on('messageerror', () => ended('a message could not be read'))
  worker.on('error', (error: Error) => ended(error.message))
  worker.on('exit', (code: number) => ended(`exit code ${code}`))
  return {
    post: (message) => worker.postMessage(message),
    end: () => void worker.terminate(),
  }
}

function attempt<T>(start: () => T, refused: (cause: unknown) => void): T | undefined {
  try {
    return start()
  } catch (cause) {
    refused(cause)
    return undefined
  }
}
