/** Random, stratified selection of rows: the same fraction of every group, such as a class. */
import { classesOf } from './classes.js'
import type { Random } from './random.js'
import type { Targets } from './targets.js'

/** The rows of each class, lowest class first; all rows together if the targets are not classes. */
export function rowsOfClasses(y: Targets): Uint32Array[] {
  const groups = groupRows(classesOf(y) ?? new Uint8Array(y.rows))
  return Array.from(groups.keys())
    .sort((one, other) => one - other)
    .map((label) => groups.get(label) ?? new Uint32Array())
}

/** The rows of each label, in order of first appearance of the labels. */
export function groupRows<T>(labels: Iterable<T>): Map<T, Uint32Array> {
  const groups = new Map<T, number[]>()
  let row = 0
  for (const label of labels) {
    const own = groups.get(label)
    if (own === undefined) groups.set(label, [row])
    else own.push(row)
    ++row
  }
  return new Map(Array.from(groups, ([label, rows]) => [label, Uint32Array.from(rows)]))
}

/**
 * Holds out a fraction of the rows of all groups together, rounded; each group contributes its share to within one
 * row. If rounding takes too much from one group, the next contributes less.
 *
 * @param groups are shuffled
 * @returns views of each group: the rows kept, and the rows held out
 */
export function holdOut(
  groups: readonly Uint32Array[],
  fraction: number,
  random: Random,
): { kept: Uint32Array[]; held: Uint32Array[] } {
  let [wanted, taken] = [0, 0]
  const counts = groups.map((rows) => {
    random.shuffle(rows)
    wanted += fraction * rows.length
    const count = Math.round(wanted) - taken
    taken += count
    return count
  })
  return {
    kept: groups.map((rows, i) => rows.subarray(counts[i])),
    held: groups.map((rows, i) => rows.subarray(0, counts[i])),
  }
}

/** All rows of some groups, in ascending order. */
export function inOrder(groups: readonly Uint32Array[]): Uint32Array {
  const rows = new Uint32Array(groups.reduce((sum, group) => sum + group.length, 0))
  let end = 0
  for (const group of groups) {
    rows.set(group, end)
    end += group.length
  }
  return rows.sort()
}
