/**
 * Has the jobs of one run done by workers. What keeps the books is the server: jobs that wait, jobs that run, results
 * so far. A coordinator that dies loses nothing; another one with the same run goes on.
 */
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { nuid, type NatsConnection, type Subscription } from '@nats-io/nats-core'
import { follow, followGivenUp, removeJob, storedJobs, type Server } from './following.js'
import { Lease } from './lease.js'
import { readResult, writeResult, type Manifest, type Result } from './messages.js'
import { WORKS_WITH, type Names } from './names.js'
import { isCode, MAXIMUM_MESSAGES, persistently, sleep, within, WRONG_LAST_SEQUENCE } from './patience.js'
import { encodePlain, sha256 } from './plain.js'
import { describeWorkers, hear } from './roll-call.js'
import { Assembly } from './results.js'
import { SharedData } from './store.js'
import { setUp, setUpResults, type Buckets, type JobLimits } from './streams.js'

/** Jobs that are being published at once. */
const PUBLISHING = 64
/** While the queue is full, in milliseconds. */
const FULL_MS = 100
/** Without a result for so long, in milliseconds, the coordinator looks for workers. */
const LONELY_MS = 10_000
/** For taking away what is not needed any more, in milliseconds; the server may be gone. */
const CLEAN_UP_MS = 10_000

/** What a coordinator says of itself. */
export interface CoordinatorState {
  readonly role: 'coordinator'
  /** of this coordinator */
  readonly owner: string
  readonly host: string
  readonly version: string
  readonly run: string
  /** of its jobs */
  readonly kind: string
  readonly jobs: number
  readonly done: number
  /** of those, jobs that have failed */
  readonly failed: number
  /** when it began, in milliseconds since 1970 */
  readonly since: number
  /** results that were there when it began */
  readonly before: number
}

/** Where a coordinator runs, what it promises its jobs, and whom it tells what it notices. */
export interface Surroundings {
  readonly names: Names
  readonly limits: JobLimits
  readonly host: string
  readonly warn: (text: string) => void
}

/** Jobs that belong together. */
export interface Run {
  readonly manifest: Manifest
  /** what makes it this run and no other, beside the manifest */
  readonly identity: readonly Uint8Array[]
  /** what its manifest names, for the object store */
  readonly data: ReadonlyMap<string, Uint8Array>
  /** jobs, numbered from 0 */
  readonly count: number
  readonly job: (index: number) => Uint8Array
  readonly signal: AbortSignal
  /** what is awaited before a job may be published, as long as there is something; nothing unless given */
  readonly readyFor?: (index: number) => Promise<unknown> | undefined
  /** whether a job should still be done; it is asked before it is published */
  readonly isWanted: (index: number) => boolean
  /**
   * Takes the result of each job, once; undefined for one that is not wanted. Awaited.
   *
   * @throws what ends the run
   */
  readonly take: (index: number, result: Result | undefined) => Promise<void>
}

/**
 * Has all jobs of a run done. One that asks for the same as another coordinator that has died goes on with its run.
 *
 * @throws the signal's reason; what take throws; Error if the server refuses
 */
export async function coordinate(nc: NatsConnection, surroundings: Surroundings, run: Run): Promise<void> {
  const { signal, manifest, identity } = run
  const { names, limits } = surroundings
  signal.throwIfAborted()
  const jsm = await persistently(signal, () => jetstreamManager(nc))
  const buckets = await persistently(signal, () => setUp(nc, jsm, names, limits))
  const bytes = encodePlain(manifest)
  const whole = new Blob([WORKS_WITH, bytes, ...identity] as BlobPart[])
  const digest = await sha256(new Uint8Array(await whole.arrayBuffer()))
  const ended = new AbortController()
  const abort = (): void => ended.abort(signal.reason)
  signal.addEventListener('abort', abort)
  const server = { nc, js: jetstream(nc), jsm, buckets }
  try {
    await new Coordinator(server, surroundings, run, digest.slice(0, 32), bytes, ended).coordinate()
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

interface ServerSide extends Server {
  readonly buckets: Buckets
}

/** How far a job is. */
const Job = { none: 0, onItsWay: 1, stored: 2 } as const

class Coordinator {
  readonly #server: ServerSide
  readonly #surroundings: Surroundings
  readonly #names: Names
  readonly #run: Run
  readonly #id: string
  readonly #manifest: Uint8Array
  readonly #ended: AbortController
  readonly #signal: AbortSignal
  readonly #owner = nuid.next()
  readonly #since = Date.now()
  /** jobs whose results have been taken, or are not wanted */
  readonly #taken: Uint8Array
  /** of each job, how far it is */
  readonly #jobs: Uint8Array
  /** jobs that were not where they should be at the last look */
  #absent = new Set<number>()
  #count = 0
  #failed = 0
  #before = 0
  #lastResult = performance.now()
  #done: () => void = () => undefined

  /**
   * @param id of the run
   * @param manifest of the run, as bytes
   * @param ended aborts when the run is over
   */
  constructor(
    server: ServerSide,
    surroundings: Surroundings,
    run: Run,
    id: string,
    manifest: Uint8Array,
    ended: AbortController,
  ) {
    this.#server = server
    this.#surroundings = surroundings
    this.#names = surroundings.names
    this.#run = run
    this.#id = id
    this.#manifest = manifest
    this.#ended = ended
    this.#signal = ended.signal
    this.#taken = new Uint8Array(run.count)
    this.#jobs = new Uint8Array(run.count)
  }

  get state(): CoordinatorState {
    const { host } = this.#surroundings
    return {
      ...{ role: 'coordinator', owner: this.#owner, host, version: WORKS_WITH, run: this.#id },
      ...{ kind: this.#run.manifest.kind, jobs: this.#run.count, done: this.#count, failed: this.#failed },
      ...{ since: this.#since, before: this.#before },
    }
  }

  /** Everything goes on at once until all results are there, or one of it fails. */
  async coordinate(): Promise<void> {
    const { nc, jsm, buckets } = this.#server
    const [names, id, signal] = [this.#names, this.#id, this.#signal]
    const lease = await this.#acquire()
    const shared = new SharedData(nc, names, this.#run.data, signal)
    const subscriptions: Subscription[] = []
    const done = new Promise<void>((resolve) => (this.#done = resolve))
    try {
      await persistently(signal, () => setUpResults(jsm, names, id))
      await persistently(signal, () => buckets.runs.put(names.manifest(id), this.#manifest))
      await shared.put()
      const state = (): string => JSON.stringify(this.state)
      subscriptions.push(
        nc.subscribe(names.ping, { callback: (_, message) => void message.respond(state()) }),
        shared.listen(id),
      )
      const givenUp = followGivenUp(this.#server, names, id, signal, (index) => this.#giveUp(index))
      const all = [this.#follow(), givenUp, this.#publishAll(), this.#watchOver(), lease.lost]
      await Promise.race([done, ...all])
      // What follows the results ends without an error when the signal ends it.
      if (this.#count < this.#run.count) this.#signal.throwIfAborted()
    } finally {
      this.#ended.abort(new Error('the run has ended'))
      for (const each of subscriptions) each.unsubscribe()
      // Only who dies leaves something behind, for another coordinator.
      if (!lease.isLost) await within(this.#cleanUp(), CLEAN_UP_MS).catch(() => undefined)
      await lease.end()
    }
  }

  #isOver(): boolean {
    return this.#signal.aborted
  }

  #acquire(): Promise<Lease> {
    const { limits, warn } = this.#surroundings
    const renewMs = (limits.lostAfter * 1000) / 3
    const says = (): string => JSON.stringify({ ...this.state, renewMs })
    const key = this.#names.lease(this.#id)
    return Lease.acquire(this.#server.buckets.runs, key, renewMs, says, this.#signal, () => {
      warn(`another coordinator has this run, ${this.#id.slice(0, 8)}; waiting, to take it over if it dies`)
    })
  }

  /** Takes results as they come, those that were there first. */
  async #follow(): Promise<void> {
    const [names, id] = [this.#names, this.#id]
    const [stream, filter] = [names.resultsStream(id), names.resultsOf(id)]
    const assembly = new Assembly()
    await follow(this.#server, stream, filter, this.#signal, async ({ subject, data }) => {
      const whole = assembly.add(subject, data)
      if (whole === undefined || whole.index >= this.#run.count || this.#taken[whole.index] === 1) return
      const result = await readResult(whole.bytes).catch((error: unknown): Result => ({
        failure: `a worker's answer: ${String(error)}`,
      }))
      await this.#take(whole.index, result)
    })
  }

  async #take(index: number, result: Result | undefined): Promise<void> {
    if (this.#taken[index] === 1) return
    this.#taken[index] = 1
    this.#lastResult = performance.now()
    if (result !== undefined && 'failure' in result) this.#failed += 1
    await this.#run.take(index, result)
    this.#count += 1
    if (this.#count === this.#run.count) this.#done()
  }

  /** Says as a result that there is none, unless there is one. */
  async #giveUp(index: number): Promise<void> {
    const { tries, lostAfter } = this.#surroundings.limits
    const why = `each time its worker died, or was silent for ${lostAfter} s`
    const bytes = await writeResult({ failure: `given up after ${tries} tries: ${why}` })
    try {
      await persistently(this.#signal, () =>
        this.#server.js.publish(this.#names.result(this.#id, index), bytes, {
          expect: { lastSubjectSequence: 0 },
        }),
      )
    } catch (error) {
      if (!isCode(error, WRONG_LAST_SEQUENCE)) throw error
    }
    await removeJob(this.#server, this.#names, this.#id, index, this.#signal)
  }

  /** Publishes the jobs that have no results and do not wait yet. */
  async #publishAll(): Promise<void> {
    const { count, isWanted, readyFor } = this.#run
    await this.#skipDone()
    /** what fails stays, for whoever waits next */
    const publishing = new Set<Promise<void>>()
    for (let index = 0; index < count; ++index) {
      this.#signal.throwIfAborted()
      if (this.#taken[index] === 1 || this.#jobs[index] !== Job.none) continue
      for (let pause = readyFor?.(index); pause !== undefined; pause = readyFor?.(index)) {
        // Its end may be a result of one of these, which may fail.
        await Promise.all(publishing)
        await pause
      }
      if (!isWanted(index)) {
        await this.#take(index, undefined)
        continue
      }
      this.#jobs[index] = Job.onItsWay
      const job: Promise<void> = this.#publish(index, String(index)).then(() => void publishing.delete(job))
      job.catch(() => undefined)
      publishing.add(job)
      if (publishing.size === PUBLISHING) await Promise.race(publishing)
    }
    await Promise.all(publishing)
    await new Promise(() => undefined)
  }

  /** What another coordinator of this run has left: results are waited for, jobs that wait are not published again. */
  async #skipDone(): Promise<void> {
    const [names, id] = [this.#names, this.#id]
    const results = await persistently(this.#signal, () =>
      storedJobs(this.#server, names.resultsStream(id), names.resultsOf(id)),
    )
    const jobs = await persistently(this.#signal, () =>
      storedJobs(this.#server, names.jobs, names.jobsOf(id)),
    )
    this.#before = results.size
    for (const index of [...results, ...jobs]) this.#jobs[index] = Job.stored
  }

  /** @param key the server stores a job once under it, for a while */
  async #publish(index: number, key: string): Promise<void> {
    const job = this.#run.job(index)
    await publishJob(this.#server, this.#names, this.#id, index, job, `${this.#owner}:${key}`, this.#signal)
    this.#jobs[index] = Job.stored
  }

  /** Where nothing has come for a while: are there workers, and is every job where it should be? */
  async #watchOver(): Promise<void> {
    const { limits, warn } = this.#surroundings
    const signal = this.#signal
    const pauseMs = Math.min(LONELY_MS, limits.lostAfter * 1000)
    let said = ''
    while (!signal.aborted) {
      await sleep(pauseMs, signal)
      if (this.#isOver()) return
      const silence = performance.now() - this.#lastResult
      if (silence < pauseMs) continue
      const text =
        silence < LONELY_MS ? '' : describeWorkers(await hear(this.#server.nc, this.#names).catch(() => []))
      if (text !== said && text !== '') warn(text)
      said = text
      await persistently(signal, () => this.#reconcile())
    }
  }

  /**
   * Compares what should be there with what is. A job that is neither there nor has a result was lost with a disk, or its
   * result is on its way: at the second look it is published again. So is one that is there although the server has
   * nothing left to give: the server has passed it over. (Those that were given to too many workers have come to
   * #giveUp.)
   */
  async #reconcile(): Promise<void> {
    const [names, id] = [this.#names, this.#id]
    const stored = this.#jobs.slice()
    const consumer = await this.#server.jsm.consumers.info(names.jobs, names.consumer)
    const isIdle = consumer.num_pending === 0 && consumer.num_ack_pending === 0
    const waiting = await storedJobs(this.#server, names.jobs, names.jobsOf(id))
    const results = await storedJobs(this.#server, names.resultsStream(id), names.resultsOf(id))
    const absent = new Set<number>()
    for (let index = 0; index < this.#run.count; ++index) {
      if (this.#taken[index] === 1 || stored[index] !== Job.stored || results.has(index)) continue
      if (waiting.has(index) && !isIdle) continue
      if (!this.#absent.has(index)) absent.add(index)
      else {
        if (waiting.has(index)) await removeJob(this.#server, names, id, index, this.#signal)
        await this.#publish(index, `${index}:${nuid.next()}`)
      }
    }
    this.#absent = absent
  }

  /** Takes away what nobody needs any more. */
  async #cleanUp(): Promise<void> {
    const { nc, jsm, buckets } = this.#server
    const [names, id] = [this.#names, this.#id]
    await buckets.runs.delete(names.manifest(id))
    // Workers drop the jobs of a run that is over. (Purging them by subject makes nats-server 2.9 pass over jobs of others.)
    nc.publish(names.stop(id))
    await jsm.streams.delete(names.resultsStream(id))
    await forgetData(buckets, this.#run.data.keys())
  }
}

/**
 * Publishes a job; while the queue is full, waits.
 *
 * @param key the server stores a job once under it, for a while
 */
export async function publishJob(
  { js }: Server,
  names: Names,
  run: string,
  index: number,
  job: Uint8Array,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  const subject = names.job(run, index)
  for (;;) {
    try {
      await persistently(signal, () => js.publish(subject, job, { msgID: `${run}:${key}` }))
      return
    } catch (error) {
      if (!isCode(error, MAXIMUM_MESSAGES)) throw error
      await sleep(FULL_MS, signal)
    }
  }
}

/** Takes data off the server that no run needs any more. */
export async function forgetData({ runs, data }: Buckets, names: Iterable<string>): Promise<void> {
  const manifests: string[] = []
  for await (const key of await runs.keys('manifest.>')) {
    const entry = await runs.get(key)
    if (entry?.operation === 'PUT') manifests.push(new TextDecoder().decode(entry.value))
  }
  for (const name of names) {
    if (!manifests.some((manifest) => manifest.includes(name))) await data.delete(name)
  }
}
