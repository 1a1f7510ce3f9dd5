/** What a search ends with: the table, and the best choice trained and saved. */
import { printJSON } from './output.js'
import type { SearchOutcome } from './parts/results.js'
import { reportBest, reportTrials, searchJSON } from './reports/selection.js'
import type { SelectionTable } from './selection-table.js'
import { trainBest } from './train-best.js'

/**
 * @param table to train the best choice on; undefined if it is not trained
 * @param out where that is saved
 * @throws Error if it is to be trained, but all trials failed
 */
export async function finishSearch(
  outcome: SearchOutcome,
  table: SelectionTable | undefined,
  out: string | undefined,
  json: boolean,
): Promise<void> {
  const { best, trials } = outcome
  if (!json) {
    reportTrials(outcome)
    reportBest(outcome, out)
  }
  const isTrained = best !== undefined && table !== undefined && out !== undefined
  if (isTrained) await trainBest({ ...outcome.options, ...best.choice }, table, out, json)
  if (json) printJSON(searchJSON(outcome, isTrained ? out : undefined))
  if (best === undefined && out !== undefined) {
    throw new Error(`--out: expected a trial that did not fail, got ${trials.length} that did`)
  }
}
