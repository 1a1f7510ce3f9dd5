import { COUNTERS } from '../engine/counters.js'
import { rangeError } from '../base/argument-error.js'
import { checkInteger, checkKeys, checkNumber } from '../base/check.js'
import { resolveOptimizer } from '../definition/optimizers.js'
import type { Progress } from '../state/saved.js'

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
export function readCounters(name: string, value: unknown, length: number): number[] {
  if (!Array.isArray(value) || value.length !== length) throw rangeError(name, `${length} numbers`)
  return value.map((counter: unknown, i) =>
    i === 0
      ? checkInteger(`${name}[0]`, counter, { min: 0 })
      : checkNumber(`${name}[${i}]`, counter, { min: 0, max: 1 }),
  )
}
