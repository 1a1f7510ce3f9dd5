/** What there is on the server of a run, as far as its coordinator asks for it. */
import type { JetStreamManager, MsgRequest, StoredMsg } from '@nats-io/jetstream'
import { placeOf, type Names, type Place } from './names.js'
import { unlessMissing } from './patience.js'

export class RunInventory {
  readonly #jsm: JetStreamManager
  readonly #names: Names
  readonly #run: string

  constructor(jsm: JetStreamManager, names: Names, run: string) {
    this.#jsm = jsm
    this.#names = names
    this.#run = run
  }

  /** The jobs that are on the server. */
  async jobs(): Promise<Set<number>> {
    const places = await this.#places(this.#names.jobs, this.#names.jobsOf(this.#run))
    return new Set(places.map(({ index }) => index))
  }

  /** The jobs that have results, all parts of them. */
  async results(): Promise<Set<number>> {
    const places = await this.#places(this.#names.resultsStream(this.#run), this.#names.resultsOf(this.#run))
    const parts = new Map<string, number>()
    const whole = new Set<number>()
    for (const { index, parts: count } of places) {
      const key = `${index}.${count}`
      const found = (parts.get(key) ?? 0) + 1
      parts.set(key, found)
      if (found === count) whole.add(index)
    }
    return whole
  }

  async #places(stream: string, filter: string): Promise<Place[]> {
    const { state } = await this.#jsm.streams.info(stream, { subjects_filter: filter })
    return Object.keys(state.subjects ?? {}).flatMap((subject) => placeOf(subject) ?? [])
  }

  /** Whether no job, of this run or another, waits for a worker, or is with one: what is there still is given to nobody. */
  async isIdle(): Promise<boolean> {
    const { consumers } = this.#jsm
    const { num_pending: waiting, num_ack_pending: given } = await consumers.info(
      this.#names.jobs,
      this.#names.consumer,
    )
    return waiting === 0 && given === 0
  }

  /** Takes a job off the server that it gives to nobody. */
  async removeJob(index: number): Promise<void> {
    const job = await this.#job({ last_by_subj: this.#names.job(this.#run, index) })
    if (job !== null) await this.#delete(this.#names.jobs, job.seq)
  }

  /**
   * The job, of any run, that an advisory is about, if it is there still: another may have its number, where the server has
   * lost it.
   */
  async jobOfAdvisory(bytes: Uint8Array): Promise<Place | undefined> {
    const advisory = advisoryOf(bytes)
    if (advisory === undefined) return undefined
    const job = await this.#job({ seq: advisory.sequence })
    return job === null || job.time.getTime() > advisory.time ? undefined : placeOf(job.subject)
  }

  /** @param seq of the advisory in its stream */
  async removeAdvisory(seq: number): Promise<void> {
    await this.#delete(this.#names.givenUp, seq)
  }

  #job(query: MsgRequest): Promise<StoredMsg | null> {
    const { streams } = this.#jsm
    return unlessMissing(null, () => streams.getMessage(this.#names.jobs, query))
  }

  #delete(stream: string, seq: number): Promise<boolean> {
    return unlessMissing(false, () => this.#jsm.streams.deleteMessage(stream, seq))
  }
}

interface Advisory {
  /** of the job that it is about, in its stream */
  readonly sequence: number
  /** of the server, in milliseconds since 1970 */
  readonly time: number
}

function advisoryOf(bytes: Uint8Array): Advisory | undefined {
  try {
    const { stream_seq: sequence, timestamp } = JSON.parse(new TextDecoder().decode(bytes)) as {
      readonly stream_seq?: unknown
      readonly timestamp?: unknown
    }
    const time = Date.parse(String(timestamp))
    return typeof sequence === 'number' && Number.isFinite(time) ? { sequence, time } : undefined
  } catch {
    return undefined
  }
}
