/**
 * A run on the server, as its coordinator has it: its jobs, results and data, which the server keeps, and the questions by
 * which a coordinator sees that nothing is lost. What run it is, and when it is over, its coordinator knows.
 */
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import { nuid, type NatsConnection, type Subscription } from '@nats-io/nats-core'
import { forgetData, forgetRun } from './forgetting.js'
import { readResult, type Result } from './messages.js'
import { WORKS_WITH, type Names } from './names.js'
import { isCode, MAXIMUM_MESSAGES, persistently, sleep, within } from './patience.js'
import { Assembly } from './results.js'
import { describeWorkers, hear, type Answer } from './roll-call.js'
import { SharedData } from './store.js'
import { RunInventory } from './run-inventory.js'
import { setUp, setUpResults, type Buckets, type JobLimits } from './streams.js'
import { tellOnce, Upkeep } from './upkeep.js'

/** While the queue is full, in milliseconds. */
const FULL_MS = 100
/** For taking away what is not needed any more, in milliseconds; the server may be gone. */
const FORGET_MS = 10_000
/** For the server to say that it is there, in milliseconds. */
const FLUSH_MS = 2000
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
export interface ReadyServer {
  readonly nc: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  readonly buckets: Buckets
}

/** @throws the signal's reason; Error if the server refuses */
export async function readyServer(
  nc: NatsConnection,
  { names, limits, warn }: Surroundings,
  signal: AbortSignal,
): Promise<ReadyServer> {
  const tell = tellOnce(warn)
  const jsm = await persistently(signal, () => jetstreamManager(nc), tell)
  const buckets = await persistently(signal, () => setUp(nc, jsm, names, limits), tell)
  return { nc, js: jetstream(nc), jsm, buckets }
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
  /** what is on the server of the run */
  readonly inventory: RunInventory
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
  readonly #upkeep: Upkeep
  /** of workers, to whom it was said last */
  #said = ''

  constructor(server: ReadyServer, surroundings: Surroundings, run: RunOptions) {
    this.server = server
    this.#surroundings = surroundings
    this.#names = surroundings.names
    this.#run = run
    this.#id = run.id
    this.#signal = run.signal
    this.inventory = new RunInventory(server.jsm, surroundings.names, run.id)
    this.#shared = new SharedData(server.nc, surroundings.names, run.data)
    this.#upkeep = new Upkeep(server.nc, run.signal, () => this.#setUp(), surroundings.warn)
  }

  /** Tries until the server does it. */
  persist<T>(what: () => Promise<T>): Promise<T> {
    return this.#upkeep.persist(what)
  }

  /** Asks the server, until it answers; what it lacks it is given again. */
  ask<T>(what: () => Promise<T>): Promise<T> {
    return this.#upkeep.ask(what)
  }

  /** Asks for what a cluster has, before this run has anything: where it is not there, the cluster is set up again. */
  beforeOpening<T>(what: () => Promise<T>): Promise<T> {
    const { nc, jsm } = this.server
    const { names, limits } = this.#surroundings
    return this.persist(() =>
      what().catch(async (error: unknown) => {
        await setUp(nc, jsm, names, limits)
        throw error
      }),
    )
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
    await this.#upkeep.restore()
  }

  /** Makes what is not there of all that the run needs. */
  async #setUp(): Promise<void> {
    const { nc, jsm, buckets } = this.server
    const { names, limits } = this.#surroundings
    await setUp(nc, jsm, names, limits)
    await setUpResults(jsm, names, this.#id)
    await buckets.runs.put(names.manifest(this.#id), this.#run.manifest)
    await this.#shared.put()
    await this.#run.prepare?.()
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
    await this.#upkeep.read(this.server.js, stream, filter, async ({ subject, data }) => {
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
    const names = this.#names
    const { tries, lostAfter } = this.#surroundings.limits
    const why = `given up after ${tries} tries: each time its worker died, or was silent for ${lostAfter} s`
    await this.#upkeep.read(this.server.js, names.givenUp, names.advisories, async ({ data, seq }) => {
      const place = await this.persist(() => this.inventory.jobOfAdvisory(data))
      if (place !== undefined && place.run !== this.#id) return
      if (place !== undefined) {
        await giveUp(place.index, why)
        await this.persist(() => this.inventory.removeJob(place.index))
      }
      // It says nothing to anybody any more.
      await this.persist(() => this.inventory.removeAdvisory(seq))
    })
  }

  /**
   * Says once where no worker may do these jobs.
   *
   * @returns whether one may
   */
  async lookForWorkers(): Promise<boolean> {
    const answers = await this.#hear().catch(() => undefined)
    if (answers === undefined) return false
    const text = describeWorkers(answers)
    if (text !== '' && text !== this.#said) this.#surroundings.warn(text)
    this.#said = text
    return text === ''
  }

  /** @throws Error where the server is away */
  async #hear(): Promise<Answer[]> {
    const { nc } = this.server
    await within(nc.flush(), FLUSH_MS, this.#signal)
    return hear(nc, this.#names)
  }

  /** There are workers, or were a moment ago: that there are none would be news. */
  haveWorkers(): void {
    this.#said = ''
  }

  /** Nobody is answered any more. */
  silence(): void {
    for (const each of this.#subscriptions) each.unsubscribe()
    this.#upkeep.end()
  }

  /** Takes away what nobody needs any more, as far as the server lets it. */
  async forget(): Promise<void> {
    await within(this.#forget(), FORGET_MS).catch(() => undefined)
  }

  async #forget(): Promise<void> {
    // What is being made would be there afterwards.
    await this.#upkeep.settled()
    const { streams = [], data } = this.#run
    await forgetRun(this.server, this.#names, this.#id, streams)
    await forgetData(this.server.buckets, this.#names, data.keys())
  }
}
