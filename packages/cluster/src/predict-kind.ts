/** Predicts pieces of a file, on a worker that sees the file: on a disk that machines share. */
import { createHash } from 'node:crypto'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, relative, isAbsolute } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { baseline } from 'deltaprop/baseline'
import { Model } from 'deltaprop/model'
import { predictPiece, type ScoringPlan } from 'deltaprop/scoring'
import type { Doer, Kind } from './kind.js'
import { digestOf, record, unexpected, type Manifest, type Result } from './messages.js'
import { decodePlain } from './plain.js'
import { messageOf } from './thrown.js'

/** Jobs of this kind. */
export const PREDICT = 'predict'

/** What all pieces have in common. */
export interface PredictManifest extends Manifest {
  readonly kind: typeof PREDICT
  /** names of data: the model, and the plan that its file is read by */
  readonly model: string
  readonly plan: string
  readonly engine: 'wasm' | 'baseline'
  /** of the file, on workers */
  readonly path: string
}

/** A piece of the file. */
export interface PieceJob {
  /** of its bytes, the first, and the one after the last */
  readonly start: number
  readonly end: number
  /** rows before it */
  readonly rows: number
  /** the line that it begins in */
  readonly line: number
  /** of its bytes */
  readonly hash: string
}

/** Larger pieces are none; a row that is too long ends its piece. */
const MAX_PIECE_BYTES = 2 ** 31

/**
 * Predicts them.
 *
 * @param folder whose files it may read, also in folders of it; none unless given: who may publish jobs could find out what
 *   is in any file
 */
export const predictKind = (folder: string | undefined): Kind => ({
  name: PREDICT,
  open: async (manifest, { fetch }) => {
    const { engine } = manifest
    const path = await pathWithin(folder, manifest.path)
    const bytes = await fetch(digestOf(manifest, 'model'))
    const plan = record(decodePlain(await fetch(digestOf(manifest, 'plan')))) as unknown as ScoringPlan
    const model = Model.fromBytes(bytes, { engine: engine === 'baseline' ? baseline : 'wasm' })
    return new PieceDoer(model, plan, path)
  },
})

/** @throws Error unless it is the path of a file in the folder, wherever links lead */
async function pathWithin(folder: string | undefined, path: unknown): Promise<string> {
  if (typeof path !== 'string') throw unexpected('the path of a file', path)
  const where = `${path} on ${hostname()}`
  if (folder === undefined) {
    throw new Error(
      `expected a worker that may read ${where}, got one without --files, the folder whose files it may`,
    )
  }
  const [root, found] = await Promise.all([
    realpath(folder),
    realpath(path).catch((cause: unknown) => {
      throw unreadable(path, cause)
    }),
  ])
  const inside = relative(root, found)
  if (!inside.startsWith('..') && !isAbsolute(inside)) return join(root, inside)
  throw new Error(`expected a file in ${folder}, the folder of --files, got ${where}`)
}

/** Says which worker cannot read a file. */
function unreadable(path: string, cause: unknown): Error {
  const hint = 'pathOnWorkers says where workers have it'
  const where = `${path} on ${hostname()}`
  return new Error(`expected a file that workers can read, got ${reasonOf(cause)} at ${where}; ${hint}`, {
    cause,
  })
}

/** The hash of a piece, which says whether a worker has read the same bytes. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

class PieceDoer implements Doer {
  readonly #model: Model
  readonly #plan: ScoringPlan
  readonly #path: string

  constructor(model: Model, plan: ScoringPlan, path: string) {
    this.#model = model
    this.#plan = plan
    this.#path = path
  }

  /** @throws Error that is about the file, which its coordinator names */
  async do(job: Uint8Array, _: number, signal: AbortSignal): Promise<Result> {
    const { start, end, rows, line, hash } = readJob(job)
    const bytes = await this.#read(start, end)
    if (hashOf(bytes) !== hash) {
      const got = `others at byte ${start} of ${this.#path} on ${hostname()}`
      throw new Error(`expected the bytes that it was cut by, got ${got}; it has changed, or is another file`)
    }
    let formula: string | undefined
    const onFormula = (text: string): void => void (formula = text)
    let answers = ''
    for await (const text of predictPiece(this.#model, this.#plan, { bytes, rows, line }, { onFormula })) {
      answers += text
      // The server hears that this worker is alive.
      await setImmediate()
      signal.throwIfAborted()
    }
    return { answers: new TextEncoder().encode(answers), ...(formula !== undefined && { formula }) }
  }

  /** Bytes of the file, fewer if it has no more. @throws Error that says which worker cannot read it */
  async #read(start: number, end: number): Promise<Uint8Array> {
    try {
      const file = await open(this.#path)
      try {
        if (!(await file.stat()).isFile()) throw new Error('no file')
        return await readAt(file, start, end)
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw unreadable(this.#path, cause)
    }
  }
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start)
  for (let read = 0; read < bytes.length;) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read)
    if (bytesRead === 0) return bytes.subarray(0, read)
    read += bytesRead
  }
  return bytes
}

/** @throws TypeError */
function readJob(bytes: Uint8Array): PieceJob {
  const { start, end, rows, line, hash } = record(decodePlain(bytes))
  const numbers = [start, end, rows, line]
  if (!numbers.every((value) => Number.isSafeInteger(value) && (value as number) >= 0)) {
    throw unexpected('the place of a piece', 'no integers')
  }
  const job = { start, end, rows, line, hash } as PieceJob
  const length = job.end - job.start
  if (length < 0 || length > MAX_PIECE_BYTES) throw unexpected('a piece', `one of ${length} bytes`)
  return job
}

/** The system's reason: `no such file or directory`. */
export function reasonOf(error: unknown): string {
  const text = messageOf(error)
  return /^[A-Z0-9]+: ([^,]+)/.exec(text)?.[1] ?? text
}
