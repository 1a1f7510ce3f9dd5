/**
 * A run on the server, as its coordinator has it: its jobs, results and data, which the server keeps, and the questions by
 * which a coordinator sees that nothing is lost. What run it is, and when it is over, its coordinator knows.
 */
import { jetstream, jetstreamManager, type JsMsg, type MsgRequest, type StoredMsg } from '@nats-io/jetstream'
import { nuid, type NatsConnection, type Subscription } from '@nats-io/nats-core'
import { forgetData, forgetRun } from './abandoned.js'
import { follow, type Server } from './following.js'
import { readResult, type Result } from './messages.js'
import { placeOf, WORKS_WITH, type Names } from './names.js'
import {
  isCode,
  isMissing,
  MAXIMUM_MESSAGES,
  persistently,
  sleep,
  unlessMissing,
  within,
} from './patience.js'
import { Assembly } from './results.js'
import { clean, describeWorkers, hear } from './roll-call.js'
import { SharedData } from './store.js'
import { setUp, setUpResults, type Buckets, type JobLimits } from './streams.js'

/** While the queue is full, in milliseconds. */
const FULL_MS = 100
/** For taking away what is not needed any more, in milliseconds; the server may be gone. */
const FORGET_MS = 10_000
/** Without a result for so long, in milliseconds, a coordinator looks for workers. */
export const LONELY_MS = 10_000

/** What a coordinator says of itself. */
export interface CoordinatorState extends Counts {
  readonly role: 'coordinator'
  /** of this coordinator */
  readonly owner: string
  readonly host: string
  readonly version: string
  readonly run: string
  /** of its jobs */
  readonly kind: string
  /** when it began, in milliseconds since 1970 */
  readonly since: number
}

/** How far a run is. */
export interface Counts {
  readonly jobs: number
  readonly done: number
  /** of those, jobs that have failed */
  readonly failed: number
  /** results that were there when its coordinator began */
  readonly before: number
}

/** Where a coordinator runs, what it promises its jobs, and whom it tells what it notices. */
export interface Surroundings {
  readonly names: Names
  readonly limits: JobLimits
  readonly host: string
  readonly warn: (text: string) => void
  /** aborts when the cluster is closed */
  readonly closed: AbortSignal
}

/** A server that is set up for jobs. */
export interface ReadyServer extends Server {
  readonly buckets: Buckets
}

/** @throws the signal's reason; Error if the server refuses */
export async function readyServer(
  nc: NatsConnection,
  { names, limits, warn }: Surroundings,
  signal: AbortSignal,
): Promise<ReadyServer> {
  const jsm = await persistently(signal, () => jetstreamManager(nc))
  const tell = (why: string): void => warn(waitingText(why))
  const buckets = await persistently(signal, () => setUp(nc, jsm, names, limits), tell)
  return { nc, js: jetstream(nc), jsm, buckets }
}

function waitingText(why: string): string {
  return `waiting for the server: ${clean(why, 200)}`
}

/** What a run is made of, beside its jobs. */
export interface RunOptions {
  readonly id: string
  readonly kind: string
  readonly manifest: Uint8Array
  /** what its manifest names, for the object store */
  readonly data: ReadonlyMap<string, Uint8Array>
  /** aborts when the run is over */
  readonly signal: AbortSignal
  /** streams of its own, beside results; none unless given */
  readonly streams?: readonly string[]
  /** makes them, and what should be in them, where they are not there */
  readonly prepare?: () => Promise<void>
}

export class RunBooks {
  readonly server: ReadyServer
  readonly #surroundings: Surroundings
  readonly #names: Names
  readonly #run: RunOptions
  readonly #id: string
  readonly #signal: AbortSignal
  readonly #assembly = new Assembly()
  readonly #owner = nuid.next()
  readonly #since = Date.now()
  readonly #subscriptions: Subscription[] = []
  readonly #shared: SharedData
  #restoring: Promise<void> | undefined
  /** what its user was told last */
  #said = ''

  constructor(server: ReadyServer, surroundings: Surroundings, run: RunOptions) {
    this.server = server
    this.#surroundings = surroundings
    this.#names = surroundings.names
    this.#run = run
    this.#id = run.id
    this.#signal = run.signal
    this.#shared = new SharedData(server.nc, surroundings.names, run.data, run.signal, this.#tell)
  }

  /** What many wait for at once is said once, until there is something else to say. */
  readonly #tell = (why: string): void => {
    const text = waitingText(why)
    if (text !== this.#said) this.#surroundings.warn(text)
    this.#said = text
  }

  /** Tries until the server does it. */
  persist<T>(what: () => Promise<T>): Promise<T> {
    return persistently(this.#signal, what, this.#tell)
  }

  describe(counts: Counts): CoordinatorState {
    const { kind } = this.#run
    const { host } = this.#surroundings
    const [run, owner, since] = [this.#id, this.#owner, this.#since]
    return { role: 'coordinator', owner, host, version: WORKS_WITH, run, kind, since, ...counts }
  }

  /** Opens the books: workers find what they need, and whoever asks is told how far the run is. */
  async open(counts: () => Counts): Promise<void> {
    const answer = (): string => JSON.stringify(this.describe(counts()))
    // Before there is anything on the server that nobody seems to coordinate.
    this.#subscriptions.push(
      this.server.nc.subscribe(this.#names.ping, {
        callback: (_, message) => void message.respond(answer()),
      }),
      this.#shared.listen(this.#id),
    )
    await this.#prepare()
  }

  /** Makes what is not there of all that the run needs. */
  async #prepare(): Promise<void> {
    const { jsm, buckets } = this.server
    const [names, id] = [this.#names, this.#id]
    await this.persist(() => setUpResults(jsm, names, id))
    await this.persist(() => buckets.runs.put(names.manifest(id), this.#run.manifest))
    await this.#shared.put()
    await this.#run.prepare?.()
  }

  /** What the server had, and has not any more, it is given again. Who asks meanwhile waits for the same. */
  readonly #restore = (): Promise<void> => {
    const { nc, jsm } = this.server
    const { names, limits } = this.#surroundings
    this.#restoring ??= this.persist(() => setUp(nc, jsm, names, limits))
      .then(() => this.#prepare())
      .finally(() => (this.#restoring = undefined))
    return this.#restoring
  }

  /** Asks the server, until it answers; what it lacks it is given again. */
  ask<T>(what: () => Promise<T>): Promise<T> {
    return this.persist(async () => {
      try {
        return await what()
      } catch (error) {
        if (!isMissing(error)) throw error
        await this.#restore()
        return await what()
      }
    })
  }

  /** @param key the server stores a job once under it, for a while; while the queue is full, it is waited */
  async publish(index: number, job: Uint8Array, key: string): Promise<void> {
    const subject = this.#names.job(this.#id, index)
    const options = { msgID: `${this.#id}:${this.#owner}:${key}` }
    for (;;) {
      try {
        await this.persist(() => this.server.js.publish(subject, job, options))
        return
      } catch (error) {
        if (!isCode(error, MAXIMUM_MESSAGES)) throw error
        await sleep(FULL_MS, this.#signal)
      }
    }
  }

  /**
   * Follows results as they come, those that were there first.
   *
   * @param isAwaited whether a job's result is still wanted
   */
  async follow(
    isAwaited: (index: number) => boolean,
    take: (index: number, result: Result) => void | Promise<void>,
  ): Promise<void> {
    const [stream, filter] = [this.#names.resultsStream(this.#id), this.#names.resultsOf(this.#id)]
    await follow(this.server, stream, filter, this.#signal, this.#restore, async ({ subject, data }) => {
      const whole = this.#assembly.add(subject, data)
      if (whole === undefined || !isAwaited(whole.index)) return
      const result = await readResult(whole.bytes).catch((error: unknown): Result => ({
        failure: `a worker's answer: ${String(error)}`,
      }))
      await take(whole.index, result)
    })
  }

  /** Parts of results that nobody waits for are forgotten. @param index those before it */
  forgetPartsBefore(index: number): void {
    this.#assembly.forgetBefore(index)
  }

  /**
   * Follows the jobs that the server has given to as many workers as may be, and takes them off it.
   *
   * @param giveUp takes the index of one, and why; before it is taken off, so that a job that is gone has been given up
   */
  async followGivenUp(giveUp: (index: number, why: string) => void | Promise<void>): Promise<void> {
    const [names, signal] = [this.#names, this.#signal]
    const { tries, lostAfter } = this.#surroundings.limits
    const why = `given up after ${tries} tries: each time its worker died, or was silent for ${lostAfter} s`
    const take = async ({ data, seq }: JsMsg): Promise<void> => {
      const sequence = sequenceOf(data)
      const job = sequence === undefined ? null : await this.persist(() => this.#message({ seq: sequence }))
      const place = job === null ? undefined : placeOf(job.subject)
      if (place !== undefined && place.run !== this.#id) return
      if (place !== undefined) {
        await giveUp(place.index, why)
        await this.remove(place.index)
      }
      // It says nothing to anybody any more.
      await this.persist(() => this.#delete(names.givenUp, seq))
    }
    await follow(this.server, names.givenUp, names.advisories, signal, this.#restore, take)
  }

  /** Takes a job off the server that it gives to nobody. */
  async remove(index: number): Promise<void> {
    const names = this.#names
    await this.persist(async () => {
      const job = await this.#message({ last_by_subj: names.job(this.#id, index) })
      if (job !== null) await this.#delete(names.jobs, job.seq)
    })
  }

  #delete(stream: string, seq: number): Promise<boolean> {
    return unlessMissing(false, () => this.server.jsm.streams.deleteMessage(stream, seq))
  }

  /** A job; null where there is none. */
  #message(query: MsgRequest): Promise<StoredMsg | null> {
    const { streams } = this.server.jsm
    return unlessMissing(null, () => streams.getMessage(this.#names.jobs, query))
  }

  /** The jobs that are on the server. */
  jobs(): Promise<Set<number>> {
    return this.#stored(this.#names.jobs, this.#names.jobsOf(this.#id))
  }

  /** The jobs that have results. */
  results(): Promise<Set<number>> {
    return this.#stored(this.#names.resultsStream(this.#id), this.#names.resultsOf(this.#id))
  }

  async #stored(stream: string, filter: string): Promise<Set<number>> {
    const { state } = await this.server.jsm.streams.info(stream, { subjects_filter: filter })
    return new Set(Object.keys(state.subjects ?? {}).map((subject) => placeOf(subject)?.index ?? NaN))
  }

  /** Whether no job, of this run or another, waits for a worker, or is with one: what is there still is given to nobody. */
  async isIdle(): Promise<boolean> {
    const { jsm } = this.server
    const { num_pending: waiting, num_ack_pending: given } = await jsm.consumers.info(
      this.#names.jobs,
      this.#names.consumer,
    )
    return waiting === 0 && given === 0
  }

  /**
   * Says once where no worker may do these jobs.
   *
   * @returns whether one may
   */
  async lookForWorkers(): Promise<boolean> {
    const text = describeWorkers(await hear(this.server.nc, this.#names).catch(() => []))
    if (text !== '' && text !== this.#said) this.#surroundings.warn(text)
    this.#said = text
    return text === ''
  }

  /** There are workers, or were a moment ago: that there are none would be news. */
  haveWorkers(): void {
    this.#said = ''
  }

  /** Nobody is answered any more. */
  silence(): void {
    for (const each of this.#subscriptions) each.unsubscribe()
  }

  /** Takes away what nobody needs any more, as far as the server lets it. */
  async forget(): Promise<void> {
    await within(this.#forget(), FORGET_MS).catch(() => undefined)
  }

  async #forget(): Promise<void> {
    const { streams = [], data } = this.#run
    await forgetRun(this.server, this.#names, this.#id, streams)
    await forgetData(this.server.buckets, this.#names, data.keys())
  }
}

/** The place in the stream of the job that an advisory is about. */
function sequenceOf(advisory: Uint8Array): number | undefined {
  try {
    const { stream_seq: sequence } = JSON.parse(new TextDecoder().decode(advisory)) as {
      readonly stream_seq?: unknown
    }
    return typeof sequence === 'number' ? sequence : undefined
  } catch {
    return undefined
  }
}
