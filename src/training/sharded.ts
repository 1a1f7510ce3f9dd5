import { rangeError, typeError } from '../base/argument-error.js'
import { checkInteger, checkObject, isImported, show } from '../base/check.js'
import { createEngine } from '../engine/create.js'
import { MOST_SAMPLES } from '../engine/order.js'
import type { State } from '../state/state.js'
import { trainedSamples } from './class-options.js'
import { sharedWithoutData, shardElsewhere, type ShardElsewhere, type SumsElsewhere } from './elsewhere.js'
import type { DataFingerprint } from './features.js'
import { LocalSums } from './local-sums.js'
import { OneTrainerSource } from './one-trainer-source.js'
import { checkSameElsewhere, type FitData, type RunningOptions } from './options.js'
import type { SampleTask } from './ordered-samples.js'
import { checkData, ownedTask, readSampleSet, type SampleSet } from './sample-set.js'
import type { SampleSource, MadeData, ShardedSamples, TrainingData } from './sample-source.js'
import { ShardTrainer } from './shard-trainer.js'
import { ShardedSums, type PartSums } from './sharded-sums.js'
import { endOnceOpen, MOST_SHARDS } from './shards.js'
import { readValidation } from './validation-set.js'

/**
 * Samples that stay apart, each where they are: here, or with the workers of a cluster, which nothing leaves but sums of
 * gradients. Each batch takes of every shard as many samples as its size asks for, in an order of its own, and adds the
 * sums of the shards in their order: the bits follow from the shards, and not from where they are.
 *
 * @param shards samples { x, y, weights }, or what `shard` of a cluster of deltaprop-cluster makes
 * @returns what fit takes as data
 * @throws TypeError or RangeError unless there are 1 to 1024
 * @example
 * import { Network, sharded } from 'deltaprop'
 * const north = { x: [[0, 0], [0, 1]], y: [0, 1] }
 * const south = { x: [[1, 0], [1, 1]], y: [1, 0] }
 * await new Network([2, 8, 1], { activation: 'tanh', seed: 1 }).fit(sharded([north, south]), { epochs: 100 })
 */
export function sharded(shards: readonly (FitData | ShardElsewhere)[]): ShardedSamples {
  const given: unknown = shards
  if (!Array.isArray(given)) throw typeError('sharded', 'an array of samples { x, y }', show(given))
  if (given.length === 0 || given.length > MOST_SHARDS) {
    throw rangeError('sharded', `1 to ${MOST_SHARDS} shards`, given.length)
  }
  const kept: readonly unknown[] = [...(given as unknown[])]
  const feature: ShardedSamples & MadeData = {
    name: 'sharded',
    trainingData: (state, options) => new ShardedData(state, kept, options),
  }
  return feature
}

/** A shard of the data that is here. */
interface LocalShard {
  readonly task: SampleTask
  /** if there is a checkpoint */
  readonly fingerprint: string | undefined
}

class ShardedData implements TrainingData {
  readonly validationSet: SampleSet | undefined
  samples = 0
  fingerprint: DataFingerprint | undefined
  readonly #state: State
  readonly #shards: readonly (LocalShard | ShardElsewhere)[]
  readonly #options: RunningOptions

  /** @throws TypeError or RangeError that names an option that it cannot have, or what is wrong with the samples */
  constructor(state: State, shards: readonly unknown[], options: RunningOptions) {
    const { spec } = state
    const { shards: count, cluster, threads, classWeights, validation } = options
    if (count !== undefined) throw rangeError('shards', 'none with sharded data, which has its own', count)
    if (cluster !== undefined)
      throw rangeError('on', 'none with sharded data, whose shards say where they are')
    if (typeof threads === 'number') throw rangeError('threads', 'none with sharded data, or "auto"', threads)
    if (classWeights === 'balanced') {
      throw rangeError('classWeights', 'a number per class with sharded data', '"balanced"')
    }
    this.#state = state
    this.#options = options
    this.#shards = shards.map((shard, i) => {
      if (!isImported(shard, shardElsewhere)) return this.#read(shard, `data[${i}]`)
      checkSameElsewhere(`data[${i}]`, spec)
      return shard
    })
    this.validationSet = readValidation(spec, validation, 'samples { x, y } beside sharded data')
  }

  async open(): Promise<SampleSource> {
    const [state, options] = [this.#state, this.#options]
    const { batchSize, signal } = options
    const shared = sharedWithoutData(state.spec, options)
    const parts = await this.#openAll(async (shard, ended): Promise<PartSums> => {
      if ('task' in shard) return new LocalSums(createEngine(state.spec), shard.task)
      return shard.openShard(shared, ended)
    })
    const sums = new ShardedSums(parts)
    this.samples = sums.samples
    const validation = options.checkpoint?.fingerprint(undefined, this.validationSet)
    const shards = this.#shards.map((shard, i) =>
      'task' in shard ? (shard.fingerprint ?? '') : (parts[i] as SumsElsewhere).fingerprint,
    )
    this.fingerprint = validation && { ...validation, shards }
    const size = Math.min(batchSize, sums.samples)
    const trainer = new ShardTrainer(state, { ...options, batchSize: size }, sums, sums)
    return new OneTrainerSource(state, trainer, size, signal)
  }

  /** All of them; or none, where one is not to be had, or the fit ends meanwhile. */
  async #openAll(
    open: (shard: LocalShard | ShardElsewhere, ended: AbortSignal) => Promise<PartSums>,
  ): Promise<PartSums[]> {
    const ended = new AbortController()
    const opening = this.#shards.map((shard) => open(shard, ended.signal))
    try {
      const parts = await this.#options.signal.race(Promise.all(opening))
      checkParts(parts)
      return parts
    } catch (error) {
      ended.abort(error)
      opening.forEach(endOnceOpen)
      throw error
    }
  }

  /** Samples that are here; the caller may write to the arrays afterwards. */
  #read(shard: unknown, path: string): LocalShard {
    const { spec } = this.#state
    const options = this.#options
    const given = checkData(path, shard)
    const samples = readSampleSet(spec, given, `${path}.`)
    const hash = options.checkpoint?.fingerprintPieces()
    hash?.add(samples)
    const trained = trainedSamples(spec, samples, options)
    const task = ownedTask({ spec, ...trained, dropout: options.dropout, seed: spec.seed }, given)
    return { task, fingerprint: hash?.digest() }
  }
}

/** What comes from elsewhere is not taken on trust. */
function checkParts(parts: readonly PartSums[]): void {
  let left = MOST_SAMPLES
  for (const [i, part] of parts.entries()) {
    const path = `data[${i}]`
    const { samples, fingerprint } = checkObject(path, part) as unknown as SumsElsewhere
    left -= checkInteger(`${path}.samples`, samples, { min: 1, max: left })
    if (part instanceof LocalSums || (typeof fingerprint === 'string' && fingerprint !== '')) continue
    throw typeError(`${path}.fingerprint`, 'a text', show(fingerprint))
  }
}
