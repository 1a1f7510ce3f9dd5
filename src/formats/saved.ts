import { COUNTERS } from '../engine/counters.js'
import { checkInteger, checkKeys, checkNumber } from '../base/check.js'
import type { Floats } from '../base/floats.js'
import { resolveOptimizer, slotCount, type Optimizer } from '../definition/optimizers.js'
import { specOptions, type LongOptions } from '../definition/spec.js'
import { useOptimizer, type State } from '../state/state.js'
import type { Metadata } from '../base/metadata.js'
import type { SavedTraining } from './saved-training.js'

/** What a file holds of a network: what it is, what it has learnt, and where its training stands. */
export interface Saved {
  readonly network: LongOptions
  /** layer by layer, weights then biases */
  readonly parameters: Floats
  /** accumulated gradients in the same order; undefined where none are pending */
  readonly gradients: Floats | undefined
  readonly progress: Progress
  /** as many as the optimiser keeps, each in the order of the parameters */
  readonly slots: readonly Floats[]
  readonly metadata: Metadata
  /** of a checkpoint: where the fit stands */
  readonly training?: SavedTraining | undefined
}

/** The scalar part of the state of training. */
export interface Progress {
  /** samples whose gradients are accumulated */
  readonly pending: number
  /** epochs trained by fit */
  readonly epochs: number
  readonly optimizer: Optimizer | undefined
  /** the optimiser's four counters; empty without an optimiser */
  readonly counters: readonly number[]
}

/** @throws TypeError or RangeError that names what is wrong */
export function readProgress(name: string, value: unknown): Progress {
  const given = checkKeys(name, value, ['pending', 'epochs', 'optimizer', 'counters'])
  const optimizer = given.optimizer === undefined ? undefined : resolveOptimizer(given.optimizer)
  const counters = readCounters(`${name}.counters`, given.counters, optimizer === undefined ? 0 : COUNTERS)
  return {
    pending: checkInteger(`${name}.pending`, given.pending, { min: 0 }),
    epochs: checkInteger(`${name}.epochs`, given.epochs, { min: 0 }),
    optimizer,
    counters,
  }
}

/** How many slots a file has. */
export function savedSlots({ optimizer }: Progress): number {
  return optimizer === undefined ? 0 : slotCount(optimizer)
}

/** Steps taken, and three products of numbers from 0 to 1. */
export function readCounters(name: string, value: unknown, length: number): number[] {
  if (!Array.isArray(value) || value.length !== length)
    throw new RangeError(`${name}: expected ${length} numbers`)
  return value.map((counter: unknown, i) =>
    i === 0
      ? checkInteger(`${name}[0]`, counter, { min: 0 })
      : checkNumber(`${name}[${i}]`, counter, { min: 0, max: 1 }),
  )
}

/** What a file is to hold of this network; its arrays are the live ones. */
export function save({ spec, engine, optimizer, pending, epochs, metadata }: State): Saved {
  const counters = optimizer === undefined ? [] : Array.from(engine.counters)
  return {
    network: specOptions(spec),
    parameters: engine.parameters,
    gradients: pending > 0 ? engine.gradients : undefined,
    progress: { pending, epochs, optimizer, counters },
    slots: optimizer === undefined ? [] : engine.slots.slice(0, slotCount(optimizer)),
    metadata,
  }
}

/** Makes a new network of the same spec what the file says. */
export function restore(state: State, { parameters, gradients, progress, slots, metadata }: Saved): void {
  const { optimizer, counters, pending, epochs } = progress
  const { engine } = state
  engine.parameters.set(parameters)
  if (gradients !== undefined) engine.gradients.set(gradients)
  if (optimizer !== undefined) useOptimizer(state, optimizer)
  for (const [i, slot] of slots.entries()) engine.slots[i].set(slot)
  engine.counters.set(counters)
  state.pending = pending
  state.epochs = epochs
  state.metadata = metadata
}
