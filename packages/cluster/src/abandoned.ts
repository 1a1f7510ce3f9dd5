/** What programs that have died leave on the server: runs that nobody coordinates, and the jobs and data of no run. */
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { Kvm, type KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/nats-core'
import { readManifest } from './messages.js'
import { placeOf, type Names } from './names.js'
import { unlessMissing } from './patience.js'
import { hear } from './roll-call.js'
import type { CoordinatorState } from './run-books.js'
import { openStore } from './store.js'
import type { Buckets } from './streams.js'

/** A run that nobody coordinates. */
export interface AbandonedRun {
  readonly run: string
  /** of its jobs; empty where that is lost */
  readonly kind: string
  /** messages of results that are kept */
  readonly results: number
}

/** What has been taken off the server. */
export interface Forgotten {
  readonly runs: readonly AbandonedRun[]
  readonly jobs: number
  /** of data, how many */
  readonly data: number
}

/** @param coordinators that have answered */
export async function abandonedRuns(
  jsm: JetStreamManager,
  nc: NatsConnection,
  names: Names,
  coordinators: readonly CoordinatorState[],
): Promise<AbandonedRun[]> {
  const manifests = await unlessMissing(new Map<string, Uint8Array>(), async () =>
    manifestsOf(await new Kvm(nc).open(names.runs), names),
  )
  /** by run */
  const results = new Map(Array.from(manifests.keys(), (run) => [run, 0]))
  for await (const { config, state } of jsm.streams.list()) {
    const found = names.runOfStream(config.name)
    if (found === undefined) continue
    const more = found.isOfResults ? state.messages : 0
    results.set(found.run, (results.get(found.run) ?? 0) + more)
  }
  for (const { run } of coordinators) results.delete(run)
  return Array.from(results, ([run, count]) => ({ run, kind: kindOf(manifests.get(run)), results: count }))
}

/**
 * Takes runs that nobody coordinates off the server, and then all jobs and data of no run.
 *
 * @param chosen the first digits of runs; all that nobody coordinates if there are none
 * @throws RangeError for one that somebody coordinates, and one that is not there
 */
export async function forgetAbandoned(
  nc: NatsConnection,
  names: Names,
  chosen: readonly string[],
): Promise<Forgotten> {
  const jsm = await jetstreamManager(nc)
  // Twice, as one that is busy may not answer in time.
  const answers = [...(await hear(nc, names)), ...(await hear(nc, names))]
  const coordinators = answers.flatMap((answer) => (answer.role === 'coordinator' ? [answer] : []))
  const abandoned = await abandonedRuns(jsm, nc, names, coordinators)
  for (const start of chosen) checkChoice(start, abandoned, coordinators)
  const runs = abandoned.filter(
    ({ run }) => chosen.length === 0 || chosen.some((start) => run.startsWith(start)),
  )
  return unlessMissing({ runs, jobs: 0, data: 0 }, async () => {
    const buckets = { runs: await new Kvm(nc).open(names.runs), data: await openStore(nc, names, false) }
    for (const { run } of runs) {
      await buckets.runs.delete(names.lease(run))
      await forgetRun({ nc, jsm, buckets }, names, run, [names.parametersStream(run)])
    }
    const manifests = await manifestsOf(buckets.runs, names)
    const jobs = await forgetJobs(jsm, names, (run) => !manifests.has(run))
    const kept: string[] = []
    for (const { name, deleted } of await buckets.data.list()) if (!deleted) kept.push(name)
    return { runs, jobs, data: await forgetData(buckets, names, kept) }
  })
}

function checkChoice(
  start: string,
  abandoned: readonly AbandonedRun[],
  coordinators: readonly CoordinatorState[],
): void {
  if (abandoned.some(({ run }) => run.startsWith(start))) return
  const known = abandoned.map(({ run }) => run.slice(0, 8)).join(', ')
  const owner = coordinators.find(({ run }) => run.startsWith(start))
  const got = owner === undefined ? start : `${start}, which ${owner.host} coordinates`
  throw new RangeError(`runs: expected one that nobody coordinates${known && `, of ${known}`}, got ${got}`)
}

/** Takes a run off the server. @param streams of its own, beside results */
export async function forgetRun(
  {
    nc,
    jsm,
    buckets,
  }: { readonly nc: NatsConnection; readonly jsm: JetStreamManager; readonly buckets: Buckets },
  names: Names,
  run: string,
  streams: readonly string[],
): Promise<void> {
  await buckets.runs.delete(names.manifest(run))
  // Workers drop the jobs of a run that is over. (Purging them by subject makes nats-server 2.9 pass over jobs of others.)
  nc.publish(names.stop(run))
  for (const stream of [names.resultsStream(run), ...streams]) {
    await unlessMissing(false, () => jsm.streams.delete(stream))
  }
}

/** Takes data off the server, unless a run needs them. @param digests theirs @returns how many it has taken */
export async function forgetData(
  { runs, data }: Buckets,
  names: Names,
  digests: Iterable<string>,
): Promise<number> {
  const text = new TextDecoder()
  const manifests = Array.from(await manifestsOf(runs, names), ([, bytes]) => text.decode(bytes))
  const needless = Array.from(digests).filter(
    (digest) => !manifests.some((manifest) => manifest.includes(digest)),
  )
  for (const digest of needless) await data.delete(digest)
  return needless.length
}

/** Takes jobs off the server, of any version. @returns how many */
async function forgetJobs(
  { streams }: JetStreamManager,
  names: Names,
  isOver: (run: string) => boolean,
): Promise<number> {
  const { state } = await streams.info(names.jobs, { subjects_filter: names.allJobs })
  const subjects = Object.keys(state.subjects ?? {}).filter((subject) => {
    const place = placeOf(subject)
    return place === undefined || isOver(place.run)
  })
  for (const subject of subjects) {
    await unlessMissing(false, async () => {
      const job = await streams.getMessage(names.jobs, { last_by_subj: subject })
      return job !== null && (await streams.deleteMessage(names.jobs, job.seq))
    })
  }
  return subjects.length
}

/** By run. */
async function manifestsOf(runs: KV, names: Names): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  for await (const key of await runs.keys(names.manifest('*'))) {
    const entry = await runs.get(key)
    if (entry?.operation === 'PUT') found.set(key.slice(names.manifest('').length), entry.value)
  }
  return found
}

function kindOf(manifest: Uint8Array | undefined): string {
  try {
    return manifest === undefined ? '' : readManifest(manifest).kind
  } catch {
    return ''
  }
}
