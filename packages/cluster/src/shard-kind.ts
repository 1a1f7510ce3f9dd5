/** Sums the shards of a fit, on a worker: of samples that come with the run, or of its own. */
import { openShards, type FitData, type OpenShards, type SharedByShards } from 'deltaprop'
import { NotYet, Superseded, type Doer, type Kind, type Sources } from './kind.js'
import { digestOf, record, unexpected, type Manifest, type Result } from './messages.js'
import { decodePlain } from './plain.js'
import { joined } from './results.js'
import { messageOf } from './thrown.js'

/** Jobs of these kinds: shards of what comes with the run, and of what workers have. */
export const SHARDS_KIND = 'shards'
export const HELD_KIND = 'held shards'

/** Samples that a worker has, by the name of their shard. */
export type HeldShards = Readonly<Record<string, FitData>>

/** What is asked of who has samples, beside sums. */
export const DESCRIBE = { describe: true }

/** A part of the parameters begins with the number of their step. */
export const STEP_BYTES = 8

/** That number as bytes. */
export function headOf(step: number): Uint8Array {
  const head = new Uint8Array(STEP_BYTES)
  viewOf(head).setFloat64(0, step, true)
  return head
}

/** Sums them. */
export const shardsKind: Kind = {
  name: SHARDS_KIND,
  // Gradients do not get smaller.
  isPacked: false,
  open: async (manifest, sources) => {
    const data = record(
      decodePlain(await sources.fetch(digestOf(manifest, 'data'))),
    ) as SharedByShards['data']
    return new ShardDoer(opened(manifest, data), sources)
  },
}

/** Sums those that the worker has; they never leave it. */
export const heldShardsKind = (held: HeldShards): Kind => ({
  name: HELD_KIND,
  isPacked: false,
  open: (manifest, sources) => {
    const { shard } = manifest
    if (typeof shard !== 'string') throw unexpected('the name of a shard', shard)
    if (!Object.hasOwn(held, shard)) {
      throw new RangeError(`shard ${shard}: expected a worker that has it, got one ${describe(held)}`)
    }
    try {
      return Promise.resolve(new HeldDoer(shard, opened(manifest, held[shard]), sources))
    } catch (error) {
      throw new RangeError(`shard ${shard}: ${messageOf(error)}`, {
        cause: error,
      })
    }
  },
})

function describe(held: HeldShards): string {
  const names = Object.keys(held)
  return names.length === 0 ? 'without --shard' : `with ${names.join(', ')}`
}

function opened(manifest: Manifest, data: SharedByShards['data'] | FitData): OpenShards {
  const network = record(manifest.network) as unknown as SharedByShards['network']
  return openShards({ network, data, options: record(manifest.options) })
}

class ShardDoer implements Doer {
  readonly #shards: OpenShards
  readonly #sources: Sources
  #step = -1
  #parameters: Float32Array | Float64Array = new Float32Array(0)

  constructor(shards: OpenShards, sources: Sources) {
    this.#shards = shards
    this.#sources = sources
  }

  async do(job: Uint8Array): Promise<Result> {
    const { step, parts, stream, dropoutKey, offset, first, n } = readJob(job)
    if (step !== this.#step) {
      this.#parameters = await this.#fetch(step, parts)
      this.#step = step
    }
    const request = { parameters: this.#parameters, stream, dropoutKey, offset, first, n }
    return { ...(await this.#shards.sum(request)) }
  }

  /** @throws Superseded where the step is over */
  async #fetch(step: number, parts: number): Promise<Float32Array | Float64Array> {
    const { parameters: count, precision } = this.#shards
    const bytes = count * (precision === 'f64' ? 8 : 4)
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
    return precision === 'f64' ? new Float64Array(buffer) : new Float32Array(buffer)
  }
}

/** Says what it has, and sums it as long as that is what the fit began with. */
class HeldDoer implements Doer {
  readonly #shard: string
  readonly #shards: OpenShards
  readonly #sums: ShardDoer

  constructor(shard: string, shards: OpenShards, sources: Sources) {
    this.#shard = shard
    this.#shards = shards
    this.#sums = new ShardDoer(shards, sources)
  }

  do(job: Uint8Array): Promise<Result> {
    const { describe, fingerprint } = readJob(job)
    const { samples } = this.#shards
    const own = this.#shards.fingerprint()
    if (describe === true) return Promise.resolve({ samples, fingerprint: own })
    if (fingerprint === own) return this.#sums.do(job)
    throw new RangeError(`shard ${this.#shard}: expected the samples that the fit began with, got others`)
  }
}

/** A job, not checked yet: what is wrong with it is found where it is used. */
interface ShardJob {
  readonly step: number
  readonly parts: number
  readonly stream: string | undefined
  readonly dropoutKey: number
  readonly offset: number | undefined
  readonly first: number
  readonly n: number
  /** of shards that workers have */
  readonly describe?: unknown
  readonly fingerprint?: unknown
}

function readJob(job: Uint8Array): ShardJob {
  return record(decodePlain(job)) as unknown as ShardJob
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
