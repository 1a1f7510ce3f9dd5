import { GRACE_MS, TimeUp, type Stop } from '../platform/stop.js'

/** How long a file system is waited for beyond the time limit, in milliseconds: hundreds of megabytes take seconds. */
const FILE_GRACE_MS = 10_000

/**
 * What comes of something that is done with a file; a while beyond an abort, too, for what is nearly written.
 *
 * @throws what it throws; the signal's reason, or Error beyond the time limit
 */
export async function fileAnswer<T>(signal: Stop, done: Promise<T>): Promise<T> {
  try {
    return await signal.race(done, FILE_GRACE_MS, GRACE_MS)
  } catch (error) {
    if (!(error instanceof TimeUp)) throw error
    throw new Error(
      `checkpoint.path: expected a file system that answers, got no answer ${FILE_GRACE_MS / 1000} seconds beyond the time limit`,
    )
  }
}
