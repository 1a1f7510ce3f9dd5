/**
 * A part of a search or a cross-validation: one machine's share of its trials or folds. Which they are depends on their
 * numbers alone, and so does what comes out of them.
 */
import { judgedFold, judgedTrial, type JudgedFold, type JudgedTrial } from './judged.js'
import type { PreparedValidation } from './cross-validation.js'
import type { Division } from './division.js'
import type { PreparedSearch } from './search.js'
import { runAll } from './trials.js'

/** One of several parts, counted from 0. */
export interface Part {
  readonly index: number
  readonly of: number
}

/** A fold, with its number from 0. */
export interface NumberedFold extends JudgedFold {
  readonly fold: number
}

/** The trials or folds of a part, counted from 0: those whose number, modulo the number of parts, is its own. */
export function sharesOf({ index, of }: Part, count: number): number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => i % of === index)
}

/**
 * Trains the trials of a part.
 *
 * @param message of an error
 * @param onTrial called after each
 * @throws the signal's reason, or what onTrial throws
 */
export async function judgeTrials(
  { candidates, division, selection }: PreparedSearch,
  part: Part,
  message: (error: unknown) => string,
  onTrial: (trial: JudgedTrial) => void,
): Promise<JudgedTrial[]> {
  const mine = sharesOf(part, candidates.length)
  const trials: JudgedTrial[] = []
  await runAll(
    mine.map((i) => candidates[i]),
    division,
    selection,
    (k, result) => {
      trials[k] = judgedTrial(mine[k], result, message)
      onTrial(trials[k])
    },
  )
  return trials
}

/**
 * Trains the folds of a part.
 *
 * @param message of an error
 * @param onFold called before each is judged
 * @throws Error that names the first fold that failed; the signal's reason
 */
export async function judgeFolds(
  { candidate, division, selection }: PreparedValidation,
  part: Part,
  message: (error: unknown) => string,
  onFold: () => void,
): Promise<NumberedFold[]> {
  const mine = sharesOf(part, division.count)
  const share: Division = { ...division, count: mine.length, divide: (k) => division.divide(mine[k]) }
  const watched = {
    ...candidate,
    make: (...made: Parameters<typeof candidate.make>) => {
      const learner = candidate.make(...made)
      const evaluate: typeof learner.evaluate = (data) => {
        onFold()
        return learner.evaluate(data)
      }
      return { ...learner, evaluate }
    },
  }
  let judged: NumberedFold[] = []
  await runAll([watched], share, selection, (_, { folds, failure }) => {
    if (failure !== undefined) {
      const { fold, error } = failure
      throw new Error(`fold ${mine[fold]}: ${message(error)}`, { cause: error })
    }
    judged = folds.map((fold, k) => ({ fold: mine[k], ...judgedFold(fold) }))
  })
  return judged
}
