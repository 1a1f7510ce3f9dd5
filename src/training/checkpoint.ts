import { checkBoolean, checkInteger, checkKeys, show } from '../check.js'
import { readSafetensors, writeInParts } from '../formats/safetensors.js'
import { save, type Saved } from '../formats/saved.js'
import type { PartOfEpoch, SavedTraining } from '../formats/saved-training.js'
import { otherCheckpoint } from '../other-names.js'
import { specOptions } from '../spec.js'
import type { State } from '../state.js'
import { AtomicFile } from './atomic-file.js'
import type { Prepared } from './course.js'
import { checkSame } from './difference.js'
import { checkSameData, type DataFingerprint } from './fingerprint.js'
import type { ResolvedOptions } from './options.js'
import { regularizationOptions } from './regularization.js'
import { withTurns } from './turns.js'

/** Where, and how often, fit writes what it can go on from. */
export interface CheckpointOptions {
  /**
   * of the file. It is written beside its place, under a name that nothing has (`.name.….deltaprop.tmp`; what a kill leaves of one, the
   * next fit with this path takes away when it is ten minutes old), and takes it when it is whole. A link stays a link, and who may read
   * it stays the same. Another fit must not write it meanwhile: that is an error, and nothing is overwritten
   */
  readonly path: string
  /** it is written after so many epochs, again and again, and when training ends without an error; 1 unless given */
  readonly every?: number
  /** goes on from the file, if it is there, with the same bits as if training had not been stopped; false unless given */
  readonly resume?: boolean
  /**
   * goes on even if the data are not those that the file was trained on. Otherwise that is an error: the file has fingerprints of x, y,
   * weights and the validation, which are compared. What is still to come of a stream is not known: of that, the validation is compared,
   * and the pieces of an epoch that has been begun, as they come. false unless given
   */
  readonly otherData?: boolean
}

/** @throws TypeError or RangeError that names the option */
export function resolveCheckpoint(option: unknown): Required<CheckpointOptions> {
  const named = typeof option === 'string' ? { path: option } : option
  const known = ['path', 'every', 'resume', 'otherData']
  const given = checkKeys('checkpoint', named, known, otherCheckpoint)
  const { path, every = 1, resume = false, otherData = false } = given
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`checkpoint.path: expected the name of a file, got ${show(path)}`)
  }
  return {
    path,
    every: checkInteger('checkpoint.every', every, { min: 1 }),
    resume: checkBoolean('checkpoint.resume', resume),
    otherData: checkBoolean('checkpoint.otherData', otherData),
  }
}

/** Options that no bit of a network or a loss follows from. */
const free: ReadonlySet<string> = new Set<keyof ResolvedOptions>([
  'epochs',
  'threads',
  'timeLimit',
  'signal',
  'onBatch',
  'onEpoch',
  'checkpoint',
  'progress',
  'metrics',
  'validation',
])

/** A file that training can go on from. */
export class Checkpoint {
  readonly #file: AtomicFile
  readonly #settings: Required<CheckpointOptions>
  readonly #state: State
  readonly #options: ResolvedOptions
  readonly #samples: number | undefined
  /** what the bits follow from, as JSON has it */
  readonly #basis: unknown
  readonly #data: DataFingerprint | undefined

  private constructor(
    file: AtomicFile,
    state: State,
    settings: Required<CheckpointOptions>,
    options: ResolvedOptions,
    { samples, held, fingerprint }: Prepared,
  ) {
    this.#file = file
    this.#settings = settings
    this.#state = state
    this.#options = options
    this.#samples = samples
    const { rate: schedule, regularization, ...others } = options
    const basis = Object.entries({ ...others, ...regularizationOptions(regularization) }).filter(
      ([name]) => !free.has(name),
    )
    this.#basis = plain({ ...Object.fromEntries(basis), schedule, samples, validation: held?.x.rows })
    this.#data = fingerprint
  }

  /**
   * @param prepared the data
   * @throws Error where there are no files
   */
  static async at(
    state: State,
    settings: Required<CheckpointOptions>,
    options: ResolvedOptions,
    prepared: Prepared,
  ): Promise<Checkpoint> {
    const file = await AtomicFile.at(settings.path)
    return new Checkpoint(file, state, settings, options, prepared)
  }

  /**
   * What to go on from; undefined: the beginning. Nothing is changed yet.
   *
   * @throws TypeError or RangeError that names what is wrong in the file, or not as here; Error if it cannot be written,
   * or another fit writes it
   */
  async read(): Promise<
    (Saved & { readonly training: SavedTraining; readonly pieces: unknown }) | undefined
  > {
    await this.#file.hold()
    const bytes = this.#settings.resume ? await this.#file.read() : undefined
    if (bytes === undefined) return undefined
    const saved = readFile(bytes)
    const { training } = saved
    if (training === undefined)
      throw new RangeError('checkpoint: expected a fit that goes on, got a network alone')
    this.#checkNetwork(saved)
    this.#checkTraining(training, saved.progress.epochs)
    const { pieces } = Object(split(training.options).data) as DataFingerprint
    return { ...saved, training, pieces }
  }

  /** Lets other fits have the file, when what is being written is written. */
  release(): void {
    this.#file.release()
  }

  /** Whether it is to be written after this epoch. */
  isDue(epoch: number): boolean {
    return epoch % this.#settings.every === 0
  }

  /** @param pieces of a stream: the fingerprint of those that have come of an epoch that was interrupted */
  async write(training: Omit<SavedTraining, 'options'>, pieces: string | undefined): Promise<void> {
    const options = { ...(this.#basis as object), data: plain({ ...this.#data, pieces }) }
    const saved = { ...save(this.#state), training: { ...training, options } }
    await this.#file.write(await withTurns(writeInParts(saved)))
  }

  #checkNetwork({ network, progress }: Saved): void {
    checkSame('checkpoint.network', plain(specOptions(this.#state.spec)), plain(network))
    checkSame('checkpoint.optimizer', plain(this.#options.optimizer), plain(progress.optimizer))
    checkSame('checkpoint.pending', 0, progress.pending)
  }

  #checkTraining({ options, reports, part, plateaus, best, average }: SavedTraining, trained: number): void {
    const { basis, data } = split(options)
    checkSame('checkpoint', this.#basis, basis)
    if (!this.#settings.otherData) checkSameData(this.#data ?? {}, data)
    const { rate, earlyStopping, regularization, epochs } = this.#options
    const begun = reports.length + Number(part !== undefined)
    // What a file of these options has.
    const keepsBest = earlyStopping?.restoreBest === true && best !== undefined && best.epoch > 0
    checkSame('checkpoint.plateaus', rate?.plateaus.length ?? 0, plateaus.length)
    checkSame('checkpoint.best', earlyStopping !== undefined, best !== undefined)
    checkSame('checkpoint.best.counters', keepsBest, best?.counters !== undefined)
    checkSame('checkpoint.average', regularization.averageTake > 0, average)
    for (const [i, { epoch }] of reports.entries()) checkSame(`checkpoint.reports[${i}].epoch`, i + 1, epoch)
    checkInteger('checkpoint.best.epoch', best?.epoch ?? 0, { max: reports.length })
    checkInteger('checkpoint.epochs', trained, { min: begun })
    checkInteger('epochs', epochs, { min: begun })
    if (part !== undefined && this.#samples !== undefined) this.#checkPart(part, this.#samples)
  }

  /** A part of the samples is whole batches, or all of them. */
  #checkPart({ samples, batches }: PartOfEpoch, rows: number): void {
    const size = Math.min(this.#options.batchSize, rows)
    checkSame('checkpoint.part.batches', Math.ceil(samples / size), batches)
    checkSame('checkpoint.part.samples', Math.min(batches * size, rows), samples)
  }
}

/** What a file says of options, and of the data, if it does. */
function split(options: unknown): { readonly basis: unknown; readonly data: unknown } {
  if (typeof options !== 'object' || options === null || !Object.hasOwn(options, 'data')) {
    return { basis: options, data: undefined }
  }
  const { data, ...basis } = options as { readonly data: unknown }
  return { basis, data }
}

/** @throws as readSafetensors; the names are those of a checkpoint */
function readFile(bytes: Uint8Array): Saved {
  try {
    return readSafetensors(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause
    const Kind = cause instanceof TypeError ? TypeError : RangeError
    throw new Kind(`checkpoint.${cause.message}`, { cause })
  }
}

/** A value as JSON has it. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
