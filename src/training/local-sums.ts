import { resolveSpec, type LongOptions } from '../definition/spec.js'
import type { Floats } from '../base/floats.js'
import { createEngine } from '../engine/create.js'
import type { Engine } from '../engine/engine.js'
import { batchWork, Pace } from '../engine/pace.js'
import { trainedSamples } from './class-options.js'
import type { FitData, FitOptions } from './options.js'
import { OrderedSamples, type SampleTask } from './ordered-samples.js'
import { resolveDropout } from './regularization.js'
import { checkData, readSampleSet, type SampleSet } from './sample-set.js'
import type { ShardStep, ShardSum, ShardSums } from './shards.js'

/** Sums the gradients of shards on this thread, in an engine of its own, with turns for the event loop. */
export class LocalSums implements ShardSums {
  readonly mayHang = false
  /** how many samples there are */
  readonly samples: number
  readonly #engine: Engine
  readonly #pace: Pace
  readonly #ordered: OrderedSamples
  readonly #offset: number
  /** multiply-adds of a sample */
  readonly #work: number
  /** by which the samples are ordered; undefined before the first */
  #epoch: Pick<ShardStep, 'stream' | 'dropoutKey'> | undefined

  /**
   * @param engine nobody else's
   * @param offset samples of the epoch before those of the task
   */
  constructor(engine: Engine, task: SampleTask, offset = 0) {
    engine.hold?.()
    this.samples = task.x.rows
    this.#engine = engine
    this.#pace = new Pace(engine)
    this.#ordered = new OrderedSamples(task, offset)
    this.#offset = offset
    this.#work = batchWork(task.spec).sample
  }

  /** the parameters of the last step */
  get parameters(): Floats {
    return this.#engine.parameters
  }

  async *sums({
    parameters,
    stream,
    dropoutKey,
    offset = 0,
    shards,
  }: ShardStep): AsyncGenerator<ShardSum, void> {
    const { gradients } = this.#engine
    if (this.#epoch?.stream !== stream || this.#epoch?.dropoutKey !== dropoutKey) {
      await this.#ordered.begin(stream, dropoutKey)
      this.#epoch = { stream, dropoutKey }
    }
    this.#ordered.comeAfter(this.#offset + offset)
    this.#engine.parameters.set(parameters)
    for (const { first, n } of shards) {
      gradients.fill(0)
      const loss = await this.#pace.run(
        (allowance) => this.#ordered.accumulate(this.#engine, first, n, allowance),
        n * this.#work,
      )
      yield { sums: gradients, loss }
    }
  }

  end(): void {
    this.#pace.leave()
  }
}

/**
 * Sums for whoever owns the network elsewhere: the same as in its own fit, with the same network, samples and options.
 *
 * @param network the options that it was made with, its seed among them
 * @param data that it is trained on: without what is held out for the validation
 * @param options of its fit that say how samples count
 * @throws TypeError or RangeError as Network and fit
 */
export function sumsFor(
  network: LongOptions & { readonly seed: number },
  data: FitData,
  options: Pick<FitOptions, 'classWeights' | 'dropout' | 'labelSmoothing'> = {},
): { readonly sums: LocalSums; readonly samples: SampleSet } {
  const { classWeights, labelSmoothing = 0 } = options
  const spec = resolveSpec(network, undefined)
  const samples = readSampleSet(spec, checkData('data', data))
  const trained = trainedSamples(spec, samples, { classWeights, labelSmoothing })
  const dropout = resolveDropout(spec, options.dropout)
  const sums = new LocalSums(createEngine(spec), { spec, ...trained, dropout, seed: spec.seed })
  return { sums, samples }
}
