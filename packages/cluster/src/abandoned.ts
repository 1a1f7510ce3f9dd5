/** Runs that nobody coordinates: programs that have died leave them on the server, with jobs and data of no run. */
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { Kvm, type KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/nats-core'
import { forgetData, forgetJobs, forgetRun, manifestsOf } from './forgetting.js'
import { renewalOf } from './lease.js'
import { readManifest } from './messages.js'
import type { Names } from './names.js'
import { sleep, unlessMissing } from './patience.js'
import { hear, type Answer } from './roll-call.js'
import { makeBuckets } from './streams.js'

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

/**
 * The runs on the server, some of which may be coordinated. Who begins one answers before there is anything of it: whoever
 * is asked later, and does not answer, has left it.
 */
export async function runsOn(
  jsm: JetStreamManager,
  nc: NatsConnection,
  names: Names,
): Promise<AbandonedRun[]> {
  const manifests = await unlessMissing(new Map<string, Uint8Array>(), async () => {
    await jsm.streams.info(`KV_${names.runs}`)
    return manifestsOf(await new Kvm(nc).open(names.runs), names)
  })
  /** by run */
  const results = new Map(Array.from(manifests.keys(), (run) => [run, 0]))
  for await (const { config, state } of jsm.streams.list()) {
    const found = names.runOfStream(config.name)
    if (found === undefined) continue
    const more = found.isOfResults ? state.messages : 0
    results.set(found.run, (results.get(found.run) ?? 0) + more)
  }
  return Array.from(results, ([run, count]) => ({ run, kind: kindOf(manifests.get(run)), results: count }))
}

/** Those that nobody of these coordinates. */
export function withoutCoordinator(
  runs: readonly AbandonedRun[],
  answers: readonly Answer[],
): AbandonedRun[] {
  return runs.filter(({ run }) => !answers.some((each) => each.role === 'coordinator' && each.run === run))
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
  const buckets = await makeBuckets(nc, names)
  const there = await runsOn(jsm, nc, names)
  const leases = await leasesOf(buckets.runs, names, there)
  // Twice, as one that is busy may not answer in time; and who renews a lease is there, too.
  const answers = [...(await hear(nc, names)), ...(await hear(nc, names))]
  await sleep(Math.max(0, ...Array.from(leases.values(), ({ renewMs }) => 1.5 * renewMs)))
  const later = await leasesOf(buckets.runs, names, there)
  const abandoned = withoutCoordinator(there, answers).filter(
    ({ run }) => leases.get(run)?.revision === later.get(run)?.revision,
  )
  for (const start of chosen) checkChoice(start, abandoned, answers)
  const runs = abandoned.filter(
    ({ run }) => chosen.length === 0 || chosen.some((start) => run.startsWith(start)),
  )
  for (const { run } of runs) {
    const revision = later.get(run)?.revision
    if (revision !== undefined) await buckets.runs.delete(names.lease(run), { previousSeq: revision })
    await forgetRun({ nc, jsm, buckets }, names, run, [names.parametersStream(run)])
  }
  const kept: string[] = []
  for (const { name, deleted } of await buckets.data.list()) if (!deleted) kept.push(name)
  const data = await forgetData(buckets, names, kept)
  return { runs, jobs: await unlessMissing(0, () => forgetJobs(jsm, buckets.runs, names)), data }
}

function checkChoice(start: string, abandoned: readonly AbandonedRun[], answers: readonly Answer[]): void {
  if (abandoned.some(({ run }) => run.startsWith(start))) return
  const known = abandoned.map(({ run }) => run.slice(0, 8)).join(', ')
  const owner = answers.find((each) => each.role === 'coordinator' && each.run.startsWith(start))
  const got = owner === undefined ? start : `${start}, which ${owner.host} coordinates`
  throw new RangeError(`runs: expected one that nobody coordinates${known && `, of ${known}`}, got ${got}`)
}

/** Of these runs, those of selections and files have one. */
async function leasesOf(
  runs: KV,
  names: Names,
  there: readonly AbandonedRun[],
): Promise<Map<string, { readonly revision: number; readonly renewMs: number }>> {
  const found = new Map<string, { revision: number; renewMs: number }>()
  for (const { run } of there) {
    const entry = await runs.get(names.lease(run))
    if (entry?.operation !== 'PUT') continue
    found.set(run, { revision: entry.revision, renewMs: renewalOf(entry.string()) })
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
