/** The shards of a fit as jobs: both ends. Parameters go once a step to a stream that keeps the last of them alone. */
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { type NatsConnection, type Subscription } from '@nats-io/nats-core'
import {
  openShards,
  type OpenShards,
  type SharedByShards,
  type ShardStep,
  type ShardSum,
  type ShardSums,
  type StepSize,
} from 'deltaprop'
import { forgetData, publishJob, type CoordinatorState, type Surroundings } from './coordinator.js'
import { maxMessageBytes } from './limits.js'
import { follow, followGivenUp, removeJob, storedJobs, type Server } from './following.js'
import { NotYet, Superseded, type Doer, type Kind, type Sources } from './kind.js'
import { digestOf, readResult, record, type Result } from './messages.js'
import { WORKS_WITH, type Names } from './names.js'
import { persistently, sleep, within } from './patience.js'
import { decodePlain, encodePlain, sha256 } from './plain.js'
import { Assembly, joined } from './results.js'
import { describeWorkers, hear } from './roll-call.js'
import { SharedData } from './store.js'
import { setUp, setUpParameters, setUpResults, type Buckets } from './streams.js'

const KIND = 'shards'

/** The index of a job is this many times its step, and its shard: fit has 1024 shards at most. */
const SHARDS = 1024
/** A part of the parameters begins with the number of their step. */
const STEP_BYTES = 8
/** For taking away what is not needed any more, in milliseconds. */
const CLEAN_UP_MS = 10_000
/** Without a sum for so long, in milliseconds, the coordinator looks for workers. */
const LONELY_MS = 10_000

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
  const { names, limits, warn } = surroundings
  if (step.samples < WORTH.samples || step.parameters < WORTH.parameters) {
    const what = `a step of ${step.samples} samples for ${step.parameters} parameters`
    const from = `${WORTH.samples} samples and ${WORTH.parameters} parameters`
    warn(`${what} is faster on one machine than its messages are; a cluster pays from some ${from} on`)
  }
  const ended = new AbortController()
  const { signal } = ended
  const jsm = await persistently(signal, () => jetstreamManager(nc))
  const buckets = await persistently(signal, () => setUp(nc, jsm, names, limits))
  const sums = new ClusterSums({ nc, js: jetstream(nc), jsm }, buckets, surroundings, shared, ended)
  try {
    await sums.open()
  } catch (error) {
    sums.end()
    throw error
  }
  return sums
}

/** Sums of shards, by workers. */
export class ClusterSums implements ShardSums {
  readonly mayHang = true
  /** once everything on the server has been taken away */
  readonly closed: Promise<void>
  readonly #server: Server
  readonly #buckets: Buckets
  readonly #surroundings: Surroundings
  readonly #names: Names
  readonly #shared: SharedByShards
  readonly #ended: AbortController
  readonly #signal: AbortSignal
  readonly #run = crypto.randomUUID().replaceAll('-', '')
  readonly #since = Date.now()
  readonly #assembly = new Assembly()
  readonly #subscriptions: Subscription[] = []
  /** the name of its data */
  #data: string | undefined
  #step = 0
  /** shards of this step that have no sums yet, by the index of their jobs */
  readonly #waiting = new Map<number, Waiting>()
  /** sums and failures that have come */
  readonly #found = new Map<number, Result>()
  #arrived: () => void = () => undefined
  #failure: { readonly error: unknown } | undefined
  #done = 0
  #lastSum = performance.now()

  constructor(
    server: Server,
    buckets: Buckets,
    surroundings: Surroundings,
    shared: SharedByShards,
    ended: AbortController,
  ) {
    this.#server = server
    this.#buckets = buckets
    this.#surroundings = surroundings
    this.#names = surroundings.names
    this.#shared = shared
    this.#ended = ended
    this.#signal = ended.signal
    this.closed = new Promise((resolve) => {
      ended.signal.addEventListener('abort', () => {
        void within(this.#cleanUp(), CLEAN_UP_MS)
          .catch(() => undefined)
          .then(resolve)
      })
    })
  }

  async open(): Promise<void> {
    const { nc, jsm } = this.#server
    const [names, run, signal] = [this.#names, this.#run, this.#signal]
    const bytes = encodePlain(this.#shared.data)
    this.#data = await sha256(bytes)
    const shared = new SharedData(nc, names, new Map([[this.#data, bytes]]), signal)
    const { network, options } = this.#shared
    const manifest = encodePlain({ kind: KIND, data: this.#data, network, options })
    await persistently(signal, () => setUpResults(jsm, names, run))
    await persistently(signal, () => setUpParameters(jsm, names, run))
    await persistently(signal, () => this.#buckets.runs.put(names.manifest(run), manifest))
    await shared.put()
    this.#subscriptions.push(
      nc.subscribe(names.ping, {
        callback: (_, message) => void message.respond(JSON.stringify(this.#state)),
      }),
      shared.listen(run),
    )
    const fail = (error: unknown): void => {
      if (signal.aborted) return
      this.#failure = { error }
      this.#arrived()
    }
    this.#follow().catch(fail)
    const givenUp = (index: number): Promise<void> => this.#giveUp(index)
    followGivenUp(this.#server, names, run, signal, givenUp).catch(fail)
    this.#watchOver().catch(fail)
  }

  get #state(): CoordinatorState {
    const jobs = this.#done + this.#waiting.size
    return {
      ...{ role: 'coordinator', owner: this.#run, host: this.#surroundings.host, version: WORKS_WITH },
      ...{ run: this.#run, kind: KIND, jobs, done: this.#done, failed: 0, since: this.#since, before: 0 },
    }
  }

  async *sums({ parameters, stream, dropoutKey, shards }: ShardStep): AsyncGenerator<ShardSum, void> {
    const step = ++this.#step
    const parts = await this.#publishParameters(step, parameters)
    this.#lastSum = performance.now()
    for (const [s, { first, n }] of shards.entries()) {
      const job = encodePlain({ step, parts, stream, dropoutKey, first, n })
      this.#waiting.set(step * SHARDS + s, { job, tries: 0 })
    }
    await Promise.all(Array.from(this.#waiting.keys(), (index) => this.#publish(index)))
    for (let s = 0; s < shards.length; ++s) yield await this.#sum(step * SHARDS + s)
    this.#assembly.forgetBefore((step + 1) * SHARDS)
    // Sums that have been added are not needed any more; those of a late worker go with the next step's.
    void this.#forgetSums().catch(() => undefined)
  }

  end(): void {
    this.#ended.abort(new Error('the fit has ended'))
    this.#arrived()
  }

  /** @returns in how many parts */
  async #publishParameters(step: number, parameters: ShardStep['parameters']): Promise<number> {
    const bytes = new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength)
    const most = maxMessageBytes(this.#server.nc) - STEP_BYTES
    const count = Math.ceil(bytes.length / most)
    const head = new Uint8Array(STEP_BYTES)
    viewOf(head).setFloat64(0, step, true)
    await Promise.all(
      Array.from({ length: count }, (_, part) => {
        const message = joined([head, bytes.subarray(part * most, (part + 1) * most)])
        return persistently(this.#signal, () =>
          this.#server.js.publish(this.#names.parameters(this.#run, part), message),
        )
      }),
    )
    return count
  }

  async #publish(index: number): Promise<void> {
    const waiting = this.#waiting.get(index)
    if (waiting === undefined) return
    const key = `${index}:${waiting.tries++}`
    await publishJob(this.#server, this.#names, this.#run, index, waiting.job, key, this.#signal)
  }

  /** The sum of a shard, once it has come. */
  async #sum(index: number): Promise<ShardSum> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error
      this.#signal.throwIfAborted()
      const found = this.#found.get(index)
      this.#found.delete(index)
      if (found !== undefined) return sumOf(found)
      await new Promise<void>((resolve) => (this.#arrived = resolve))
    }
  }

  async #follow(): Promise<void> {
    const [names, run] = [this.#names, this.#run]
    const [stream, filter] = [names.resultsStream(run), names.resultsOf(run)]
    await follow(this.#server, stream, filter, this.#signal, async ({ subject, data }) => {
      const whole = this.#assembly.add(subject, data)
      if (whole === undefined || !this.#waiting.delete(whole.index)) return
      this.#take(
        whole.index,
        await readResult(whole.bytes).catch((error: unknown): Result => ({ failure: String(error) })),
      )
    })
  }

  #take(index: number, result: Result): void {
    this.#done += 1
    this.#lastSum = performance.now()
    this.#found.set(index, result)
    this.#arrived()
  }

  async #giveUp(index: number): Promise<void> {
    const { tries, lostAfter } = this.#surroundings.limits
    await removeJob(this.#server, this.#names, this.#run, index, this.#signal)
    if (!this.#waiting.delete(index)) return
    const why = `each time its worker died, or was silent for ${lostAfter} s`
    this.#take(index, { failure: `shard ${index % SHARDS} was given up after ${tries} tries: ${why}` })
  }

  /** Where no sum has come for a while: are there workers? What was lost is published again. */
  async #watchOver(): Promise<void> {
    const { limits, warn } = this.#surroundings
    const pauseMs = 2 * limits.lostAfter * 1000
    const isOver = (): boolean => this.#signal.aborted
    let said = ''
    while (!isOver()) {
      await sleep(Math.min(pauseMs, LONELY_MS), this.#signal)
      const silence = performance.now() - this.#lastSum
      if (isOver() || this.#waiting.size === 0 || silence < Math.min(pauseMs, LONELY_MS)) continue
      const text = describeWorkers(await hear(this.#server.nc, this.#names).catch(() => []))
      if (text !== '' && text !== said) warn(text)
      said = text
      if (text !== '' || silence < pauseMs) continue
      await persistently(this.#signal, () => this.#publishLost())
    }
  }

  /** A job that is on the server still is not lost: a second one would have as many tries again. */
  async #publishLost(): Promise<void> {
    const [names, run] = [this.#names, this.#run]
    const { num_pending: pending, num_ack_pending: given } = await this.#server.jsm.consumers.info(
      names.jobs,
      names.consumer,
    )
    const stored = await storedJobs(this.#server, names.jobs, names.jobsOf(run))
    // One that is there although the server has nothing left to give has been passed over.
    const isPassedOver = pending === 0 && given === 0
    for (const index of this.#waiting.keys()) {
      if (stored.has(index) && !isPassedOver) continue
      await removeJob(this.#server, names, run, index, this.#signal)
      await this.#publish(index)
    }
  }

  async #forgetSums(): Promise<void> {
    const stream = this.#names.resultsStream(this.#run)
    const { state } = await this.#server.jsm.streams.info(stream)
    if (this.#waiting.size === 0) await this.#server.jsm.streams.purge(stream, { seq: state.last_seq })
  }

  async #cleanUp(): Promise<void> {
    const { nc, jsm } = this.#server
    const [names, run] = [this.#names, this.#run]
    for (const each of this.#subscriptions) each.unsubscribe()
    await this.#buckets.runs.delete(names.manifest(run))
    nc.publish(names.stop(run))
    await jsm.streams.delete(names.resultsStream(run))
    await jsm.streams.delete(names.parametersStream(run))
    if (this.#data !== undefined) await forgetData(this.#buckets, [this.#data])
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

interface Waiting {
  readonly job: Uint8Array
  /** how often it has been published */
  tries: number
}

/** @throws Error with why there is none */
function sumOf(result: Result): ShardSum {
  if ('failure' in result && typeof result.failure === 'string') throw new Error(result.failure)
  const { sums, loss } = result as { readonly sums?: unknown; readonly loss?: unknown }
  const isSum = (sums instanceof Float32Array || sums instanceof Float64Array) && typeof loss === 'number'
  if (!isSum) throw new Error('expected the sums of a shard, got another answer')
  return { sums, loss }
}

/** Sums them. */
export const shardsKind: Kind = {
  name: KIND,
  // Gradients do not get smaller.
  isPacked: false,
  open: async (manifest, sources) => {
    const data = record(
      decodePlain(await sources.fetch(digestOf(manifest, 'data'))),
    ) as SharedByShards['data']
    const network = record(manifest.network) as unknown as SharedByShards['network']
    const options = record(manifest.options)
    return new ShardDoer(openShards({ network, data, options }), network.precision === 'f64', sources)
  },
}

class ShardDoer implements Doer {
  readonly #shards: OpenShards
  readonly #isDouble: boolean
  readonly #sources: Sources
  #step = -1
  #parameters: Float32Array | Float64Array = new Float32Array(0)

  constructor(shards: OpenShards, isDouble: boolean, sources: Sources) {
    this.#shards = shards
    this.#isDouble = isDouble
    this.#sources = sources
  }

  async do(job: Uint8Array): Promise<Result> {
    const { step, parts, stream, dropoutKey, first, n } = record(decodePlain(job)) as Record<
      string,
      number
    > & {
      stream: string | undefined
    }
    if (step !== this.#step) {
      this.#parameters = await this.#fetch(step, parts)
      this.#step = step
    }
    return { ...(await this.#shards.sum({ parameters: this.#parameters, stream, dropoutKey, first, n })) }
  }

  /** @throws Superseded where the step is over */
  async #fetch(step: number, parts: number): Promise<Float32Array | Float64Array> {
    const bytes = this.#shards.parameters * (this.#isDouble ? 8 : 4)
    if (!(Number.isSafeInteger(parts) && parts >= 1 && parts <= bytes))
      throw new RangeError('expected parts of parameters')
    const found: Uint8Array[] = []
    for (let part = 0; part < parts; ++part) {
      const message = await this.#sources.parameters(part)
      const said = message.length < STEP_BYTES ? NaN : viewOf(message).getFloat64(0, true)
      if (said > step) throw new Superseded(`step ${step} is over`)
      if (said !== step) throw new NotYet(`step ${step} has not come`)
      found.push(message.subarray(STEP_BYTES))
    }
    const { buffer } = joined(found)
    return this.#isDouble ? new Float64Array(buffer) : new Float32Array(buffer)
  }
}
