/** The streams and buckets of a cluster, and everything that the server sees to: which is most of it. */
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
} from '@nats-io/jetstream'
import { Kvm, type KV } from '@nats-io/kv'
import { nanos, type NatsConnection } from '@nats-io/nats-core'
import type { ObjectStore } from '@nats-io/obj'
import type { Names } from './names.js'
import { isCode, sleep, unlessMissing } from './patience.js'
import { openStore } from './store.js'

/** What a cluster promises its jobs. */
export interface JobLimits {
  /** seconds without a sign of life after which a worker counts as lost, and its job goes to another one */
  readonly lostAfter: number
  /** how many workers a job may be given to before it is given up */
  readonly tries: number
  /** jobs that wait on the server, at most; more wait at the coordinator */
  readonly queue: number
}

/** A job published twice within this time is stored once, in seconds. */
const DUPLICATES = 120
/** How long the server remembers that a job was given up, in seconds. */
const GIVEN_UP = 7 * 86_400

/** What a coordinator works with. */
export interface Buckets {
  readonly runs: KV
  readonly data: ObjectStore
}

/** By connection and name of a cluster, what is being set up. */
const settingUp = new WeakMap<NatsConnection, Map<string, Promise<Buckets>>>()

/** Makes what is not there yet, and changes what is set up otherwise. Runs that ask for it at once share it. */
export function setUp(
  nc: NatsConnection,
  jsm: JetStreamManager,
  names: Names,
  limits: JobLimits,
): Promise<Buckets> {
  const all = settingUp.get(nc) ?? new Map<string, Promise<Buckets>>()
  settingUp.set(nc, all)
  const known = all.get(names.name)
  if (known !== undefined) return known
  const started = unlessRacing(() => setUpNow(nc, jsm, names, limits)).finally(() => all.delete(names.name))
  all.set(names.name, started)
  return started
}

/**
 * Of coordinators that make a stream at once, the server may tell one that its subjects are those of another stream: it is
 * there when that one tries again. Where another stream has them, it never is.
 */
async function unlessRacing<T>(make: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; ++tries) {
    try {
      return await make()
    } catch (error) {
      if (!isCode(error, SUBJECTS_OVERLAP) || tries === RACES) throw error
      await sleep(RACE_MS)
    }
  }
}

const SUBJECTS_OVERLAP = 10065
/** Tries to make all streams, and the time between two, in milliseconds. */
const RACES = 5
const RACE_MS = 100

async function setUpNow(
  nc: NatsConnection,
  jsm: JetStreamManager,
  names: Names,
  limits: JobLimits,
): Promise<Buckets> {
  const file = { storage: StorageType.File }
  const jobs = {
    subjects: [names.allJobs],
    // A job is gone when a worker has said that it is done. When the queue is full, the coordinator waits.
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    max_msgs: limits.queue,
    duplicate_window: nanos(DUPLICATES * 1000),
  }
  await add(jsm, names.jobs, { ...file, ...jobs })
  const givenUp = { subjects: [names.advisories], max_age: nanos(GIVEN_UP * 1000), max_msgs: 100_000 }
  await add(jsm, names.givenUp, { ...file, ...givenUp })
  await addConsumer(jsm, names.jobs, names.consumer, {
    filter_subject: names.jobsOfVersion,
    deliver_policy: DeliverPolicy.All,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(limits.lostAfter * 1000),
    max_deliver: limits.tries,
    // Each worker takes one; the default, 1000, would be the number of workers.
    max_ack_pending: 100_000,
  })
  return makeBuckets(nc, names)
}

/** Makes those that are not there. */
export async function makeBuckets(nc: NatsConnection, names: Names): Promise<Buckets> {
  const runs = await new Kvm(nc).create(names.runs, { storage: StorageType.File as never, history: 1 })
  return { runs, data: await openStore(nc, names, true) }
}

/** Makes the stream of a run's results, unless another coordinator of the run has. */
export async function setUpResults(jsm: JetStreamManager, names: Names, run: string): Promise<void> {
  const subjects = [names.resultsOf(run)]
  await add(jsm, names.resultsStream(run), { storage: StorageType.File, subjects })
}

/** Makes the stream of a run's parameters, which keeps the last of each part; in a file, as servers are started anew. */
export async function setUpParameters(jsm: JetStreamManager, names: Names, run: string): Promise<void> {
  const subjects = [names.parametersOf(run)]
  const kept = { storage: StorageType.File, max_msgs_per_subject: 1, allow_direct: true }
  await add(jsm, names.parametersStream(run), { subjects, ...kept })
}

/** Changes it if it is there with other limits: those of the last coordinator hold for all. */
async function addConsumer(
  jsm: JetStreamManager,
  stream: string,
  name: string,
  config: Partial<ConsumerConfig>,
): Promise<void> {
  if (await isAheadOf(jsm, stream, name)) {
    await unlessMissing(false, () => jsm.consumers.delete(stream, name))
  }
  try {
    await jsm.consumers.add(stream, { ...config, durable_name: name })
  } catch (error) {
    if (!isCode(error, CONSUMER_EXISTS) && !isCode(error, CONSUMER_NAME_IN_USE)) throw error
    await jsm.consumers.update(stream, name, config)
  }
}

/**
 * Whether a consumer has given out messages that its stream never had: a server that has lost the last of a stream gives
 * their numbers to others, and the consumer would pass over those.
 */
async function isAheadOf(jsm: JetStreamManager, stream: string, name: string): Promise<boolean> {
  const consumer = await unlessMissing(undefined, () => jsm.consumers.info(stream, name))
  if (consumer === undefined) return false
  // Asked for later, so that what has been given out meanwhile is in it.
  const { state } = await jsm.streams.info(stream)
  return consumer.delivered.stream_seq > state.last_seq
}

/** Of another server's words: 2.9 changes a consumer that is added again, later ones refuse. */
const CONSUMER_EXISTS = 10148
const CONSUMER_NAME_IN_USE = 10013

async function add(
  jsm: JetStreamManager,
  name: string,
  config: Parameters<JetStreamManager['streams']['add']>[0] extends infer C
    ? Omit<C & object, 'name'>
    : never,
): Promise<void> {
  try {
    await jsm.streams.add({ ...config, name })
  } catch (error) {
    // It is there, set up otherwise: by another coordinator with other limits.
    if (!isCode(error, STREAM_NAME_IN_USE)) throw error
    await jsm.streams.update(name, config)
  }
}

const STREAM_NAME_IN_USE = 10058
