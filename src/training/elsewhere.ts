/**
 * Shards whose gradients are summed elsewhere: what fit hands to a cluster. The other half, which sums them there, is
 * open-shards.ts.
 */
import type { Imported } from '../base/check.js'
import { areClassNumbers } from '../base/targets.js'
import { specOptions, type SavedOptions, type Spec } from '../definition/spec.js'
import type { Task } from '../engine/task.js'
import type { Settings } from './settings.js'
import type { ShardSums } from './shards.js'

/** Where shards are summed, as the option `on`: what `cluster` of deltaprop-cluster makes. */
export interface ShardCluster {
  readonly name: 'cluster'
  /**
   * Gets ready to sum shards.
   *
   * @throws Error where they cannot be summed
   */
  readonly openSums: (shared: SharedByShards, step: StepSize) => Promise<ShardSums>
}

/** What all shards of a fit have in common: plain data, for `openShards`. */
export interface SharedByShards {
  /** of the network; its parameters come with each step */
  readonly network: SavedOptions
  /** as typed arrays: y is numbers of classes, or outputs × samples; weights are those that count, class weights too */
  readonly data: { readonly x: unknown; readonly y: unknown; readonly weights?: unknown }
  /** options of fit that say how samples count */
  readonly options: SharedWithoutData['options']
}

/** Samples that are elsewhere, and stay there: what `shard` of a cluster of deltaprop-cluster makes. */
export interface ShardElsewhere {
  readonly name: 'shard'
  /**
   * Gets ready to sum them.
   *
   * @param ended aborts when nobody waits for it any more
   * @throws Error where they cannot be summed
   */
  readonly openShard: (shared: SharedWithoutData, ended: AbortSignal) => Promise<SumsElsewhere>
}

/** What whoever has the samples must know, once: plain data, for `openShards`. */
export interface SharedWithoutData {
  /** of the network; its parameters come with each step */
  readonly network: SavedOptions
  /** options of fit that say how samples count */
  readonly options: {
    readonly labelSmoothing?: number
    readonly dropout?: readonly number[]
    readonly classWeights?: readonly number[]
  }
}

/** Sums of samples that are elsewhere. */
export interface SumsElsewhere extends ShardSums {
  /** how many there are */
  readonly samples: number
  /** by which a checkpoint tells them from others: as `openShards` says */
  readonly fingerprint: string
}

/** How much a step is, for who decides whether it is worth sending. */
export interface StepSize {
  readonly samples: number
  readonly parameters: number
  readonly shards: number
}

export const shardElsewhere: Imported<ShardElsewhere> = { name: 'shard', member: 'openShard' }

export const shardCluster: Imported<ShardCluster> = {
  name: 'cluster',
  member: 'openSums',
  from: 'deltaprop-cluster',
}

/** A task as plain data: with label smoothing and class weights done, but for smoothed class numbers. */
export function sharedByShards(spec: Spec, task: Task, labelSmoothing: number): SharedByShards {
  const { x, y, weights, dropout } = task
  const isByClass = areClassNumbers(y)
  return {
    network: specOptions(spec),
    data: {
      x: x.values,
      y: isByClass ? y.classes : y.values,
      ...(weights !== undefined && { weights: weights.values }),
    },
    options: {
      ...(isByClass && labelSmoothing > 0 && { labelSmoothing }),
      ...dropoutOption(dropout),
    },
  }
}

/** The same without the samples, for who has them: nothing is done to those yet. */
export function sharedWithoutData(
  spec: Spec,
  { labelSmoothing, dropout, classWeights }: Pick<Settings, 'labelSmoothing' | 'dropout' | 'classWeights'>,
): SharedWithoutData {
  return {
    network: specOptions(spec),
    options: {
      ...(labelSmoothing > 0 && { labelSmoothing }),
      ...dropoutOption(dropout),
      ...(classWeights !== undefined && { classWeights: classWeights as readonly number[] }),
    },
  }
}

/** Without that of the output layer, which is 0. */
function dropoutOption(dropout: readonly number[] | undefined): { readonly dropout?: readonly number[] } {
  return dropout === undefined ? {} : { dropout: dropout.slice(0, -1) }
}
