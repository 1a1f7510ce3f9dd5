/** Takes off the server what nobody needs any more. */
import type { JetStreamManager } from '@nats-io/jetstream'
import type { KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/nats-core'
import { placeOf, type Names } from './names.js'
import { unlessMissing } from './patience.js'
import type { Buckets } from './streams.js'

/** A run as a whole. @param streams of its own, beside results */
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

/** Data, unless a run needs them. @param digests theirs @returns how many it has taken */
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

/** Jobs, of any version, of runs that have no manifest. @returns how many it has taken */
export async function forgetJobs({ streams }: JetStreamManager, runs: KV, names: Names): Promise<number> {
  const { state } = await streams.info(names.jobs, { subjects_filter: names.allJobs })
  // Read later: a run has its manifest before its jobs.
  const manifests = await manifestsOf(runs, names)
  const subjects = Object.keys(state.subjects ?? {}).filter((subject) => {
    const place = placeOf(subject)
    return place === undefined || !manifests.has(place.run)
  })
  for (const subject of subjects) {
    await unlessMissing(false, async () => {
      const job = await streams.getMessage(names.jobs, { last_by_subj: subject })
      return job !== null && (await streams.deleteMessage(names.jobs, job.seq))
    })
  }
  return subjects.length
}

/** Of all runs. */
export async function manifestsOf(runs: KV, names: Names): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  for await (const key of await runs.keys(names.manifest('*'))) {
    const entry = await runs.get(key)
    if (entry?.operation === 'PUT') found.set(key.slice(names.manifest('').length), entry.value)
  }
  return found
}
