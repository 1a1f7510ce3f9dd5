/**
 * The entry deltaprop-cluster/worker: does the jobs of a cluster, in any runtime that has a connection to its server: a
 * process, a tab.
 */
import {
  jetstream,
  JetStreamApiError,
  type Consumer,
  type ConsumerMessages,
  type JetStreamClient,
  type JsMsg,
} from '@nats-io/jetstream'
import { nanos, nuid, type NatsConnection } from '@nats-io/nats-core'
import { fitsKind } from './fit-kind.js'
import { NotYet, Superseded, type Doer, type Kind } from './kind.js'
import type { Result } from './messages.js'
import { checkName, Names, placeOf, WORKS_WITH } from './names.js'
import { ForbiddenError, persistently, sleep, unlessMissing, within } from './patience.js'
import { onReconnect } from './reconnects.js'
import { Recent } from './recent.js'
import { NoData, RunServer } from './run-server.js'
import { messageOf } from './thrown.js'
import { heldShardsKind, shardsKind, type HeldShards } from './shard-kind.js'

/** Options of a worker. */
export interface WorkerOptions {
  /** of the cluster; 'deltaprop' unless given */
  readonly name?: string
  /** where it runs, for `status`; empty unless given */
  readonly host?: string
  /**
   * samples of its own, by the name of their shard, which it sums for fits, and does not give away; none unless given. Their
   * arrays are not copied, so nobody may write to them
   */
  readonly shards?: HeldShards
  /** what it can do, `shards` apart; fits of selections and shards of fits unless given */
  readonly kinds?: readonly Kind[]
  /** ends it: the job it has goes to another worker at once */
  readonly signal?: AbortSignal
  /** called when a job is begun, and when one has ended */
  readonly onChange?: (state: WorkerState) => void
}

/** What a worker says of itself. */
export interface WorkerState {
  readonly role: 'worker'
  readonly id: string
  readonly host: string
  /** the versions that it works with */
  readonly version: string
  /** the run of the job that it has; undefined if it has none */
  readonly run: string | undefined
  /** jobs whose results it was the first to have */
  readonly done: number
  /** of those, jobs that have failed, as a fit that diverges does */
  readonly failed: number
  /** seconds in which it had a job */
  readonly busy: number
}

/** How long to wait for a job before asking again, in milliseconds. */
const ASK_MS = 10_000
/** Between two signs of life, in milliseconds, at most: a coordinator may have made the time for them shorter. */
const ALIVE_MS = 2000
/** While there is no cluster yet. */
const ABSENT_MS = 1000
/** Before a job whose data are not there is tried again. */
const NO_DATA_MS = 500
/** Runs whose data a worker keeps. */
const RUNS = 2

/**
 * Works until the signal aborts, or the connection is closed: takes one job at a time, trains, says the result, takes the
 * next. It makes nothing on the server, so that a user who may only work is enough for it. While a job runs, the thread
 * has turns for the event loop, by which the server hears that it is alive.
 *
 * @param connection to a server with JetStream; it stays open
 * @returns the last state
 * @throws Error if the server refuses what a worker needs
 */
export async function work(connection: NatsConnection, options: WorkerOptions = {}): Promise<WorkerState> {
  const worker = new Worker(connection, options)
  await worker.run()
  return worker.state
}

class Worker {
  readonly #nc: NatsConnection
  readonly #js: JetStreamClient
  readonly #names: Names
  readonly #signal: AbortSignal
  readonly #onChange: ((state: WorkerState) => void) | undefined
  readonly #id = nuid.next()
  readonly #unheard: () => void
  readonly #host: string
  readonly #kinds: readonly Kind[]
  readonly #doers = new Recent<Doer & { readonly isPacked: boolean }>(RUNS)
  #run: string | undefined
  /** ends the job, when nobody waits for it any more */
  #stop: AbortController | undefined
  #done = 0
  #failed = 0
  #busy = 0

  constructor(
    connection: NatsConnection,
    {
      name = 'deltaprop',
      host = '',
      shards = {},
      kinds = [fitsKind, shardsKind],
      signal,
      onChange,
    }: WorkerOptions,
  ) {
    this.#nc = connection
    this.#js = jetstream(connection)
    this.#names = new Names(name)
    this.#host = host
    for (const shard of Object.keys(shards)) checkName(shard)
    this.#kinds = [...kinds, heldShardsKind(shards)]
    const ended = new AbortController()
    const end = (reason: unknown): void => {
      ended.abort(reason)
      this.#stop?.abort(reason)
    }
    void connection.closed().then(() => end(new Error('the connection is closed')))
    const abort = (): void => end(signal?.reason)
    signal?.addEventListener('abort', abort)
    this.#unheard = () => signal?.removeEventListener('abort', abort)
    if (signal?.aborted === true) abort()
    this.#signal = ended.signal
    this.#onChange = onChange
  }

  get state(): WorkerState {
    return {
      role: 'worker',
      id: this.#id,
      host: this.#host,
      version: WORKS_WITH,
      run: this.#run,
      done: this.#done,
      failed: this.#failed,
      busy: this.#busy,
    }
  }

  async run(): Promise<void> {
    const [nc, names, signal] = [this.#nc, this.#names, this.#signal]
    const ping = nc.subscribe(names.ping, {
      // A user who may not hear it works all the same, and is not in the status.
      callback: (error, message) => {
        if (error === null) message.respond(JSON.stringify(this.state))
      },
    })
    const stops = nc.subscribe(names.stops, {
      callback: (_, { subject }) => {
        const run = subject.slice(names.stop('').length)
        // Its jobs that still come look for the run anew, and find none.
        this.#doers.forget(run)
        if (run === this.#run) this.#stop?.abort(new Error('nobody waits for it'))
      },
    })
    try {
      while (!signal.aborted) await this.#workAtOne()
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      ping.unsubscribe()
      stops.unsubscribe()
      this.#unheard()
    }
  }

  /** Does the jobs of the cluster that is there; ends when there is none, or another. */
  async #workAtOne(): Promise<void> {
    const signal = this.#signal
    const consumer = await persistently(signal, () => this.#consumer())
    if (consumer === undefined) return sleep(ABSENT_MS, signal)
    const { config } = await persistently(signal, () => consumer.info(true))
    const patienceMs = (config.ack_wait ?? nanos(30_000)) / 1e6
    while (!signal.aborted) {
      const message = await this.#next(consumer)
      if (message === 'none') continue
      if (message === 'gone') return
      await this.#do(message, patienceMs)
    }
  }

  #consumer(): Promise<Consumer | undefined> {
    const [names, { consumers }] = [this.#names, this.#js]
    return unlessMissing<Consumer | undefined>(undefined, () => consumers.get(names.jobs, names.consumer))
  }

  /** One job, never more: a job that lay here while another runs would wait for it. */
  async #next(consumer: Consumer): Promise<JsMsg | 'none' | 'gone'> {
    let messages: ConsumerMessages | undefined
    const stop = (): void => messages?.stop()
    // What a server was asked for before it was started anew, it does not know.
    const unheard = onReconnect(this.#nc, stop)
    this.#signal.addEventListener('abort', stop)
    try {
      messages = await consumer.fetch({ max_messages: 1, expires: ASK_MS })
      const first = await within(messages[Symbol.asyncIterator]().next(), 2 * ASK_MS, this.#signal)
      return first.done === true ? 'none' : first.value
    } catch {
      this.#signal.throwIfAborted()
      await sleep(NO_DATA_MS, this.#signal)
      return 'gone'
    } finally {
      unheard()
      this.#signal.removeEventListener('abort', stop)
      messages?.stop()
    }
  }

  /** Does a job. The server gives it to another worker unless it hears of this one in time. */
  async #do(message: JsMsg, patienceMs: number): Promise<void> {
    const place = placeOf(message.subject)
    if (place === undefined) {
      quietly(() => message.term())
      return
    }
    const start = performance.now()
    const stop = new AbortController()
    this.#stop = stop
    this.#run = place.run
    this.#onChange?.(this.state)
    const alive = setInterval(() => quietly(() => message.working()), Math.min(patienceMs / 3, ALIVE_MS))
    const run = new RunServer(this.#nc, this.#js, this.#names, place.run, stop.signal)
    try {
      const doer = await this.#doers.get(place.run, () => this.#open(place.run))
      const result = await resultOf(doer, message.data, place.index, stop.signal)
      if (await run.say(place.index, result, doer.isPacked)) {
        this.#done += 1
        if ('failure' in result) this.#failed += 1
      }
      // Not awaited: a job whose acknowledgement is lost is done once more, and its result dropped.
      message.ack()
    } catch (error) {
      // Of this worker's end or of its server, not of the job: another one does it.
      const isForNobody = error instanceof Superseded || (stop.signal.aborted && !this.#signal.aborted)
      quietly(() => (isForNobody ? message.term() : message.nak(NO_DATA_MS)))
      // Another job would be no other: this ends the worker.
      if (error instanceof ForbiddenError) throw error
      if (this.#signal.aborted) await this.#nc.flush().catch(() => undefined)
      else if (!isForNobody && !(error instanceof NoData)) await sleep(NO_DATA_MS, this.#signal)
    } finally {
      clearInterval(alive)
      this.#busy += (performance.now() - start) / 1000
      this.#run = undefined
      this.#stop = undefined
      this.#onChange?.(this.state)
    }
  }

  /**
   * Who does the jobs of a run. What is wrong with a run is the result of each of its jobs.
   *
   * @throws NoRun, NoData; the signal's reason; what the server refuses
   */
  async #open(id: string): Promise<Doer & { readonly isPacked: boolean }> {
    // For longer than one job.
    const run = new RunServer(this.#nc, this.#js, this.#names, id, this.#signal)
    const manifest = await run.manifest()
    const kind = this.#kinds.find(({ name }) => name === manifest.kind)
    if (kind === undefined) {
      const what = JSON.stringify(manifest.kind.slice(0, 40))
      return {
        isPacked: true,
        do: () => Promise.reject(new RangeError(`a worker knows no jobs of kind ${what}`)),
      }
    }
    const { isPacked = true } = kind
    try {
      const doer = await kind.open(manifest, run)
      return { isPacked, do: (...job) => doer.do(...job) }
    } catch (error) {
      if (isOfServer(error)) throw error
      const reason = error instanceof Error ? error : new Error(String(error))
      return { isPacked, do: () => Promise.reject(reason) }
    }
  }
}

/** What is wrong with a job is its result, and so is an error of training: nobody else would do better. */
async function resultOf(doer: Doer, job: Uint8Array, index: number, signal: AbortSignal): Promise<Result> {
  try {
    return await doer.do(job, index, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isOfServer(error)) throw error
    return { failure: messageOf(error) }
  }
}

/** Whether an error says nothing about a job. */
function isOfServer(error: unknown): boolean {
  const ofServer = [Superseded, NoData, NotYet, JetStreamApiError, ForbiddenError]
  return ofServer.some((Kind) => error instanceof Kind)
}

/** Says something that matters only while there is a connection. */
function quietly(say: () => void): void {
  try {
    say()
  } catch {
    // The server takes silence for the same.
  }
}
