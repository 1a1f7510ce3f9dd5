/** Has the shards of a fit summed by workers. Parameters go once a step to a stream that keeps the last of them alone. */
import type { NatsConnection } from '@nats-io/nats-core'
import type {
  SharedByShards,
  SharedWithoutData,
  ShardStep,
  ShardSum,
  ShardSums,
  StepSize,
  SumsElsewhere,
} from 'deltaprop'
import { maxMessageBytes } from './limits.js'
import type { Failure, Result } from './messages.js'
import type { Names } from './names.js'
import { abortWith, sleep } from './patience.js'
import { encodePlain, sha256 } from './plain.js'
import { joined } from './results.js'
import {
  LONELY_MS,
  readyServer,
  RunBooks,
  type Counts,
  type ReadyServer,
  type RunOptions,
  type Surroundings,
} from './run-books.js'
import { DESCRIBE, headOf, HELD_KIND, SHARDS_KIND, STEP_BYTES } from './shard-kind.js'
import { setUpParameters } from './streams.js'

/** The index of a job is this many times its step, counted from 1, and its shard: fit has 1024 shards at most. */
const SHARDS = 1024

/**
 * Samples of a step, and parameters of a network, from which two workers are faster than one machine (measured: see
 * docs/cluster.md).
 */
const WORTH = { samples: 1000, parameters: 500_000 }

/** Gets ready to have the shards of a fit summed. */
export async function openSums(
  nc: NatsConnection,
  shared: SharedByShards,
  step: StepSize,
  surroundings: Surroundings,
): Promise<ClusterSums> {
  if (step.samples < WORTH.samples || step.parameters < WORTH.parameters) {
    const what = `a step of ${step.samples} samples for ${step.parameters} parameters`
    const from = `${WORTH.samples} samples and ${WORTH.parameters} parameters`
    surroundings.warn(
      `${what} is faster on one machine than its messages are; a cluster pays from some ${from} on`,
    )
  }
  const { network, data, options } = shared
  const bytes = encodePlain(data)
  const digest = await sha256(bytes)
  const manifest = { kind: SHARDS_KIND, data: digest, network, options }
  return openRun(nc, manifest, new Map([[digest, bytes]]), surroundings)
}

/** Gets ready to have samples summed that workers have. */
export async function openHeldShard(
  nc: NatsConnection,
  shard: string,
  { network, options }: SharedWithoutData,
  surroundings: Surroundings,
  ended: AbortSignal,
): Promise<SumsElsewhere & Pick<ClusterSums, 'closed'>> {
  const manifest = { kind: HELD_KIND, shard, network, options }
  const sums = await openRun(nc, manifest, new Map(), surroundings, ended)
  try {
    const { samples, fingerprint } = await sums.describe()
    return {
      samples,
      fingerprint,
      mayHang: sums.mayHang,
      closed: sums.closed,
      sums: (step) => sums.sums(step, fingerprint),
      end: () => sums.end(),
    }
  } catch (error) {
    sums.end()
    await sums.closed
    throw error
  }
}

/**
 * @param data what the manifest names, for the object store
 * @param unwanted ends it, as the end of the cluster does
 */
async function openRun(
  nc: NatsConnection,
  manifest: Readonly<Record<string, unknown>> & { readonly kind: string },
  data: ReadonlyMap<string, Uint8Array>,
  surroundings: Surroundings,
  unwanted?: AbortSignal,
): Promise<ClusterSums> {
  const ended = new AbortController()
  const { signal } = ended
  signal.addEventListener('abort', abortWith(ended, surroundings.closed, unwanted))
  let sums: ClusterSums | undefined
  try {
    const server = await readyServer(nc, surroundings, signal)
    // Nobody goes on with it but its fit, from its checkpoint.
    const id = crypto.randomUUID().replaceAll('-', '')
    const about = { id, kind: manifest.kind, manifest: encodePlain(manifest), data }
    // Once there are sums, their end takes away what is on the server.
    signal.throwIfAborted()
    sums = new ClusterSums(server, surroundings, about, ended)
    await sums.open()
    return sums
  } catch (error) {
    ended.abort(error)
    // Who closes the connection waits for it.
    await sums?.closed
    throw error
  }
}

/** Sums of shards, by workers. */
export class ClusterSums implements ShardSums {
  readonly mayHang = true
  /** once everything on the server has been taken away */
  readonly closed: Promise<void>
  readonly #server: ReadyServer
  readonly #books: RunBooks
  readonly #lostAfterMs: number
  readonly #names: Names
  readonly #run: string
  readonly #ended: AbortController
  readonly #signal: AbortSignal
  #step = 0
  /** of this step; they stay as they are until it has its sums */
  #parameters: ShardStep['parameters'] = new Float32Array(0)
  /** shards of this step that have no sums yet, by the index of their jobs */
  readonly #waiting = new Map<number, Waiting>()
  /** sums and failures that have come */
  readonly #found = new Map<number, Result>()
  #arrived: () => void = () => undefined
  #failure: { readonly error: unknown } | undefined
  #done = 0
  #lastSum = performance.now()

  /** @param ended aborts when the fit has ended */
  constructor(
    server: ReadyServer,
    surroundings: Surroundings,
    about: Omit<RunOptions, 'signal'>,
    ended: AbortController,
  ) {
    const { names, limits } = surroundings
    const { signal } = ended
    const books = new RunBooks(server, surroundings, {
      ...about,
      signal,
      streams: [names.parametersStream(about.id)],
      prepare: () => this.#prepare(),
    })
    this.#server = server
    this.#books = books
    this.#lostAfterMs = limits.lostAfter * 1000
    this.#names = names
    this.#run = about.id
    this.#ended = ended
    this.#signal = signal
    this.closed = new Promise((resolve) => {
      ended.signal.addEventListener('abort', () => {
        this.#arrived()
        void books.forget().then(() => {
          books.silence()
          resolve()
        })
      })
    })
  }

  async open(): Promise<void> {
    const books = this.#books
    const fail = (error: unknown): void => {
      if (this.#signal.aborted) return
      this.#failure = { error }
      this.#arrived()
    }
    await books.open(() => this.#counts())
    books
      .follow(
        (index) => this.#waiting.has(index),
        (index, result) => this.#take(index, result),
      )
      .catch(fail)
    const failureOf = (index: number, why: string): Result => ({
      failure: `shard ${index % SHARDS} was ${why}`,
    })
    books.followGivenUp((index, why) => this.#take(index, failureOf(index, why))).catch(fail)
    this.#watchOver().catch(fail)
  }

  async #prepare(): Promise<void> {
    await setUpParameters(this.#server.jsm, this.#names, this.#run)
    await this.#publishParameters()
  }

  #counts(): Counts {
    return { jobs: this.#done + this.#waiting.size, done: this.#done, failed: 0, before: 0 }
  }

  /** What the workers have. */
  async describe(): Promise<{ readonly samples: number; readonly fingerprint: string }> {
    this.#waiting.set(0, { job: encodePlain(DESCRIBE), tries: 0 })
    this.#lastSum = performance.now()
    await this.#publish(0)
    const { samples, fingerprint } = (await this.#result(0)) as {
      readonly samples?: unknown
      readonly fingerprint?: unknown
    }
    if (typeof samples === 'number' && typeof fingerprint === 'string') return { samples, fingerprint }
    throw new Error('expected what samples a worker has, got another answer')
  }

  /** @param fingerprint of the samples of workers, where they are theirs */
  async *sums(
    { parameters, stream, dropoutKey, offset, shards }: ShardStep,
    fingerprint?: string,
  ): AsyncGenerator<ShardSum, void> {
    const step = ++this.#step
    this.#parameters = parameters
    const parts = await this.#books.persist(() => this.#publishParameters())
    this.#lastSum = performance.now()
    for (const [s, { first, n }] of shards.entries()) {
      const job = encodePlain({ step, parts, stream, dropoutKey, offset, first, n, fingerprint })
      this.#waiting.set(step * SHARDS + s, { job, tries: 0 })
    }
    await Promise.all(Array.from(this.#waiting.keys(), (index) => this.#publish(index)))
    for (let s = 0; s < shards.length; ++s) yield sumOf(await this.#result(step * SHARDS + s))
    this.#books.forgetPartsBefore((step + 1) * SHARDS)
    // Sums that have been added are not needed any more; those of a late worker go with the next step's.
    void this.#forgetSums().catch(() => undefined)
  }

  end(): void {
    this.#ended.abort(new Error('the fit has ended'))
  }

  /** Those of this step. @returns in how many parts */
  async #publishParameters(): Promise<number> {
    const { buffer, byteOffset, byteLength } = this.#parameters
    const bytes = new Uint8Array(buffer, byteOffset, byteLength)
    const most = maxMessageBytes(this.#server.nc) - STEP_BYTES
    const count = Math.ceil(bytes.length / most)
    const head = headOf(this.#step)
    await Promise.all(
      Array.from({ length: count }, (_, part) => {
        const message = joined([head, bytes.subarray(part * most, (part + 1) * most)])
        return this.#server.js.publish(this.#names.parameters(this.#run, part), message)
      }),
    )
    return count
  }

  async #publish(index: number): Promise<void> {
    const waiting = this.#waiting.get(index)
    if (waiting === undefined) return
    await this.#books.publish(index, waiting.job, `${index}:${waiting.tries++}`)
  }

  /** The result of a job, once it has come. @throws Error with why there is none */
  async #result(index: number): Promise<Exclude<Result, Failure>> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error
      this.#signal.throwIfAborted()
      const found = this.#found.get(index)
      this.#found.delete(index)
      if (found !== undefined) return unlessFailed(found)
      await new Promise<void>((resolve) => (this.#arrived = resolve))
    }
  }

  #take(index: number, result: Result): void {
    if (!this.#waiting.delete(index)) return
    this.#done += 1
    this.#lastSum = performance.now()
    this.#found.set(index, result)
    this.#arrived()
  }

  /** Where no sum has come for a while: are there workers? What was lost is published again. */
  async #watchOver(): Promise<void> {
    const lostMs = 2 * this.#lostAfterMs
    const pauseMs = Math.min(lostMs, LONELY_MS)
    const isOver = (): boolean => this.#signal.aborted
    while (!isOver()) {
      await sleep(pauseMs, this.#signal)
      const silence = performance.now() - this.#lastSum
      if (isOver() || this.#waiting.size === 0 || silence < pauseMs) continue
      const mayBeDone = await this.#books.lookForWorkers()
      if (mayBeDone && silence >= lostMs) await this.#books.ask(() => this.#publishLost())
    }
  }

  /** A job that is on the server still is not lost: a second one would have as many tries again. */
  async #publishLost(): Promise<void> {
    const { inventory } = this.#books
    // One that is there although the server has nothing left to give has been passed over.
    const isPassedOver = await inventory.isIdle()
    const stored = await inventory.jobs()
    for (const index of this.#waiting.keys()) {
      if (stored.has(index) && !isPassedOver) continue
      await inventory.removeJob(index)
      await this.#publish(index)
    }
  }

  async #forgetSums(): Promise<void> {
    const stream = this.#names.resultsStream(this.#run)
    const { state } = await this.#server.jsm.streams.info(stream)
    if (this.#waiting.size === 0) await this.#server.jsm.streams.purge(stream, { seq: state.last_seq })
  }
}

interface Waiting {
  readonly job: Uint8Array
  /** how often it has been published */
  tries: number
}

/** @throws Error with why there is none */
function unlessFailed(result: Result): Exclude<Result, Failure> {
  if ('failure' in result && typeof result.failure === 'string') throw new Error(result.failure)
  return result as Exclude<Result, Failure>
}

/** @throws Error for what is none */
function sumOf({ sums, loss }: Exclude<Result, Failure>): ShardSum {
  const isSum = (sums instanceof Float32Array || sums instanceof Float64Array) && typeof loss === 'number'
  if (!isSum) throw new Error('expected the sums of a shard, got another answer')
  return { sums, loss }
}
