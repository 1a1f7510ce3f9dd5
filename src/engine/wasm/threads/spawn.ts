import type { Message, Reply } from './messages.js'
import { nodeThreads } from '../../../platform/node-modules.js'
import { workerSource } from './worker.generated.js'

/** A worker, as whoever started it sees it. */
export interface Teammate {
  /**
   * Sends a message, the one before having been replied to.
   *
   * @throws Error that says why, should it end before it replies
   */
  readonly ask: (message: Message) => Promise<Reply>
  /** Whatever still comes from it is ignored: what has been asked is not answered. */
  readonly end: () => void
}

/** That this runtime does not let a worker start at all. */
export class Refused extends Error {}

/** What is done with what comes from a worker: a reply, why it has ended, or that it may not start. */
interface Listener {
  readonly replied: (reply: Reply) => void
  readonly ended: (reason: string) => void
  readonly refused: (cause?: unknown) => void
}

/** What each kind of worker does in its own way. */
interface Port {
  readonly post: (message: Message) => void
  readonly end: () => void
}

/** Starts a worker of a team; if it may not start, the first `ask` rejects with Refused. */
export function spawn(): Teammate {
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
    ended: (reason) => fail(new Error(`a worker ended: ${reason}`)),
    refused: (cause) => {
      const silent = new Error('a worker ended, and did not say why')
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

/** A Content-Security-Policy that forbids blobs makes WebKit throw; Chromium and Firefox send an event without a message. */
function spawnWeb({ replied, ended, refused }: Listener): Port | undefined {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  const worker = attempt(() => new Worker(url, { type: 'module' }), refused)
  if (worker === undefined) {
    URL.revokeObjectURL(url)
    return undefined
  }
  worker.onmessage = ({ data }: MessageEvent<Reply>) => replied(data)
  worker.onmessageerror = () => ended('a message could not be read')
  worker.onerror = ({ message }: Partial<ErrorEvent>) => (message ? ended(message) : refused())
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      worker.terminate()
      URL.revokeObjectURL(url)
    },
  }
}

/** Node's permission model makes it throw unless it is run with --allow-worker. */
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
