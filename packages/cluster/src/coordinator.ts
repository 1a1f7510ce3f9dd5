/**
 * Has the jobs of one run done by workers. What keeps the books is the server: jobs that wait, jobs that run, results
 * so far. A coordinator that dies loses nothing; another one with the same run goes on.
 */
import { nuid, type NatsConnection } from '@nats-io/nats-core'
import { Lease } from './lease.js'
import { writeResult, type Manifest, type Result } from './messages.js'
import { WORKS_WITH, type Names } from './names.js'
import { abortWith, isCode, sleep, WRONG_LAST_SEQUENCE } from './patience.js'
import { encodePlain, sha256 } from './plain.js'
import {
  LONELY_MS,
  readyServer,
  RunBooks,
  type Counts,
  type ReadyServer,
  type Surroundings,
} from './run-books.js'

/** Jobs that are being published at once. */
const PUBLISHING = 64

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
  const { signal, manifest, identity, data } = run
  signal.throwIfAborted()
  const server = await readyServer(nc, surroundings, signal)
  const bytes = encodePlain(manifest)
  const whole = new Blob([WORKS_WITH, bytes, ...identity] as BlobPart[])
  const digest = await sha256(new Uint8Array(await whole.arrayBuffer()))
  const id = digest.slice(0, 32)
  const ended = new AbortController()
  const unheard = abortWith(ended, signal)
  const books = new RunBooks(server, surroundings, {
    ...{ id, kind: manifest.kind, manifest: bytes, data },
    signal: ended.signal,
  })
  try {
    await new Coordinator(server, surroundings, run, id, books, ended).coordinate()
  } finally {
    unheard()
    books.silence()
  }
}

/** How far a job is. */
const Job = { none: 0, onItsWay: 1, stored: 2 } as const

class Coordinator {
  readonly #server: ReadyServer
  readonly #surroundings: Surroundings
  readonly #names: Names
  readonly #run: Run
  readonly #id: string
  readonly #books: RunBooks
  readonly #ended: AbortController
  readonly #signal: AbortSignal
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
   * @param ended aborts when the run is over
   */
  constructor(
    server: ReadyServer,
    surroundings: Surroundings,
    run: Run,
    id: string,
    books: RunBooks,
    ended: AbortController,
  ) {
    this.#server = server
    this.#surroundings = surroundings
    this.#names = surroundings.names
    this.#run = run
    this.#id = id
    this.#books = books
    this.#ended = ended
    this.#signal = ended.signal
    this.#taken = new Uint8Array(run.count)
    this.#jobs = new Uint8Array(run.count)
  }

  /** Everything goes on at once until all results are there, or one of it fails. */
  async coordinate(): Promise<void> {
    const { count } = this.#run
    const books = this.#books
    const lease = await this.#acquire()
    const done = new Promise<void>((resolve) => (this.#done = resolve))
    try {
      await books.open(() => this.#counts())
      const results = books.follow(
        (index) => index < count && this.#taken[index] === 0,
        (index, result) => this.#take(index, result),
      )
      const givenUp = books.followGivenUp((index, why) => this.#giveUp(index, why))
      await Promise.race([done, results, givenUp, this.#publishAll(), this.#watchOver(), lease.lost])
      // What follows the results ends without an error when the signal ends it.
      if (this.#count < count) this.#signal.throwIfAborted()
    } finally {
      this.#ended.abort(new Error('the run has ended'))
      // Who dies, or is closed before the end, leaves everything to another coordinator.
      const isLeft = this.#surroundings.closed.aborted && this.#count < count
      if (!lease.isLost && !isLeft) await books.forget()
      await lease.end()
    }
  }

  #counts(): Counts {
    return { jobs: this.#run.count, done: this.#count, failed: this.#failed, before: this.#before }
  }

  #isOver(): boolean {
    return this.#signal.aborted
  }

  #acquire(): Promise<Lease> {
    const { limits, warn } = this.#surroundings
    const renewMs = (limits.lostAfter * 1000) / 3
    const says = (): string => JSON.stringify({ ...this.#books.describe(this.#counts()), renewMs })
    const key = this.#names.lease(this.#id)
    const ask = <T>(what: () => Promise<T>): Promise<T> => this.#books.beforeOpening(what)
    return Lease.acquire(this.#server.buckets.runs, key, renewMs, says, this.#signal, ask, () => {
      warn(`another coordinator has this run, ${this.#id.slice(0, 8)}; waiting, to take it over if it dies`)
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
  async #giveUp(index: number, why: string): Promise<void> {
    const subject = this.#names.result(this.#id, index)
    const bytes = await writeResult({ failure: why })
    try {
      await this.#books.persist(() =>
        this.#server.js.publish(subject, bytes, { expect: { lastSubjectSequence: 0 } }),
      )
    } catch (error) {
      if (!isCode(error, WRONG_LAST_SEQUENCE)) throw error
    }
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
    // Jobs first: one that ends in between is among the results.
    const jobs = await this.#books.ask(() => this.#books.inventory.jobs())
    const results = await this.#books.ask(() => this.#books.inventory.results())
    this.#before = results.size
    for (const index of [...results, ...jobs]) this.#jobs[index] = Job.stored
  }

  /** @param key the server stores a job once under it, for a while */
  async #publish(index: number, key: string): Promise<void> {
    await this.#books.publish(index, this.#run.job(index), key)
    this.#jobs[index] = Job.stored
  }

  /** Where nothing has come for a while: are there workers, and is every job where it should be? */
  async #watchOver(): Promise<void> {
    const pauseMs = Math.min(LONELY_MS, this.#surroundings.limits.lostAfter * 1000)
    while (!this.#isOver()) {
      await sleep(pauseMs, this.#signal)
      if (this.#isOver()) return
      const silence = performance.now() - this.#lastResult
      if (silence < pauseMs) continue
      if (silence < LONELY_MS) this.#books.haveWorkers()
      else await this.#books.lookForWorkers()
      await this.#books.ask(() => this.#reconcile())
    }
  }

  /**
   * Compares what should be there with what is. A job that is neither there nor has a result was lost with a disk, or its
   * result is on its way: at the second look it is published again. So is one that is there although the server has
   * nothing left to give: the server has passed it over. (Those that were given to too many workers have come to
   * #giveUp.)
   */
  async #reconcile(): Promise<void> {
    const { inventory } = this.#books
    const stored = this.#jobs.slice()
    const isIdle = await inventory.isIdle()
    const waiting = await inventory.jobs()
    const results = await inventory.results()
    const absent = new Set<number>()
    for (let index = 0; index < this.#run.count; ++index) {
      if (this.#taken[index] === 1 || stored[index] !== Job.stored || results.has(index)) continue
      if (waiting.has(index) && !isIdle) continue
      if (!this.#absent.has(index)) absent.add(index)
      else {
        if (waiting.has(index)) await inventory.removeJob(index)
        await this.#publish(index, `${index}:${nuid.next()}`)
      }
    }
    this.#absent = absent
  }
}
