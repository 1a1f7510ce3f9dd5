import { checkKeys, checkInteger } from '../base/check.js'
import { rangeError, typeError } from '../base/argument-error.js'
import { show, typedArrayTag } from '../base/show.js'
import { allFinite, type Floats, type Precision } from '../base/floats.js'
import type { FitData } from './options.js'
import type { SharedByShards } from './elsewhere.js'
import { PiecesHash } from './fingerprint.js'
import { sumsFor } from './local-sums.js'

/** One shard of a step. */
export interface ShardRequest {
  /** of the network before the step, one number for each */
  readonly parameters: Floats
  /** the random stream that orders the samples of the epoch; undefined: 0, 1, 2 … */
  readonly stream: string | undefined
  /** of the random numbers of dropout */
  readonly dropoutKey: number
  /** samples of the epoch before all that are ordered here: where dropout counts from; 0 unless given */
  readonly offset?: number | undefined
  /** n samples in the order of the epoch, the first-th and those after it */
  readonly first: number
  readonly n: number
}

/** Sums the gradients of shards, for a network that is elsewhere. */
export interface OpenShards {
  /** of the network: how many, and what an array of them is */
  readonly parameters: number
  readonly precision: Precision
  /** how many there are */
  readonly samples: number
  /** By which they can be told from others, as a network of this precision sees them. */
  fingerprint(): string
  /**
   * Sums one shard, from zero, with turns for the event loop. One at a time.
   *
   * @returns a copy of the sums, one for each parameter, and the summed loss
   * @throws TypeError or RangeError that names what is wrong
   */
  sum(request: ShardRequest): Promise<{ readonly sums: Floats; readonly loss: number }>
}

/**
 * Reads what the shards of a fit have in common, whose arrays nobody may write to afterwards: the counterpart of fit's option `on`, on the machine that sums. Nothing
 * is taken on trust.
 *
 * @param shared network, data and options, as ShardCluster is given them
 * @throws TypeError or RangeError that names what is wrong
 * @example
 * import { openShards } from 'deltaprop'
 * const data = { x: new Float32Array([0, 0, 0, 1, 1, 0, 1, 1]), y: new Float32Array([0, 1, 1, 0]) }
 * const network = { inputs: 2, layers: [{ units: 1, activation: 'sigmoid' }], seed: 1 }
 * const shards = openShards({ network, data, options: {} })
 * const parameters = new Float32Array(shards.parameters)
 * const { sums, loss } = await shards.sum({ parameters, stream: undefined, dropoutKey: 0, first: 0, n: 2 })
 * console.log(sums, loss)
 */
export function openShards(shared: SharedByShards): OpenShards {
  const { network, data, options } = checkKeys('shared', shared, ['network', 'data', 'options'])
  const given = checkKeys('options', options, ['labelSmoothing', 'dropout', 'classWeights'])
  if (given.classWeights === 'balanced') {
    throw rangeError('options.classWeights', 'a number per class', '"balanced"')
  }
  const { sums, samples: set } = sumsFor(network as Parameters<typeof sumsFor>[0], data as FitData, given)
  const { parameters, samples } = sums
  let fingerprint: string | undefined
  return {
    parameters: parameters.length,
    precision: typedArrayTag(parameters) === 'Float64Array' ? 'f64' : 'f32',
    samples,
    fingerprint() {
      if (fingerprint === undefined) {
        const hash = new PiecesHash()
        hash.add(set)
        fingerprint = hash.digest()
      }
      return fingerprint
    },
    async sum(request) {
      const names = ['parameters', 'stream', 'dropoutKey', 'offset', 'first', 'n']
      const { stream, ...step } = checkKeys('request', request, names)
      const numbers = checkParameters(step.parameters, parameters)
      if (stream !== undefined && typeof stream !== 'string') {
        throw typeError('request.stream', 'a text or undefined', show(stream))
      }
      const dropoutKey = checkInteger('request.dropoutKey', step.dropoutKey, { min: 0 })
      const offset = checkInteger('request.offset', step.offset ?? 0, { min: 0 })
      const first = checkInteger('request.first', step.first, { min: 0, max: samples - 1 })
      const n = checkInteger('request.n', step.n, { min: 1, max: samples - first })
      for await (const sum of sums.sums({
        parameters: numbers,
        stream,
        dropoutKey,
        offset,
        shards: [{ first, n }],
      })) {
        return { sums: sum.sums.slice(), loss: sum.loss }
      }
      throw new Error('expected the sums of a shard')
    },
  }
}

/** @throws TypeError or RangeError unless there is a finite number, in the network's precision, for each parameter */
function checkParameters(given: unknown, like: Floats): Floats {
  const parameters = given as Floats
  const isAlike = typedArrayTag(given) === typedArrayTag(like) && parameters.length === like.length
  if (isAlike && allFinite(parameters)) return parameters
  throw typeError(
    'request.parameters',
    `${like.length} finite numbers in the network's precision`,
    show(given),
  )
}
