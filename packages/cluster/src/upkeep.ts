/**
 * Keeps on a server what a run needs there. A server that is killed, or that somebody tidies up, may have lost some of it:
 * it is given it again, and who reads a stream begins anew, as it gives the numbers of lost messages to others.
 */
import { DeliverPolicy, type ConsumerMessages, type JetStreamClient, type JsMsg } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import { isMissing, LostError, mayPass, persistently, sleep } from './patience.js'
import { onReconnect } from './reconnects.js'
import { clean } from './roll-call.js'

/** Before a stream is read anew, in milliseconds. */
const PAUSE_MS = 50

export class Upkeep {
  readonly #signal: AbortSignal
  readonly #setUp: () => Promise<void>
  readonly #tell: (why: string) => void
  readonly #unheard: () => void
  /** what ends readers */
  readonly #stops = new Set<() => void>()
  #restoring: Promise<void> | undefined
  /** what is being made on the server, which no signal stops */
  #making: Promise<unknown> = Promise.resolve()
  /** how often something may have been lost */
  #losses = 0

  /**
   * @param signal ends it, and what it is asked for
   * @param setUp makes what is not there, at one go
   * @param warn told where the server is waited for
   */
  constructor(
    nc: NatsConnection,
    signal: AbortSignal,
    setUp: () => Promise<void>,
    warn: (text: string) => void,
  ) {
    this.#signal = signal
    this.#setUp = setUp
    this.#tell = tellOnce(warn)
    this.#unheard = onReconnect(nc, () => this.#lose())
  }

  /** Tries until the server does it. */
  persist<T>(what: () => Promise<T>): Promise<T> {
    return persistently(this.#signal, what, this.#tell)
  }

  /** What the server has not, it is given. Who asks meanwhile waits for the same. */
  restore(): Promise<void> {
    this.#restoring ??= this.persist(() => {
      const made = this.#setUp()
      this.#making = made.catch(() => undefined)
      return made.catch(asLoss)
    }).finally(() => (this.#restoring = undefined))
    return this.#restoring
  }

  /** Asks the server, until it answers; what it lacks it is given again. */
  ask<T>(what: () => Promise<T>): Promise<T> {
    return this.persist(async () => {
      try {
        return await what()
      } catch (error) {
        if (isMissing(error)) {
          await this.restore()
          this.#lose()
        }
        return asLoss(error)
      }
    })
  }

  /**
   * Reads a stream from its beginning on, as often as something may have been lost.
   *
   * @param take takes each message, some of them twice
   */
  async read(
    js: JetStreamClient,
    stream: string,
    filter: string,
    take: (message: JsMsg) => Promise<void>,
  ): Promise<void> {
    const signal = this.#signal
    let messages: ConsumerMessages | undefined
    const stop = (): void => messages?.stop()
    const isOver = (): boolean => signal.aborted
    this.#stops.add(stop)
    signal.addEventListener('abort', stop)
    try {
      for (let isFirst = true; !isOver(); isFirst = false) {
        const losses = this.#losses
        if (!isFirst) {
          await sleep(PAUSE_MS, signal)
          await this.restore()
        }
        messages = await this.ask(async () => {
          const start = { filter_subjects: filter, deliver_policy: DeliverPolicy.All }
          const consumer = await js.consumers.get(stream, start)
          return consumer.consume({ max_messages: 100 })
        })
        // There was one while it began.
        if (this.#losses !== losses) messages.stop()
        for await (const message of untilTheServerGoes(messages)) {
          if (isOver()) return
          await take(message)
        }
      }
    } finally {
      this.#stops.delete(stop)
      signal.removeEventListener('abort', stop)
      messages?.stop()
    }
  }

  /** Once nothing is being made any more, after the signal. */
  async settled(): Promise<void> {
    await this.#making
  }

  /** No connection is listened to any more. */
  end(): void {
    this.#unheard()
  }

  #lose(): void {
    this.#losses += 1
    for (const stop of this.#stops) stop()
  }
}

/** @returns a function that says why the server is waited for; what many wait for at once, or soon after, is said once */
export function tellOnce(warn: (text: string) => void): (why: string) => void {
  let [said, last] = ['', -Infinity]
  return (why) => {
    const text = `waiting for the server: ${clean(why, 200)}`
    const now = performance.now()
    if (text !== said || now - last > AGAIN_MS) warn(text)
    said = text
    last = now
  }
}

/** After so long, in milliseconds, the same is news. */
const AGAIN_MS = 60_000

/** What is not there may be there again. @throws what it is given, or that */
function asLoss(error: unknown): never {
  throw isMissing(error) ? new LostError('what it had is not there', { cause: error }) : error
}

async function* untilTheServerGoes(messages: ConsumerMessages): AsyncGenerator<JsMsg, void> {
  try {
    yield* messages
  } catch (error) {
    if (!isMissing(error) && !mayPass(error)) throw error
  }
}
