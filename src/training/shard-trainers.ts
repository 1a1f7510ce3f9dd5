/** Who trains in shards: the sums of samples in arrays are computed by this thread, or by a cluster. */
import { parameterCount } from '../definition/architecture.js'
import { createEngine } from '../engine/create.js'
import type { Task } from '../engine/task.js'
import type { AbortFlag } from '../platform/abort.js'
import type { State } from '../state/state.js'
import { sharedByShards } from './elsewhere.js'
import { LocalSums } from './local-sums.js'
import type { RunningOptions } from './options.js'
import { ownedTask, type GivenSamples } from './sample-set.js'
import { ShardTrainer } from './shard-trainer.js'
import { endOnceOpen, evenly, type ShardSums } from './shards.js'

/**
 * Once the promise has resolved, the caller of fit may write to the arrays given.
 *
 * @param shards of a batch, at most
 * @throws the signal's reason, or TimeUp; what the cluster throws
 */
export async function shardTrainerFor(
  state: State,
  task: Task,
  given: GivenSamples,
  shards: number,
  { cluster, labelSmoothing, signal }: RunningOptions,
): Promise<ShardTrainer> {
  const owned = ownedTask(task, given)
  const size = { samples: task.batchSize, parameters: parameterCount(state.spec), shards }
  const sums =
    cluster === undefined
      ? new LocalSums(createEngine(state.spec), owned)
      : await unlessOver(signal, cluster.openSums(sharedByShards(state.spec, owned, labelSmoothing), size))
  return new ShardTrainer(state, owned, evenly(task.x.rows, task.batchSize, shards), sums)
}

/** What is opened elsewhere, unless the fit ends meanwhile: nobody else would end it then. */
function unlessOver(signal: AbortFlag, opening: Promise<ShardSums>): Promise<ShardSums> {
  return signal.race(opening).catch((error: unknown) => {
    endOnceOpen(opening)
    throw error
  })
}
