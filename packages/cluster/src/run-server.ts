/** What a worker has of a run on the server: how it is divided, data, parameters; and where its results go. */
import { jetstreamManager, type JetStreamClient } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/nats-core'
import { maxMessageBytes } from './limits.js'
import { Superseded, type Sources } from './kind.js'
import { readManifest, writeResult, type Manifest, type Result } from './messages.js'
import type { Names } from './names.js'
import {
  ForbiddenError,
  isCode,
  isMissing,
  persistently,
  sleep,
  unlessMissing,
  WRONG_LAST_SEQUENCE,
} from './patience.js'
import { partsOf, type Part } from './results.js'
import { CorruptError, getData } from './store.js'

/** Between two looks for data that are not there, in milliseconds, and how many. */
const DATA_MS = 500
const DATA_TRIES = 120

/** The run has ended meanwhile. */
export class NoRun extends Superseded {}

/** The data of a run are not there; its coordinator has been asked for them. */
export class NoData extends Error {}

/** A run, as a worker sees it. */
export class RunServer implements Sources {
  readonly #nc: NatsConnection
  readonly #js: JetStreamClient
  readonly #names: Names
  readonly #run: string
  readonly #signal: AbortSignal

  constructor(nc: NatsConnection, js: JetStreamClient, names: Names, run: string, signal: AbortSignal) {
    this.#nc = nc
    this.#js = js
    this.#names = names
    this.#run = run
    this.#signal = signal
  }

  /** @throws NoRun */
  async manifest(): Promise<Manifest> {
    return readManifest(await persistently(this.#signal, () => this.#entry()))
  }

  /**
   * Data that are not there are asked for, and waited for: a job that went back to the queue meanwhile would use up its
   * tries.
   *
   * @throws NoData after a minute; CorruptError; NoRun
   */
  readonly fetch = async (digest: string): Promise<Uint8Array> => {
    for (let tries = 0; tries < DATA_TRIES; ++tries) {
      const bytes = await persistently(this.#signal, () => getData(this.#nc, this.#names, digest)).catch(
        (error: unknown) => {
          this.#signal.throwIfAborted()
          if (error instanceof CorruptError || error instanceof ForbiddenError) throw error
          return undefined
        },
      )
      if (bytes !== undefined) return bytes
      await persistently(this.#signal, () => this.#entry())
      this.#nc.publish(this.#names.need(this.#run))
      await sleep(DATA_MS, this.#signal)
    }
    throw new NoData()
  }

  /** @throws NoRun */
  readonly parameters = async (part: number): Promise<Uint8Array> => {
    const subject = this.#names.parameters(this.#run, part)
    return persistently(this.#signal, async () => {
      const { direct } = await jetstreamManager(this.#nc, { checkAPI: false })
      try {
        const message = await direct.getMessage(this.#names.parametersStream(this.#run), {
          last_by_subj: subject,
        })
        if (message !== null) return message.data
      } catch (error) {
        if (!isMissing(error)) await this.#entry()
        throw error
      }
      throw new NoRun('its parameters are gone')
    })
  }

  /**
   * The first result of a job counts; one that comes later is the same, and is dropped.
   *
   * @returns whether this was the first
   * @throws NoRun where there is nobody to take results any more
   */
  async say(index: number, result: Result, isPacked: boolean): Promise<boolean> {
    const bytes = await writeResult(result, isPacked)
    let isFirst = true
    for (const part of partsOf(this.#names, this.#run, index, bytes, maxMessageBytes(this.#nc))) {
      isFirst = await persistently(this.#signal, () => this.#publish(part))
    }
    return isFirst
  }

  async #publish({ subject, bytes }: Part): Promise<boolean> {
    try {
      await this.#js.publish(subject, bytes, { expect: { lastSubjectSequence: 0 } })
      return true
    } catch (error) {
      if (isCode(error, WRONG_LAST_SEQUENCE)) return false
      await this.#entry()
      throw error
    }
  }

  async #entry(): Promise<Uint8Array> {
    const runs = await new Kvm(this.#nc).open(this.#names.runs)
    // Where even the bucket is gone, its coordinator publishes the job again.
    const entry = await unlessMissing(null, () => runs.get(this.#names.manifest(this.#run)))
    if (entry === null || entry.operation !== 'PUT') throw new NoRun('the run has ended')
    return entry.value
  }
}
