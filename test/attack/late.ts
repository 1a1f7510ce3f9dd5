/** What does not come in time: promises, replies of workers, file systems. */
import type * as fs from 'node:fs'
import type * as workerThreads from 'node:worker_threads'
import { basename } from 'node:path'
import { vi } from 'vitest'
import type { Message } from '../../src/engine/wasm/threads/messages.js'
import type { Random } from '../../src/base/random.js'

/** A promise that hangs, and what comes of it when it is too late. */
export class Late {
  /** resolves when somebody awaits it */
  readonly awaited: Promise<void>
  isAwaited = false
  #isAsked = false
  #onAwaited: () => void = () => undefined
  #settle: { resolve: (value: unknown) => void; reject: (error: Error) => void } | undefined
  readonly #promise: Promise<unknown>
  readonly #others: (() => void)[] = []

  constructor() {
    this.awaited = new Promise((resolve) => (this.#onAwaited = resolve))
    this.#promise = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
  }

  /** To be asked for where it is to hang. */
  get promise(): Promise<unknown> {
    this.#isAsked = true
    this.reach()
    return this.#promise
  }

  /** The same that is no promise. */
  get thenable(): object {
    const promise = this.promise
    return { then: (...args: Parameters<Promise<unknown>['then']>) => void promise.then(...args) }
  }

  reach(): void {
    this.isAwaited = true
    // Behind all that is done at once.
    setTimeout(() => this.#onAwaited())
  }

  resolve(value: unknown): void {
    this.#settle?.resolve(value)
  }

  /** Done when it comes. */
  then(what: () => void): void {
    this.#others.push(what)
  }

  /** It comes: as something that would end a fit, or be trained on, or as an error. */
  come(random?: Random): void {
    for (const other of this.#others) other()
    const values = [false, undefined, { done: false, value: { x: [1, 2, 3], y: [1, 2] } }, []]
    const which = random?.below(values.length + 1) ?? 0
    if (which < values.length) this.resolve(values[which])
    else if (this.#isAsked) this.#settle?.reject(new Error('late'))
  }
}

/** Workers that answer all but some messages. */
export class Answering {
  constructor(
    readonly late: Late,
    /** what they do not answer; undefined: they answer all */
    public hang: 'start' | 'run' | 'commit' | undefined,
  ) {}

  isAnswered(message: Message): boolean {
    if (this.hang === undefined) return true
    if (message.type === 'start') return this.hang !== 'start'
    return this.hang !== (message.call === undefined ? 'commit' : 'run')
  }
}

let answering: Answering | undefined

/** Begins something whose workers are these; one that is to hang before it sends what it has trained has no shared memory. */
export function withAnswers<T>(those: Answering | undefined, begin: () => T): T {
  answering = those
  const shared = globalThis.SharedArrayBuffer
  if (those?.hang === 'commit') vi.stubGlobal('SharedArrayBuffer', undefined)
  try {
    return begin()
  } finally {
    answering = undefined
    vi.stubGlobal('SharedArrayBuffer', shared)
  }
}

const hanging = new Map<string, { readonly what: 'read' | 'write'; readonly late: Late }>()

/** Has a file hang. */
export function hangIn(path: string, what: 'read' | 'write', late: Late): void {
  hanging.set(path, { what, late })
}

/** Puts workers and files that can hang in the place of Node's. */
export function mockModules(): void {
  const real = process.getBuiltinModule.bind(process)
  const threads = real('node:worker_threads')
  const files = real('node:fs')
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) => {
    if (name === 'node:worker_threads') return { ...threads, Worker: workerOf(threads.Worker) }
    if (name === 'node:fs') return { ...files, promises: filesOf(files.promises) }
    return real(name as 'node:fs')
  })
}

function workerOf(Worker: typeof workerThreads.Worker): typeof workerThreads.Worker {
  return class extends Worker {
    readonly #answering = answering
    #listener: ((reply: unknown) => void) | undefined
    #isAnswered = true

    override on(event: string, listener: (value: never) => void): this {
      if (event !== 'message') return super.on(event, listener as (value: unknown) => void)
      this.#listener = listener as (reply: unknown) => void
      return super.on(event, (reply: unknown) => this.#reply(reply))
    }

    override postMessage(message: Message): void {
      this.#isAnswered = this.#answering?.isAnswered(message) ?? true
      super.postMessage(message)
    }

    #reply(reply: unknown): void {
      if (this.#isAnswered) this.#listener?.(reply)
      else {
        this.#answering?.late.reach()
        this.#answering?.late.then(() => this.#listener?.(reply))
      }
    }
  }
}

function filesOf(files: typeof fs.promises): object {
  const of = (path: unknown, what: 'read' | 'write'): Late | undefined => {
    const found = Array.from(hanging).find(([name]) => String(path).includes(basename(name)))
    return found?.[1].what === what ? found[1].late : undefined
  }
  return {
    ...files,
    readFile: async (path: string) => {
      await of(path, 'read')?.promise
      return files.readFile(path)
    },
    open: async (path: string, flags: string, mode?: number) => {
      const file = await files.open(path, flags, mode)
      const late = of(path, 'write')
      if (late === undefined) return file
      return {
        writeFile: async (content: Uint8Array) => {
          await late.promise
          return file.writeFile(content)
        },
        sync: () => file.sync(),
        close: () => file.close(),
      }
    },
  }
}
