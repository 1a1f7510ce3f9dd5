import { amended, rangeError, typeError } from '../base/argument-error.js'
import { checkBoolean, checkInteger, checkKeys, show } from '../base/check.js'
import { spoken } from '../base/remedies.js'
import { otherCheckpoint } from '../definition/other-names.js'
import { specOptions } from '../definition/spec.js'
import type { PartOfEpoch, Saved, SavedTraining } from '../state/saved.js'
import { restore, save, type State } from '../state/state.js'
import { readSafetensors, writeInParts } from '../formats/safetensors.js'
import { GRACE_MS, TimeUp, type AbortFlag } from '../platform/abort.js'
import { AtomicFile } from '../platform/atomic-file.js'
import { withTurns } from '../platform/event-loop.js'
import type { EpochOutcome } from './epoch-outcome.js'
import type {
  Checkpoint,
  CheckpointData,
  CheckpointFeature,
  CheckpointFile,
  DataFingerprint,
  PiecesFingerprint,
  SavedProgress,
  TrainingProgress,
} from './features.js'
import { changedData, checkSameData, fingerprintOf, PiecesHash } from './fingerprint.js'
import { regularizationOptions } from './regularization.js'
import type { SampleSet } from './sample-set.js'
import { asJSON, checkSame, splitOptions } from './saved-options.js'
import { restoreProgress, savedProgress } from './saved-progress.js'
import type { ResolvedOptions } from './options.js'
import type { Settings } from './settings.js'

/** Where, and how often, fit saves a checkpoint that it can resume from. */
export interface CheckpointOptions {
  /**
   * of the file. It is written under another name in the same folder (`.name.….deltaprop.tmp`), and renamed when it is
   * complete; what a kill leaves of such a file is deleted by the next fit with this path, once it is ten minutes old.
   * A symbolic link stays a link, and permissions stay the same. Two fits cannot write the same file at once: the
   * second throws, and overwrites nothing
   */
  readonly path: string
  /** epochs from one checkpoint to the next; one is also written when training ends without an error; 1 unless given */
  readonly every?: number
  /**
   * continues from the file, if it exists, with the same bits as if training had not been stopped; false unless given
   */
  readonly resume?: boolean
  /**
   * resumes even if the data have changed. Otherwise that is an error: the file has fingerprints of x, y, weights and
   * the validation, which are compared. Of a stream only the validation is known in advance; the pieces of an epoch
   * that was interrupted are compared as they come. false unless given
   */
  readonly otherData?: boolean
}

/**
 * For the option `checkpoint` of fit: a file from which training can resume, whatever stopped it; in Node, Bun and
 * Deno.
 *
 * @param file its path, or options
 * @throws TypeError or RangeError that names the option
 * @example
 * import { checkpointFile, Network } from 'deltaprop'
 * const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1 })
 * const checkpoint = checkpointFile({ path: 'xor.checkpoint', every: 10, resume: true })
 * await net.fit({ x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }, { epochs: 20, checkpoint })
 */
export function checkpointFile(file: string | CheckpointOptions): CheckpointFile {
  const named: unknown = typeof file === 'string' ? { path: file } : file
  const known = ['path', 'every', 'resume', 'otherData']
  const given = checkKeys('checkpoint', named, known, otherCheckpoint)
  const { path, every = 1, resume = false, otherData = false } = given
  if (typeof path !== 'string' || path === '') {
    throw typeError('checkpoint.path', 'the name of a file', show(path))
  }
  return new FileCheckpoints({
    path,
    every: checkInteger('checkpoint.every', every, { min: 1 }),
    resume: checkBoolean('checkpoint.resume', resume),
    otherData: checkBoolean('checkpoint.otherData', otherData),
  })
}

/** Checkpoints in a file. */
class FileCheckpoints implements CheckpointFeature {
  readonly name = 'checkpointFile'
  readonly #options: Required<CheckpointOptions>

  constructor(options: Required<CheckpointOptions>) {
    this.#options = options
  }

  fingerprint(samples: SampleSet | undefined, validation: SampleSet | undefined): DataFingerprint {
    const own = validation && fingerprintOf(validation)
    return samples === undefined ? { validation: own } : { ...fingerprintOf(samples), validation: own }
  }

  fingerprintPieces(): PiecesFingerprint {
    return new PiecesHash()
  }

  checkPieces(saved: string, current: string | undefined): void {
    if (this.#options.otherData || saved === current) return
    throw anew(changedData('checkpoint.data', 'the pieces that it was trained on', 'others'), this.#options)
  }

  async open(state: State, settings: Settings, data: CheckpointData): Promise<Checkpoint> {
    const file = await AtomicFile.at(this.#options.path)
    return new OpenCheckpoint(file, this.#options, state, settings, data)
  }
}

/** Options that change no bit of a network or a loss: resuming does not compare them. */
const ignored: readonly (keyof ResolvedOptions)[] = [
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
]

class OpenCheckpoint implements Checkpoint {
  readonly #file: AtomicFile
  readonly #options: Required<CheckpointOptions>
  readonly #state: State
  readonly #settings: Settings
  readonly #samples: number | undefined
  /** everything that the bits follow from, as JSON has it */
  readonly #basis: unknown
  readonly #data: DataFingerprint | undefined

  constructor(
    file: AtomicFile,
    options: Required<CheckpointOptions>,
    state: State,
    settings: Settings,
    { samples, validationSet, fingerprint }: CheckpointData,
  ) {
    this.#file = file
    this.#options = options
    this.#state = state
    this.#settings = settings
    this.#samples = samples
    const { rate: schedule, regularization, ...others } = settings
    const basis = Object.entries({ ...others, ...regularizationOptions(regularization) }).filter(
      ([name]) => !(ignored as readonly string[]).includes(name),
    )
    const validation = validationSet?.x.rows
    this.#basis = asJSON({ ...Object.fromEntries(basis), schedule, samples, validation })
    this.#data = fingerprint
  }

  async resume(signal: AbortFlag): Promise<SavedProgress | undefined> {
    const saved = await fileAnswer(signal, this.#read())
    if (saved === undefined) return undefined
    const { training } = saved
    restore(this.#state, { ...saved, metadata: this.#state.metadata })
    const { pieces } = Object(splitOptions(training.options).data) as DataFingerprint
    return {
      pieces: typeof pieces === 'string' ? pieces : undefined,
      restore: (progress) => restoreProgress(progress, training),
    }
  }

  isDue(epoch: number): boolean {
    return epoch % this.#options.every === 0
  }

  async write(
    progress: TrainingProgress,
    outcome: EpochOutcome | undefined,
    pieces: string | undefined,
    signal: AbortFlag,
  ): Promise<void> {
    const options = { ...(this.#basis as object), data: asJSON({ ...this.#data, pieces }) }
    const training = { ...savedProgress(progress, outcome), options }
    await fileAnswer(signal, this.#write({ ...save(this.#state), training }))
  }

  release(): void {
    this.#file.release()
  }

  async #write(saved: Saved): Promise<void> {
    await this.#file.write(await withTurns(writeInParts(saved)))
  }

  /** What to resume from, checked; undefined if there is nothing. */
  async #read(): Promise<(Saved & { readonly training: SavedTraining }) | undefined> {
    await this.#file.hold()
    const bytes = this.#options.resume ? await this.#file.read() : undefined
    if (bytes === undefined) return undefined
    try {
      const saved = readFile(bytes)
      const { training } = saved
      if (training === undefined) throw rangeError('checkpoint', 'a checkpoint of fit', 'a saved network')
      this.#checkNetwork(saved)
      this.#checkTraining(training, saved.progress.epochs)
      return { ...saved, training }
    } catch (error) {
      throw anew(error, this.#options)
    }
  }

  #checkNetwork({ spec, progress }: Saved): void {
    checkSame('checkpoint.network', asJSON(specOptions(this.#state.spec)), asJSON(specOptions(spec)))
    checkSame('checkpoint.optimizer', asJSON(this.#settings.optimizer), asJSON(progress.optimizer))
    checkSame('checkpoint.pending', 0, progress.pending)
  }

  #checkTraining({ options, reports, part, plateaus, best, average }: SavedTraining, trained: number): void {
    const { basis, data } = splitOptions(options)
    checkSame('checkpoint', this.#basis, basis)
    if (!this.#options.otherData) checkSameData(this.#data ?? {}, data)
    const { rate, earlyStopping, regularization, epochs } = this.#settings
    const begun = reports.length + Number(part !== undefined)
    // What a file has that was written with these options.
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

  /** An interrupted epoch has trained whole batches, or all samples. */
  #checkPart({ samples, batches }: PartOfEpoch, rows: number): void {
    const size = Math.min(this.#settings.batchSize, rows)
    checkSame('checkpoint.part.batches', Math.ceil(samples / size), batches)
    checkSame('checkpoint.part.samples', Math.min(batches * size, rows), samples)
  }
}

/** The error of a file from which this training cannot resume, with what can be done. */
function anew(error: unknown, { path }: CheckpointOptions): unknown {
  return amended(error, ({ remedies = [] }) => ({
    hint: `delete ${path} or give another path`,
    remedies: [...remedies, spoken({ option: 'resume', effect: 'left out overwrites it' })],
  }))
}

/** @throws as readSafetensors, with names in the checkpoint */
function readFile(bytes: Uint8Array): Saved {
  try {
    return readSafetensors(bytes)
  } catch (cause) {
    throw amended(cause, ({ path }) => ({ path: `checkpoint.${path}` }))
  }
}

/** How long to wait for a file system beyond the time limit, in milliseconds: hundreds of megabytes take seconds. */
const FILE_GRACE_MS = 10_000

/**
 * Waits for what is done with a file; for a while beyond an abort, too: it may be almost written.
 *
 * @throws what the promise rejects with; the signal's reason; Error long after the time limit
 */
async function fileAnswer<T>(signal: AbortFlag, done: Promise<T>): Promise<T> {
  try {
    return await signal.race(done, FILE_GRACE_MS, GRACE_MS)
  } catch (error) {
    if (!(error instanceof TimeUp)) throw error
    throw new Error(
      `checkpoint.path: expected a file system that answers, got no answer ${FILE_GRACE_MS / 1000} seconds beyond the time limit`,
    )
  }
}
