/** Predictions for a large file by workers that read pieces of it: the coordinator's end. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NatsConnection } from '@nats-io/nats-core'
import { baseline } from 'deltaprop/baseline'
import { Model } from 'deltaprop/model'
import { load } from 'deltaprop/node'
import { cutRows, planRows, type ScoringOptions, type ScoringPlan } from 'deltaprop/scoring'
import { AnswersFile } from './answers-file.js'
import { coordinate } from './coordinator.js'
import type { Surroundings } from './run-books.js'
import { maxMessageBytes } from './limits.js'
import type { Result } from './messages.js'
import { WORKS_WITH } from './names.js'
import { encodePlain, sha256 } from './plain.js'
import { hashOf, PREDICT, reasonOf, type PieceJob, type PredictManifest } from './predict-kind.js'

/** Which file is predicted by which model, and how; the rest is as `deltaprop predict` has it. */
export interface PredictOptions extends Omit<ScoringOptions, 'name'> {
  /** a Model, or the file of one */
  readonly model: Model | string | URL
  /** of CSV or JSON lines, not packed, on a disk that workers see */
  readonly file: string
  /** for the answers; while they are not complete, they are beside it, in a file whose name ends in .part */
  readonly out: string
  /** of the file, where workers have it under another path */
  readonly pathOnWorkers?: string | undefined
  /** megabytes of a piece, about; 1 unless given */
  readonly piece?: number | undefined
  /** how many pieces may be begun from the first one on whose answers are not there; their answers are held in memory; 256 unless given */
  readonly ahead?: number | undefined
  /** the engine of the file's model, if it is to be another one than that of WebAssembly */
  readonly engine?: 'wasm' | 'baseline' | undefined
  /** ends it; called again with the same options, it goes on where it was */
  readonly signal?: AbortSignal | undefined
  /** called when it begins, and after each piece that is written */
  readonly onProgress?: ((progress: FileProgress) => void) | undefined
}

/** How far it is. */
export interface FileProgress {
  readonly pieces: number
  /** pieces whose answers are in the file, in order from the first on */
  readonly written: number
  /** of these, those that were there when it began */
  readonly before: number
}

const optionNames: readonly string[] = Object.keys({
  ...{ model: true, file: true, out: true, pathOnWorkers: true, piece: true, ahead: true, engine: true },
  ...{ signal: true, onProgress: true, format: true, encoding: true, delimiter: true, decimal: true },
  ...{ thousands: true, missingValues: true, missing: true, json: true, escapeFormulas: true },
} satisfies Record<keyof PredictOptions, true>)

const AHEAD = 256
/** Bytes of the file that are read at once. */
const READ = 2 ** 20

/** A file that has been cut. */
interface Cut {
  readonly plan: ScoringPlan
  readonly jobs: readonly PieceJob[]
}

/** See Cluster.predict. */
export async function predictFile(
  nc: NatsConnection,
  surroundings: Surroundings,
  options: PredictOptions,
): Promise<FileProgress> {
  checkOptions(options)
  const { file, pathOnWorkers, ahead = AHEAD, signal = new AbortController().signal } = options
  const model = await modelOf(options)
  await checkFiles(options)
  const out = await AnswersFile.locate(options.out)
  // Packed, answers are less than half of what they are as text: a result is one message, and those that wait are small.
  const { plan, jobs } = await cut(model, options, maxMessageBytes(nc), signal)
  for (const note of plan.notes) surroundings.warn(note)
  const data = await dataOf(model, plan)
  const [modelName, planName] = data.keys()
  const run = runOf([modelName, planName, model.network.engine], jobs)
  const answers = new OrderedAnswers(out, run, plan.header, jobs.length, ahead, options, surroundings.warn)
  const manifest: PredictManifest = {
    ...{ kind: PREDICT, model: modelName, plan: planName, engine: model.network.engine },
    path: pathOnWorkers ?? resolve(file),
  }
  const bytes = jobs.map((job) => encodePlain(job))
  try {
    if (jobs.length === 0) await answers.takeNone()
    else {
      await coordinate(nc, surroundings, {
        ...{ manifest, identity: bytes, data, count: jobs.length, signal },
        job: (index) => bytes[index],
        readyFor: (index) => answers.readyFor(index),
        isWanted: (index) => index >= answers.written,
        take: (index, result) => answers.take(index, result),
      })
    }
    return await answers.finish()
  } catch (error) {
    await answers.leave().catch(() => undefined)
    throw error
  }
}

function checkOptions(options: PredictOptions): void {
  const unknown = Object.keys(options).find((option) => !optionNames.includes(option))
  if (unknown !== undefined) {
    throw new RangeError(`options: expected one of ${optionNames.join(', ')}, got ${JSON.stringify(unknown)}`)
  }
  const { file, out, piece = 1, ahead = AHEAD } = options
  for (const [name, path] of Object.entries({ file, out })) {
    if (typeof path !== 'string' || path === '') {
      throw new TypeError(`${name}: expected the name of a file, got ${typeof path}`)
    }
  }
  if (!(piece > 0 && piece <= 1024)) {
    throw new RangeError(`piece: expected megabytes, more than 0, at most 1024, got ${piece}`)
  }
  if (!Number.isSafeInteger(ahead) || ahead < 1) {
    throw new RangeError(`ahead: expected an integer >= 1, got ${ahead}`)
  }
}

async function modelOf({ model, engine }: PredictOptions): Promise<Model> {
  if (model instanceof Model) return model
  return load(model, Model, engine === 'baseline' ? { engine: baseline } : {})
}

/** @throws Error unless what is read is a file, and none is both read and written */
async function checkFiles({ file, out, model }: PredictOptions): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new Error(`${file}: expected a file that can be read, got ${reasonOf(cause)}`, { cause })
  })
  if (!found.isFile()) {
    const got = found.isDirectory() ? 'a directory' : 'a pipe or a device'
    throw new Error(`${file}: expected a file, of which workers read pieces, got ${got}`)
  }
  const written = await realpath(out).catch(() => undefined)
  const read = model instanceof Model ? [] : [model instanceof URL ? fileURLToPath(model) : model]
  for (const path of [file, ...read]) {
    if (written !== undefined && (await realpath(path)) === written) {
      throw new RangeError(`out: expected another file than those that are read, got ${path}`)
    }
  }
}

/**
 * Plans a file, and cuts it.
 *
 * @param mostAnswers bytes of the answers of a piece, about
 * @throws Error that names the file
 */
async function cut(
  model: Model,
  options: PredictOptions,
  mostAnswers: number,
  signal: AbortSignal,
): Promise<Cut> {
  const { file, piece = 1, format, encoding, delimiter, decimal, thousands } = options
  const { missingValues, missing, json, escapeFormulas } = options
  try {
    const plan = await planRows(model, createReadStream(file), {
      ...{ name: file, format, encoding, delimiter, decimal, thousands },
      ...{ missingValues, missing, json, escapeFormulas },
    })
    const rows = plan.answerBytes === 0 ? 1 : Math.max(1, Math.floor(mostAnswers / plan.answerBytes))
    const jobs: PieceJob[] = []
    const bytes = Math.max(1, Math.round(piece * 1e6))
    for await (const each of cutRows(createReadStream(file, { highWaterMark: READ }), plan, {
      bytes,
      rows,
    })) {
      signal.throwIfAborted()
      const { start, rows, line } = each
      jobs.push({ start, end: start + each.bytes.length, rows, line, hash: hashOf(each.bytes) })
    }
    return { plan, jobs }
  } catch (cause) {
    signal.throwIfAborted()
    throw new Error(`${file}: ${reasonOf(cause)}`, { cause })
  }
}

/** The model, then the plan, each by its name. */
async function dataOf(model: Model, plan: ScoringPlan): Promise<Map<string, Uint8Array>> {
  const data = new Map<string, Uint8Array>()
  for (const bytes of [model.toBytes(), encodePlain(plan)]) data.set(await sha256(bytes), bytes)
  return data
}

/** What makes answers those of this run: wherever workers have the file. */
function runOf(names: readonly string[], jobs: readonly PieceJob[]): string {
  const hash = createHash('sha256').update([WORKS_WITH, ...names].join(' '))
  for (const job of jobs) hash.update(JSON.stringify(job))
  return hash.digest('hex')
}

/** Answers in order. Those that come early are kept; how many that may be is how far jobs may run ahead. */
class OrderedAnswers {
  readonly #path: string
  readonly #run: string
  readonly #header: string
  readonly #count: number
  readonly #ahead: number
  readonly #options: PredictOptions
  readonly #warn: (text: string) => void
  readonly #early = new Map<number, Result>()
  #opening: Promise<AnswersFile> | undefined
  #file: AnswersFile | undefined
  #before = 0
  #isFormulaKnown = false
  #wake: () => void = () => undefined

  constructor(
    path: string,
    run: string,
    header: string,
    count: number,
    ahead: number,
    options: PredictOptions,
    warn: (text: string) => void,
  ) {
    this.#path = path
    this.#run = run
    this.#header = header
    this.#count = count
    this.#ahead = ahead
    this.#options = options
    this.#warn = warn
  }

  /** pieces, from the first on */
  get written(): number {
    return this.#file?.pieces ?? 0
  }

  /** Nothing else writes the file once this coordinator has the run: it is opened then. */
  readyFor(index: number): Promise<unknown> | undefined {
    if (this.#file === undefined) return this.#open()
    if (index < this.written + this.#ahead) return undefined
    return new Promise<void>((resolve) => (this.#wake = resolve))
  }

  /** @throws Error with what is wrong with the first piece that has no answers */
  async take(index: number, result: Result | undefined): Promise<void> {
    const file = await this.#open()
    if (index < file.pieces || result === undefined) return
    this.#early.set(index, result)
    for (let next = this.#next(file); next !== undefined; next = this.#next(file)) {
      await file.append(this.#header, this.#answersOf(next))
      this.#tell()
      this.#wake()
    }
  }

  /** A file without rows has answers, too: the header. */
  async takeNone(): Promise<void> {
    await (await this.#open()).append(this.#header, new Uint8Array(0))
  }

  async finish(): Promise<FileProgress> {
    await (await this.#open()).finish()
    return this.#progress
  }

  async leave(): Promise<void> {
    await this.#file?.leave()
  }

  #open(): Promise<AnswersFile> {
    return (this.#opening ??= AnswersFile.open(this.#path, this.#run).then((file) => {
      this.#file = file
      this.#before = file.pieces
      this.#tell()
      return file
    }))
  }

  #next(file: AnswersFile): Result | undefined {
    const result = this.#early.get(file.pieces)
    this.#early.delete(file.pieces)
    return result
  }

  #answersOf(result: Result): Uint8Array {
    const { file } = this.#options
    if ('failure' in result) throw new Error(`${file}: ${String(result.failure)}`)
    const { answers, formula } = result
    if (!(answers instanceof Uint8Array)) {
      throw new TypeError(`${file}: expected answers of a worker, got ${typeof answers}`)
    }
    if (typeof formula === 'string' && !this.#isFormulaKnown) {
      this.#isFormulaKnown = true
      const shown = JSON.stringify(formula.slice(0, 40))
      this.#warn(`${shown} is a formula to spreadsheets; escapeFormulas writes ' before it`)
    }
    return answers
  }

  get #progress(): FileProgress {
    return { pieces: this.#count, written: Math.min(this.written, this.#count), before: this.#before }
  }

  #tell(): void {
    this.#options.onProgress?.(this.#progress)
  }
}
