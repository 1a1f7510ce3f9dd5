/**
 * Fits that run elsewhere: what a selection hands to a cluster, all of it plain data, and what it takes back. The other
 * half, which trains them there, is open-fits.ts.
 */
import { rangeError, typeError } from '../base/argument-error.js'
import { checkKeys, checkName, checkNumber, checkObject, isPlain, show, tagOf } from '../base/check.js'
import { resolveOptimizer } from '../definition/optimizers.js'
import type { History } from '../index.js'
import type { Evaluation } from './estimate.js'
import { readEvaluation, writeEvaluation } from './saved-evaluation.js'

/** Where fits run, as the option `on`: what `cluster` of deltaprop-cluster makes. */
export interface FitCluster {
  readonly name: 'cluster'
  /**
   * Has every fit of a selection trained once, and settles each as its result comes, in any order.
   *
   * @throws the signal's reason; what settle throws; Error where fits cannot be run
   */
  readonly runFits: (fits: FitsElsewhere) => Promise<void>
}

/** All fits of a selection: each candidate's on each fold. */
export interface FitsElsewhere extends SharedByFits {
  /** how each candidate's network or model is made and trained: plain data */
  readonly recipes: readonly PlainRecipe[]
  /** fits of a candidate */
  readonly folds: number
  /** aborts when no result is wanted any more */
  readonly signal: AbortSignal
  /** Whether the result of a fit still counts: not after an earlier fold of its candidate has failed. */
  readonly isWanted: (candidate: number, fold: number) => boolean
  /**
   * Takes the result of a fit; each must be settled. One that comes again is ignored: it is the same.
   *
   * @param outcome of a fit, as OpenFits.fit returns it, or why it failed; undefined for one that is not wanted
   * @returns await it: it is slow where the caller's callback is
   * @throws TypeError or RangeError that names what is wrong with the outcome
   */
  readonly settle: (
    candidate: number,
    fold: number,
    outcome: FitOutcome | FitFailure | undefined,
  ) => Promise<void>
}

/** What all fits of a selection have in common: plain data, for `openFits`. */
export interface SharedByFits {
  /** samples { x, y, weights } as typed arrays, a table, or an array of records */
  readonly data: unknown
  /** the number of each row, for messages; undefined where they are 1, 2 … */
  readonly numbers?: Uint32Array | undefined
  readonly division: DivisionOptions
}

/** How the data are divided. */
export interface DivisionOptions {
  readonly seed: number
  readonly stratify: boolean
  /** whether single columns of y are stratified by class, because a network has a softmax */
  readonly byClass: boolean
  /** numbers per sample of x; undefined for data with names */
  readonly inputs?: number
  /** options of a model that decide on what the data are stratified by; undefined for networks */
  readonly model?: unknown
  readonly folds?: number
  /** a fraction, instead of folds */
  readonly validation?: number
}

/** A network or a model, and how to train it: nothing but plain objects, arrays, typed arrays, texts, numbers, booleans. */
export interface PlainRecipe {
  readonly network?: unknown
  readonly model?: unknown
  readonly fit?: unknown
}

/** The result of a fit: plain data. */
export interface FitOutcome {
  readonly evaluation: Evaluation
  readonly history: History
  /** training time */
  readonly seconds: number
}

/** Why a fit failed: its error's message. */
export interface FitFailure {
  readonly failure: string
}

/**
 * A recipe as plain data.
 *
 * @throws TypeError that names what is not: a function, or a value that is imported
 */
export function plainRecipe({ network, create, model, fit }: Readonly<Record<string, unknown>>): PlainRecipe {
  const hint = 'fits that run elsewhere are made of plain data'
  if (create !== undefined) throw typeError('create', 'network or model instead', show(create), { hint })
  const options = fit === undefined ? {} : checkObject('fit', fit)
  const { optimizer } = options
  const trained =
    typeof optimizer === 'function' ? { ...options, optimizer: resolveOptimizer(optimizer) } : options
  for (const [name, part] of Object.entries({ network, model, fit: trained })) {
    for (const [option, value] of Object.entries(part ?? {})) {
      if (!isPlainData(value)) throw typeError(`${name}.${option}`, 'plain data', show(value), { hint })
    }
  }
  return { ...(network !== undefined && { network }), ...(model !== undefined && { model }), fit: trained }
}

/** Nested deeper than any option is. */
const MAX_DEPTH = 16

function isPlainData(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return !/^(function|symbol|bigint)$/.test(typeof value)
  if (ArrayBuffer.isView(value)) return /^(Float|Uint|Int)/.test(tagOf(value))
  if (depth === MAX_DEPTH) return false
  if (!Array.isArray(value) && !isPlain(value)) return false
  return Object.values(value).every((each) => isPlainData(each, depth + 1))
}

/**
 * An outcome that came from elsewhere, checked.
 *
 * @param like an evaluation of the same data
 * @throws TypeError or RangeError that names what is wrong
 */
export function checkOutcome(outcome: unknown, like: Evaluation): FitOutcome | FitFailure {
  const { failure, ...given } = checkKeys('outcome', outcome, ['failure', 'evaluation', 'history', 'seconds'])
  if (failure !== undefined) {
    if (typeof failure !== 'string') throw typeError('outcome.failure', 'a text', show(failure))
    return { failure }
  }
  return {
    evaluation: checkEvaluation(given.evaluation, like),
    history: checkHistory(given.history),
    seconds: checkNumber('outcome.seconds', given.seconds, { min: 0 }),
  }
}

function checkEvaluation(given: unknown, like: Evaluation): Evaluation {
  const path = 'outcome.evaluation'
  const { kind } = checkObject(path, given)
  if (kind !== like.kind) throw rangeError(`${path}.kind`, show(like.kind), show(kind))
  return readEvaluation(path, writeEvaluation(given as Evaluation))
}

const endings: readonly History['ended'][] = ['epochs', 'onEpoch', 'onBatch', 'timeLimit', 'earlyStopping']

function checkHistory(given: unknown): History {
  const path = 'outcome.history'
  const history = checkKeys(path, given, ['epochs', 'ended', 'bestEpoch'])
  checkName(`${path}.ended`, history.ended, endings)
  const { epochs } = history
  if (!Array.isArray(epochs)) throw typeError(`${path}.epochs`, 'an array', show(epochs))
  for (const [i, epoch] of epochs.entries()) {
    const { loss } = checkObject(`${path}.epochs[${i}]`, epoch)
    if (typeof loss !== 'number') throw typeError(`${path}.epochs[${i}].loss`, 'a number', show(loss))
  }
  return history as unknown as History
}
