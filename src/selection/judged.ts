/** What remains of fits once they are judged, as plain data: what results are made of, wherever they were trained. */
import { messageOf } from '../base/thrown.js'
import type { Evaluation } from './estimate.js'
import type { CandidateResult, Fold } from './trials.js'

/** A fold without its rows and its history. */
export interface JudgedFold {
  readonly evaluation: Evaluation
  /** held out */
  readonly rows: number
  /** trained */
  readonly epochs: number
  /** training time */
  readonly seconds: number
}

/** A trial, or why its first fold that failed did. */
export interface JudgedTrial {
  /** its position in the order of the choices, counted from 1 */
  readonly trial: number
  /** all of them; none if it failed */
  readonly folds: readonly JudgedFold[]
  /** total training time */
  readonly seconds: number
  readonly failure: string | undefined
}

export function judgedFold({ evaluation, rows, history, seconds }: Fold): JudgedFold {
  return { evaluation, rows: rows.length, epochs: history.epochs.length, seconds }
}

/**
 * @param index in the order of the choices, from 0
 * @param message of an error
 */
export function judgedTrial(
  index: number,
  { folds, failure }: CandidateResult,
  message: (error: unknown) => string = messageOf,
): JudgedTrial {
  const seconds = folds.reduce((sum, fold) => sum + fold.seconds, 0)
  const common = { trial: index + 1, seconds }
  return failure === undefined
    ? { ...common, folds: folds.map(judgedFold), failure: undefined }
    : { ...common, folds: [], failure: message(failure.error) }
}
