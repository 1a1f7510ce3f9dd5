/**
 * Shards whose gradients are summed elsewhere: what fit hands to a cluster. The other half, which sums them there, is
 * open-shards.ts.
 */
import type { Imported } from '../base/check.js'
import { areClassNumbers } from '../base/targets.js'
import { specOptions, type SavedOptions, type Spec } from '../definition/spec.js'
import type { Task } from '../engine/task.js'
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
  readonly options: { readonly labelSmoothing?: number; readonly dropout?: readonly number[] }
}

/** How much a step is, for who decides whether it is worth sending. */
export interface StepSize {
  readonly samples: number
  readonly parameters: number
  readonly shards: number
}

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
      // Without that of the output layer, which is 0.
      ...(dropout !== undefined && { dropout: dropout.slice(0, -1) }),
    },
  }
}
