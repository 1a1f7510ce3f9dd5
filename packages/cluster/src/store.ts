/** Data in the server's object store, each under its SHA-256: it is sent once, and read once by each worker. */
import type { NatsConnection, Subscription } from '@nats-io/nats-core'
import { Objm, setSha256Backend, type ObjectInfo, type ObjectStore } from '@nats-io/obj'
import type { Names } from './names.js'
import { within } from './patience.js'
import { sha256 } from './plain.js'

// In Node the hashes of the object store are native, ten times as fast as those in JavaScript; the option is for the
// whole process, and has no other effect.
if (typeof process === 'object') setSha256Backend('native')

/** For reading data, in milliseconds: so long, and so long for each byte, which a slow network would take. */
const READ_MS = 10_000
const READ_MS_PER_BYTE = 0.01

/** Opens the store; only a coordinator may make it. */
export async function openStore(nc: NatsConnection, names: Names, isMaking: boolean): Promise<ObjectStore> {
  const stores = new Objm(nc)
  // Unchecked: what is not there is said by what is asked of it.
  return isMaking ? stores.create(names.data, { storage: 'file' as never }) : stores.open(names.data, false)
}

/** The data of a run, for as long as it lasts. */
export class SharedData {
  readonly #nc: NatsConnection
  readonly #names: Names
  readonly #data: ReadonlyMap<string, Uint8Array>
  #putting: Promise<void> | undefined

  /** @param data by name */
  constructor(nc: NatsConnection, names: Names, data: ReadonlyMap<string, Uint8Array>) {
    this.#nc = nc
    this.#names = names
    this.#data = data
  }

  /** Sends those that are not there. Who asks meanwhile waits for the same. */
  put(): Promise<void> {
    this.#putting ??= this.#put().finally(() => (this.#putting = undefined))
    return this.#putting
  }

  /** Sends them again whenever a worker misses them. Where that fails, it asks again. */
  listen(run: string): Subscription {
    const callback = (): void => void this.put().catch(() => undefined)
    return this.#nc.subscribe(this.#names.need(run), { callback })
  }

  async #put(): Promise<void> {
    for (const [name, bytes] of this.#data) {
      const store = await openStore(this.#nc, this.#names, true)
      if (!(await isWhole(store, await store.info(name), name))) await store.putBlob({ name }, bytes)
    }
  }
}

/** Whether there are the bytes with this hash, none of them lost. */
async function isWhole(store: ObjectStore, info: ObjectInfo | null, name: string): Promise<boolean> {
  if (info === null || info.deleted || hexOf(info.digest) !== name) return false
  const chunks = `$O.${info.bucket}.C.${info.nuid}`
  const { streamInfo } = await store.status({ subjects_filter: chunks })
  return (streamInfo.state.subjects?.[chunks] ?? 0) === info.chunks
}

/** The hash of an object, which the store writes as SHA-256= and base64 for addresses. */
function hexOf(digest: string): string {
  const base64 = digest.slice(digest.indexOf('=') + 1).replace(/[-_]/g, (each) => (each === '-' ? '+' : '/'))
  return Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

/** Data that are other bytes than their name says. */
export class CorruptError extends Error {}

/**
 * @returns undefined if they are not there, or not all of them
 * @throws CorruptError; what else reading comes upon while somebody deletes them
 */
export async function getData(
  nc: NatsConnection,
  names: Names,
  name: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const store = await openStore(nc, names, false)
  const info = await store.info(name)
  if (info === null || !(await isWhole(store, info, name))) return undefined
  // Where they are deleted meanwhile, reading them has no end.
  const reading = within(store.getBlob(name), READ_MS + info.size * READ_MS_PER_BYTE)
  const found = await reading.catch((cause: unknown) => {
    // The library has no class for it.
    if (!(cause instanceof Error && cause.message.startsWith('received a corrupt object'))) throw cause
    throw new CorruptError(`data: expected those with the hash ${name}, got others`, { cause })
  })
  if (found === null) return undefined
  const bytes = Uint8Array.from(found)
  if ((await sha256(bytes)) === name) return bytes
  throw new CorruptError(`data: expected those with the hash ${name}, got others`)
}
