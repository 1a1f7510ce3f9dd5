import { rangeError } from '../base/argument-error.js'
import { COUNTERS } from '../engine/trained-state.js'
import { checkInteger, checkKeys, checkNumber } from '../base/check.js'
import { resolveOptimizer } from '../definition/optimizers.js'
import type { Progress, SavedTraining } from '../state/saved.js'
import { jsonOf } from './numbers.js'
import { readShape, type Shape } from './shapes.js'

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

/** Reads the optimiser's counters: the number of steps, and three products of numbers from 0 to 1. */
function readCounters(name: string, value: unknown, length: number): number[] {
  if (!Array.isArray(value) || value.length !== length) throw rangeError(name, `${length} numbers`)
  return value.map((counter: unknown, i) =>
    i === 0
      ? checkInteger(`${name}[0]`, counter, { min: 0 })
      : checkNumber(`${name}[${i}]`, counter, { min: 0, max: 1 }),
  )
}

/** Everything except the arrays, for JSON. */
export function writeTraining(training: SavedTraining): unknown {
  return jsonOf({ ...training, arrays: undefined })
}

const report: Shape = {
  epoch: 'count',
  loss: 'number',
  batches: 'count',
  learningRate: 'number',
  seconds: 'number',
  'validation?': { loss: 'number', 'accuracy?': 'number', 'metrics?': 'metrics' },
}

const training: Shape = {
  options: 'any',
  reports: [report],
  updates: 'count',
  'learningRate?': 'number',
  'part?': { loss: 'number', batches: 'count', samples: 'count' },
  plateaus: [{ reductions: 'count', best: 'number', epochs: 'count' }],
  'best?': { epoch: 'count', loss: 'number', 'counters?': ['number'] },
  average: 'boolean',
}

/** @throws TypeError or RangeError for anything that writeTraining would not write */
export function readTraining(value: unknown): Omit<SavedTraining, 'arrays'> {
  const read = readShape('training', value, training) as Omit<SavedTraining, 'arrays'>
  if (read.best?.counters) readCounters('training.best.counters', read.best.counters, COUNTERS)
  return read
}
