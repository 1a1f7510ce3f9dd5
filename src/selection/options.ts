import { checkBoolean, checkInteger, show } from '../check.js'
import { Random } from '../random.js'
import { dealFolds, rowGroups } from './folds.js'
import { checkParallel, type Parallel } from './parallel.js'
import { readMatrices, type MatrixPair } from './samples.js'
import { divisionInFolds, type Division } from './trials.js'

/** What cross-validation and searches have in common. */
export interface SelectionOptions {
  /** 5 unless given */
  readonly folds?: number
  /** every fold has its share of every class, where rows of y are one 1 and otherwise 0, or one column of 0 and 1; true unless given */
  readonly stratify?: boolean
  /** an integer from 0 to 2⁵³ − 1 from which the folds follow, and the networks, unless they have a seed of their own */
  readonly seed: number
  /** numbers that a sample of x has; needed where x and y are flat, else known from the other's rows */
  readonly inputs?: number
  /**
   * how many fits run at once, each in a worker while this thread is free; 'auto', unless given, takes as many as there are cores, and
   * this thread for fits that are shorter than the start of a worker. Results do not depend on it
   */
  readonly parallel?: number | 'auto'
  /** ends it with an error, the signal's reason */
  readonly signal?: AbortSignal
}

export const selectionNames: readonly string[] = ['folds', 'stratify', 'seed', 'inputs', 'parallel', 'signal']

/** Data and options that cross-validation and searches have in common, checked. */
export interface Selection {
  readonly data: MatrixPair
  /** all rows, by class if that is wanted */
  readonly groups: readonly Uint32Array[]
  readonly seed: number
  readonly parallel: Parallel
  readonly signal: AbortSignal | undefined
}

/** @throws TypeError or RangeError that names what is wrong */
export function readSelection(data: unknown, options: Readonly<Record<string, unknown>>): Selection {
  const { stratify = true, seed, inputs, parallel = 'auto', signal } = options
  const isStratified = checkBoolean('stratify', stratify)
  const checked = {
    seed: checkInteger('seed', seed, { min: 0 }),
    parallel: checkParallel(parallel),
    signal: checkSignal(signal),
  }
  const pair = readMatrices(data, inputs)
  return { ...checked, data: pair, groups: rowGroups(pair.y, isStratified) }
}

/** @throws TypeError or RangeError unless there can be so many folds */
export function divideInFolds({ data, groups, seed }: Selection, folds: unknown = 5): Division {
  const count = checkInteger('folds', folds, { min: 2 })
  const { rows } = data.x
  if (count > rows) throw new RangeError(`folds: expected at most ${rows}, a sample for each, got ${count}`)
  return divisionInFolds(data, dealFolds(groups, count, new Random(seed, 'folds')))
}

function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal
  throw new TypeError(`signal: expected an AbortSignal, got ${show(signal)}`)
}
