import type { Manifest, Result } from './messages.js'

/** What workers can do with jobs: of a selection, of a fit, of a file. A run says which it is. */
export interface Kind {
  readonly name: string
  /** whether its results become smaller when they are packed; true unless given */
  readonly isPacked?: boolean
  /**
   * Reads what the jobs of a run have in common.
   *
   * @param sources of what jobs need beside their messages
   * @throws RangeError, TypeError for what no coordinator sends: it is the result of each job then
   */
  readonly open: (manifest: Manifest, sources: Sources) => Promise<Doer>
}

/** What is on the server for a run. */
export interface Sources {
  /** Data by their name, from the object store. */
  readonly fetch: (digest: string) => Promise<Uint8Array>
  /** The last message of a part of the parameters. */
  readonly parameters: (part: number) => Promise<Uint8Array>
}

/** What a job needs is not there yet: it is tried again. */
export class NotYet extends Error {}

/** Of a job that nobody waits for any more. */
export class Superseded extends Error {}

/** Does the jobs of one run. */
export interface Doer {
  /**
   * @param index of the job
   * @throws Error with what is wrong with the job, which is its result then; the signal's reason
   */
  do(job: Uint8Array, index: number, signal: AbortSignal): Promise<Result>
}
