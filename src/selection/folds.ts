import type { Random } from '../base/random.js'
import { groupRows, inOrder, rowsOfClasses } from '../base/stratify.js'
import type { Targets } from '../base/targets.js'

/** All rows, grouped by class if stratification is requested and the targets have classes; otherwise in one group. */
export function rowGroups(y: Targets, isStratified: boolean): Uint32Array[] {
  return isStratified ? rowsOfClasses(y) : Array.from(groupRows(new Uint8Array(y.rows)).values())
}

/**
 * Deals the rows out to folds, group by group, each shuffled. Fold sizes differ by at most one row, both within each
 * group and in total.
 *
 * @param groups are shuffled in place
 * @returns the rows of each fold, ascending
 */
export function dealFolds(groups: readonly Uint32Array[], folds: number, random: Random): Uint32Array[] {
  const ordered = inRandomOrder(groups, random)
  for (const rows of ordered) random.shuffle(rows)
  const dealt = ordered.flatMap((rows) => Array.from(rows))
  return Array.from({ length: folds }, (_, fold) =>
    Uint32Array.from(dealt.filter((_row, i) => i % folds === fold)).sort(),
  )
}

/** All rows except those of one fold, ascending. */
export function rowsBeside(folds: readonly Uint32Array[], fold: number): Uint32Array {
  return inOrder(folds.filter((_, other) => other !== fold))
}

/** The groups in a uniformly random order, so that chance decides which of them gain from rounding. */
export function inRandomOrder(groups: readonly Uint32Array[], random: Random): Uint32Array[] {
  const order = Uint32Array.from(groups, (_, i) => i)
  random.shuffle(order)
  return Array.from(order, (i) => groups[i])
}
