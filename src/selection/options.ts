import { typeError } from '../base/argument-error.js'
import {
  checkBoolean,
  checkImported,
  checkInteger,
  checkObject,
  checkSignal,
  show,
  type Imported,
} from '../base/check.js'
import { isTable } from '../data/table.js'
import { classLabels } from './target-classes.js'
import { divideInFolds, divideOnce, type Division } from './division.js'
import { checkParallel, type Parallel } from './parallel.js'
import type { FitCluster } from './elsewhere.js'
import type { Sizes } from './recipe.js'
import { readMatrices, selectableMatrices, selectableRows, type Selectable } from './selectable.js'

/** Options shared by cross-validation and searches. */
export interface SelectionOptions {
  /** 5 unless given */
  readonly folds?: number
  /**
   * whether every fold gets its share of every class: of the samples (with a softmax also if they are class indices),
   * or of a model's target; true unless given
   */
  readonly stratify?: boolean
  /** an integer from 0 to 2⁵³ − 1 that determines the folds, and the networks unless they have their own seed */
  readonly seed: number
  /** numbers per sample of x; required if x and y are both flat, otherwise inferred from the other's rows */
  readonly inputs?: number
  /**
   * how many fits run at once, each in a worker, which leaves this thread free. 'auto', the default, runs one per core,
   * and uses this thread for fits that take less time than starting a worker. Results do not depend on it
   */
  readonly parallel?: number | 'auto'
  /**
   * a cluster that runs the fits, instead of this machine: what `cluster` of deltaprop-cluster makes. Results do not
   * depend on it. Options must be plain data then: no functions but the optimiser's, and no `create`
   */
  readonly on?: FitCluster
  /** stops with an error, the signal's reason */
  readonly signal?: AbortSignal
}

const cluster: Imported<FitCluster> = { name: 'cluster', member: 'runFits', from: 'deltaprop-cluster' }

export const selectionNames: readonly string[] = [
  ...['folds', 'stratify', 'seed', 'inputs', 'parallel', 'on', 'signal'],
]

/** Checked data and options shared by cross-validation and searches. */
export interface Selection {
  readonly source: Selectable
  readonly sizes: Sizes
  readonly seed: number
  readonly stratify: boolean
  readonly parallel: Parallel
  /** that runs the fits; undefined: this machine does */
  readonly cluster: FitCluster | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * @param model options of a model, if the data has names
 * @throws TypeError or RangeError that names what is wrong
 */
export function readSelection(
  data: unknown,
  options: Readonly<Record<string, unknown>>,
  model: unknown,
): Selection {
  const { stratify = true, seed, inputs, parallel, on, signal } = options
  const isStratified = checkBoolean('stratify', stratify)
  const checked = {
    seed: checkInteger('seed', seed, { min: 0 }),
    stratify: isStratified,
    parallel: checkParallel(parallel ?? 'auto'),
    cluster: checkImported('on', on, cluster),
    signal: checkSignal(signal),
  } as const
  if (checked.cluster !== undefined && parallel !== undefined) {
    throw typeError('parallel', 'nothing beside on: each worker of the cluster runs one fit', show(parallel))
  }
  if (model !== undefined) {
    const source = selectableRows(data, classTarget(data, checkObject('model', model)))
    const groups = isStratified ? source.groups : [Uint32Array.from({ length: source.rows }, (_, row) => row)]
    return { ...checked, source: { ...source, groups }, sizes: undefined }
  }
  if (Array.isArray(data) || isTable(data)) {
    throw typeError(
      'data',
      'samples { x, y } unless there is a model',
      isTable(data) ? 'a table' : 'an array',
    )
  }
  const matrices = readMatrices(data, inputs)
  const { x, y } = matrices
  const classes = y.columns === 1 ? (): number => classLabels(y).columns : undefined
  const sizes = { inputs: x.columns, outputs: y.columns, classes }
  return { ...checked, source: selectableMatrices(matrices, isStratified), sizes }
}

/** Folds; or a single division, if a fraction of the rows is given. */
export function readDivision(
  { source, seed }: Pick<Selection, 'source' | 'seed'>,
  { folds, validation }: Readonly<Record<string, unknown>>,
): Division {
  if (validation === undefined) return divideInFolds(source, folds ?? 5, seed)
  if (folds === undefined) return divideOnce(source, validation, seed)
  throw typeError('folds', 'nothing beside validation', show(folds))
}

/** The column that holds a model's classes. */
function classTarget(
  data: unknown,
  { target, task, classes, texts }: Record<string, unknown>,
): string | undefined {
  const [name, ...others] = (Array.isArray(target) ? target : [target]) as unknown[]
  if (typeof name !== 'string' || others.length > 0) return undefined
  if (task !== undefined) return task === 'classification' ? name : undefined
  const isDeclared = classes !== undefined || (Array.isArray(texts) && texts.includes(name))
  return isDeclared || hasClasses(data, name) ? name : undefined
}

/** Whether a column holds texts or booleans. */
function hasClasses(data: unknown, name: string): boolean {
  if (isTable(data)) return data.columns.some((column) => column.name === name && column.kind === 'text')
  const first: unknown = Array.isArray(data) ? data[0] : undefined
  if (typeof first !== 'object' || first === null) return false
  const value: unknown = Object.getOwnPropertyDescriptor(first, name)?.value
  return typeof value === 'string' || typeof value === 'boolean'
}
