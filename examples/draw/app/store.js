// @ts-check
// One value in IndexedDB, which holds bytes as they are.
const STORE = 'kept'
const KEY = 'learner'

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB: expected an answer'))
  })
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} use
 */
async function withStore(mode, use) {
  const opening = indexedDB.open('deltaprop-draw', 1)
  opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE)
  const database = await done(opening)
  try {
    return await done(use(database.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    database.close()
  }
}

/** @returns {Promise<Uint8Array | undefined>} what was kept last, if anything was */
export async function load() {
  /** @type {unknown} */
  const kept = await withStore('readonly', (store) => store.get(KEY))
  return kept instanceof Uint8Array ? kept : undefined
}

/** @param {Uint8Array} bytes */
export async function keep(bytes) {
  await withStore('readwrite', (store) => store.put(bytes, KEY))
}

export async function forget() {
  await withStore('readwrite', (store) => store.delete(KEY))
}
