import type { Random } from '../base/random.js'
import { groupRows, inOrder, rowsOfClasses } from '../base/stratify.js'
import type { Targets } from '../base/targets.js'

/** All rows, by their classes where targets have them and that is wanted, else in one group. */
export function rowGroups(y: Targets, isStratified: boolean): Uint32Array[] {
  return isStratified ? rowsOfClasses(y) : Array.from(groupRows(new Uint8Array(y.rows)).values())
}

/**
 * Deals rows out to folds, group after group, each shuffled: of every group each fold gets as many as any other, or one more, and so
 * of all rows.
 *
 * @param groups are shuffled
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

/** All rows but those of one fold, ascending. */
export function rowsBeside(folds: readonly Uint32Array[], fold: number): Uint32Array {
  return inOrder(folds.filter((_, other) => other !== fold))
}

/** Groups in an order of which every one is equally likely, so that it is chance what rounding gives to which. */
export function inRandomOrder(groups: readonly Uint32Array[], random: Random): Uint32Array[] {
  const order = Uint32Array.from(groups, (_, i) => i)
  random.shuffle(order)
  return Array.from(order, (i) => groups[i])
}
