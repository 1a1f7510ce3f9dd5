import { GRACE_MS, TimeUp, type Stop } from './stop.js'

/** How long a file system is waited for beyond the time limit, in milliseconds: hundreds of megabytes take seconds. */
const FILE_GRACE_MS = 10_000

/** By path, what is being done there, though nobody may wait for it any more. */
const busy = new Map<string, Promise<unknown>>()

/**
 * Does something with a file when whatever was begun there before is over: a fit that was ended while it wrote its checkpoint may still
 * be writing it, under the name that the next one would write to.
 *
 * @throws as `use`; the signal's reason, or Error beyond the time limit, when nobody waits any more for what has been begun
 */
export async function useFile<T>(path: string, signal: Stop, use: () => Promise<T>): Promise<T> {
  let isLeft = false
  const begin = (): Promise<T> => (isLeft ? Promise.reject(new Error('not wanted any more')) : use())
  const before = busy.get(path)
  const result = before === undefined ? begin() : before.then(begin)
  const over = result.then(
    () => undefined,
    () => undefined,
  )
  busy.set(path, over)
  void over.then(() => {
    if (busy.get(path) === over) busy.delete(path)
  })
  try {
    return await signal.race(result, FILE_GRACE_MS, GRACE_MS)
  } catch (error) {
    isLeft = true
    if (!(error instanceof TimeUp)) throw error
    throw new Error(`no answer from the file system ${FILE_GRACE_MS / 1000} seconds beyond the time limit`)
  }
}
