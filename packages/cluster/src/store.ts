/** Data in the server's object store, each under its SHA-256: it is sent once, and read once by each worker. */
import type { NatsConnection } from '@nats-io/nats-core'
import { Objm, setSha256Backend, type ObjectStore } from '@nats-io/obj'
import { sha256 } from './plain.js'
import type { Names } from './names.js'

// In Node the hashes of the object store are native, ten times as fast as those in JavaScript; the option is for the
// whole process, and has no other effect.
if (typeof process === 'object') setSha256Backend('native')

/** Opens the store; only a coordinator may make it. */
export async function openStore(nc: NatsConnection, names: Names, isMaking: boolean): Promise<ObjectStore> {
  const stores = new Objm(nc)
  return isMaking ? stores.create(names.data, { storage: 'file' as never }) : stores.open(names.data)
}

/** @returns whether they were not there yet */
export async function putData(store: ObjectStore, name: string, bytes: Uint8Array): Promise<boolean> {
  const info = await store.info(name)
  if (info !== null && !info.deleted && info.size === bytes.length) return false
  await store.putBlob({ name }, bytes)
  return true
}

/**
 * @returns undefined if they are not there
 * @throws RangeError if they are not what their name says
 */
export async function getData(
  store: ObjectStore,
  name: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const info = await store.info(name)
  if (info === null || info.deleted) return undefined
  const found = await store.getBlob(name)
  if (found === null) return undefined
  const bytes = Uint8Array.from(found)
  const digest = await sha256(bytes)
  if (digest !== name) throw new RangeError(`data: expected those with the hash ${name}, got ${digest}`)
  return bytes
}
