import { alternative, type Core } from '../core.js'
import { barrierBytes } from '../layout.generated.js'
import { layOut, type Layout } from '../memory.js'
import { allocate } from '../reservation.js'
import {
  writeNetworkRecords,
  writeOptimizerRecord,
  writeRegularizationRecord,
  writeThreadRecord,
} from '../records.js'
import type { Task } from '../../task.js'
import { viewsOf, type Views } from '../views.js'
import { canShare, cpuCount } from '../../../platform/workers.js'

/**
 * The memory that workers train in. The thread that starts them has written everything there but the state of the
 * network.
 */
export interface TrainingMemory {
  /** the core that the workers run */
  readonly module: WebAssembly.Module
  /** shared by the workers; or, if memory cannot be shared, the one that the only worker's is a copy of */
  readonly memory: WebAssembly.Memory
  readonly layout: Layout
  readonly views: Views
  /** the record of the barrier, for atomics; changes whenever a thread comes to it */
  readonly barrier: Int32Array
  /** why memory is not shared, so that there is only one worker; undefined if it is */
  readonly unsharedReason: string | undefined
}

/**
 * Writes everything but the samples, which copySamplesInParts copies.
 *
 * @throws RangeError with the bytes needed, if network and data do not fit in one memory
 */
export function createTrainingMemory(task: Task, core: Core, threads: number): TrainingMemory {
  const { spec, x } = task
  const shared = canShare() ? core.sharedModule() : undefined
  const module = shared ?? core.module
  const layout = layOut(spec, shared === undefined ? 1 : threads, x.rows)
  const memory = allocate(layout, shared === undefined ? 'own' : 'shared', alternative)
  const views = viewsOf(memory, layout, spec)
  writeNetworkRecords(views.memory, spec, layout)
  writeRegularizationRecord(views.memory, layout, task.regularization)
  for (const [index, thread] of layout.threads.entries()) {
    writeThreadRecord(views.memory, layout, index, layout.threads.length <= cpuCount())
    writeOptimizerRecord(views.memory, thread, task.optimizer)
  }
  const reason = canShare()
    ? 'the core that runs here has no shared memory'
    : 'memory cannot be shared here (a page needs cross-origin isolation)'
  const barrier = new Int32Array(memory.buffer, layout.barrier, barrierBytes / Int32Array.BYTES_PER_ELEMENT)
  return { module, memory, layout, views, barrier, unsharedReason: shared === undefined ? reason : undefined }
}
