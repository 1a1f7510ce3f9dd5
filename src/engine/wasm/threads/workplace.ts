import { alternative, type Core } from '../core.js'
import { layOut, type Layout } from '../memory.js'
import { allocate } from '../reservation.js'
import { tellNetwork, tellOptimizer, tellRegularization, tellThread } from '../records.js'
import type { Task } from '../../task.js'
import { viewsOf, type Views } from '../views.js'
import { canShare, cores } from '../../../platform/workers.js'

/**
 * Where a team trains: a memory in which the thread that starts it has written everything but the state of the
 * network.
 */
export interface Workplace {
  /** the core that the workers run */
  readonly module: WebAssembly.Module
  /** shared by the workers; or, for a lone worker, the memory that its own is a copy of */
  readonly memory: WebAssembly.Memory
  readonly layout: Layout
  readonly views: Views
  /** why there is only one worker, without shared memory, although more were asked for */
  readonly alone: string | undefined
}

/**
 * Writes everything but the samples, which copySamplesInParts copies.
 *
 * @throws RangeError with the bytes needed, if network and data do not fit in one memory
 */
export function prepare(task: Task, core: Core, threads: number): Workplace {
  const { spec, x } = task
  const shared = canShare() ? core.sharedModule() : undefined
  const module = shared ?? core.module
  const layout = layOut(spec, shared === undefined ? 1 : threads, x.rows)
  const memory = allocate(layout, shared === undefined ? 'own' : 'shared', alternative)
  const views = viewsOf(memory, layout, spec)
  tellNetwork(views.memory, spec, layout)
  tellRegularization(views.memory, layout, task.regularization)
  for (const [index, thread] of layout.threads.entries()) {
    tellThread(views.memory, layout, index, layout.threads.length <= cores())
    tellOptimizer(views.memory, thread, task.optimizer)
  }
  const reason = canShare()
    ? 'the core that runs here has no shared memory'
    : 'memory cannot be shared here (a page needs cross-origin isolation)'
  return { module, memory, layout, views, alone: shared === undefined ? reason : undefined }
}
