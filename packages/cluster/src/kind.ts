import type { Manifest, Result } from './messages.js'

/** What workers can do with jobs: of a selection, of a fit, of a file. A run says which it is. */
export interface Kind {
  readonly name: string
  /**
   * Reads what the jobs of a run have in common.
   *
   * @param fetch data by their name, from the object store
   * @throws RangeError, TypeError for what no coordinator sends: it is the result of each job then
   */
  readonly open: (manifest: Manifest, fetch: (digest: string) => Promise<Uint8Array>) => Promise<Doer>
}

/** Does the jobs of one run. */
export interface Doer {
  /**
   * @param index of the job
   * @throws Error with what is wrong with the job, which is its result then; the signal's reason
   */
  do(job: Uint8Array, index: number, signal: AbortSignal): Promise<Result>
}
