/** Sums the shards of a fit, on a worker. */
import { openShards, type OpenShards, type SharedByShards } from 'deltaprop'
import { NotYet, Superseded, type Doer, type Kind, type Sources } from './kind.js'
import { digestOf, record, type Result } from './messages.js'
import { decodePlain } from './plain.js'
import { joined } from './results.js'

/** Jobs of this kind. */
export const SHARDS_KIND = 'shards'

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

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
