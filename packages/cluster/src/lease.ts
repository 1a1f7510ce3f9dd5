import type { KV, KvEntry } from '@nats-io/kv'
import { isCode, persistently, sleep, within, WRONG_LAST_SEQUENCE } from './patience.js'

/** For the last renewal to end, in milliseconds; the server may be gone. */
const END_MS = 1000
/** Renewals that may be missed. */
const MISSED = 3

/**
 * The right to coordinate a run: an entry that its owner renews, each time at the revision that it wrote last, so that the
 * server sees to it that there is one owner. No two clocks are compared: whoever waits looks for a renewal in its own time.
 */
export class Lease {
  readonly #runs: KV
  readonly #key: string
  readonly #renewMs: number
  readonly #describe: () => string
  #revision: number
  #ended = new AbortController()
  /** whether another has taken it */
  isLost = false
  /** rejects then */
  readonly lost: Promise<never>
  readonly #renewals: Promise<void>

  private constructor(runs: KV, key: string, revision: number, renewMs: number, describe: () => string) {
    this.#runs = runs
    this.#key = key
    this.#renewMs = renewMs
    this.#describe = describe
    this.#revision = revision
    this.#renewals = this.#renewAll()
    this.lost = new Promise((_, reject) => {
      this.#renewals.catch((error: unknown) => {
        this.isLost = true
        reject(error instanceof Error ? error : new Error(String(error)))
      })
    })
    this.lost.catch(() => undefined)
  }

  /**
   * Waits until nobody else has it.
   *
   * @param describe what the entry says, at each renewal
   * @param ask asks the server, until it answers
   * @param onWait called once, if somebody has it, with what the entry says
   */
  static async acquire(
    runs: KV,
    key: string,
    renewMs: number,
    describe: () => string,
    signal: AbortSignal,
    ask: <T>(what: () => Promise<T>) => Promise<T>,
    onWait: (says: string) => void,
  ): Promise<Lease> {
    let isWaiting = false
    const look = (): Promise<KvEntry | null> => ask(() => runs.get(key))
    for (;;) {
      const entry = await look()
      const held = entry !== null && entry.operation === 'PUT' ? entry : undefined
      const revision = await taken(runs, key, describe(), signal, held?.revision, async () => {
        // One that somebody had is gone without having been given back: the server has lost it, and its owner renews it.
        const isLost = entry === null && isWaiting
        if (held === undefined && !isLost) return true
        if (held !== undefined && !isWaiting) onWait(held.string())
        isWaiting = true
        await sleep(MISSED * Math.max(renewMs, held === undefined ? 0 : renewalOf(held.string())), signal)
        const later = await look()
        return later?.revision === held?.revision
      })
      if (revision !== undefined) return new Lease(runs, key, revision, renewMs, describe)
      signal.throwIfAborted()
    }
  }

  async #renewAll(): Promise<void> {
    const { signal } = this.#ended
    for (;;) {
      await sleep(this.#renewMs, signal)
      if (signal.aborted) return
      const renewed = await persistently(signal, () =>
        this.#runs.update(this.#key, this.#describe(), this.#revision).catch((error: unknown) => {
          if (isCode(error, WRONG_LAST_SEQUENCE)) return this.#renewedAlready()
          throw error
        }),
      ).catch((error: unknown) => {
        if (signal.aborted) return undefined
        throw error
      })
      if (renewed === undefined) return
      this.#revision = renewed
    }
  }

  /** Where the answer to a renewal was lost, the entry is this owner's all the same; or there is none. */
  async #renewedAlready(): Promise<number> {
    const entry = await this.#runs.get(this.#key)
    // The server has lost it, with its disk or a part of it.
    if (entry === null || entry.operation !== 'PUT') return this.#runs.create(this.#key, this.#describe())
    if (ownerOf(entry.string()) === ownerOf(this.#describe())) return entry.revision
    throw new RangeError(
      'on: expected to coordinate this run alone, but another coordinator has taken it over',
    )
  }

  /** Gives it back, unless somebody else has it. */
  async end(): Promise<void> {
    this.#ended.abort()
    // One that is on its way has another revision.
    await within(this.#renewals, END_MS).catch(() => undefined)
    await this.#runs.delete(this.#key, { previousSeq: this.#revision }).catch(() => undefined)
  }
}

/** @returns the revision of the entry; undefined if somebody else was faster */
async function taken(
  runs: KV,
  key: string,
  says: string,
  signal: AbortSignal,
  revision: number | undefined,
  isFree: () => Promise<boolean>,
): Promise<number | undefined> {
  if (!(await isFree())) return undefined
  try {
    return await persistently(signal, () =>
      revision === undefined ? runs.create(key, says) : runs.update(key, says, revision),
    )
  } catch (error) {
    if (isCode(error, WRONG_LAST_SEQUENCE)) return undefined
    throw error
  }
}

/** How often who wrote an entry renews it, in milliseconds. */
export function renewalOf(says: string): number {
  const { renewMs } = entryOf(says)
  return typeof renewMs === 'number' && renewMs > 0 && renewMs < 3_600_000 ? renewMs : 0
}

/** Who wrote an entry. */
function ownerOf(says: string): unknown {
  return entryOf(says).owner
}

function entryOf(says: string): { readonly owner?: unknown; readonly renewMs?: unknown } {
  try {
    return (JSON.parse(says) as ReturnType<typeof entryOf> | null) ?? {}
  } catch {
    return {}
  }
}
