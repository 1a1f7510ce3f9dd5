import { importNodeModules } from '../platform/node-modules.js'
import type { Task } from '../engine/task.js'
import { owned } from '../base/samples.js'
import type { State } from '../state/state.js'
import { ownedTargets } from '../base/targets.js'
import { CopyTrainer } from './copy-trainer.js'
import { LocalTrainer } from './local-trainer.js'
import type { RunningOptions } from './options.js'
import { teamFor, threadsFor } from './threads.js'
import type { Trainer } from './trainer.js'

/**
 * Who trains: workers where threads are asked for, else a copy of the network where that is quicker, else the network itself. From
 * the return on, nothing that the caller writes to the arrays given changes the samples.
 *
 * @throws RangeError that gives the bytes needed, if network and data of workers do not fit in one memory
 * @throws Error if a worker ends before the first epoch; the signal's reason, or TimeUp
 */
export async function trainerFor(
  state: State,
  task: Task,
  given: { readonly x: unknown; readonly y: unknown },
  { threads, epochs, signal }: RunningOptions,
): Promise<Trainer> {
  const importing = threads === undefined ? undefined : importNodeModules()
  // Nothing is awaited while the samples may still be the caller's.
  const here = importing === undefined ? task : ownedTask(task, given)
  if (importing !== undefined) await signal.race(importing)
  const count = threadsFor(threads, state.engine, here, epochs)
  const trained = count > 0 ? ownedTask(here, given) : here
  const team = count > 0 ? await teamFor(count, threads === 'auto', state.engine, trained, signal) : undefined
  return team ?? CopyTrainer.create(state, trained) ?? new LocalTrainer(state, ownedTask(trained, given))
}

function ownedTask(task: Task, given: { readonly x: unknown; readonly y: unknown }): Task {
  return { ...task, x: owned(task.x, given.x), y: ownedTargets(task.y, given.y) }
}
