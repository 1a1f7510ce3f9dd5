/** Classifies targets by all of them: a subset may look like something else. */
import { classesOf } from '../base/classes.js'
import { rowOf, selectRows, type Matrix } from '../base/samples.js'

/** Ascending: adding a row never lowers it. */
type Nature = 'classes' | 'bits' | 'numbers'

/**
 * A row of y that makes these rows classify as all of y does when added to them. On their own, the first two of
 * [1, 0], [0, 1], [1, 1] would be classes, as would those of 0, 1, 2.
 *
 * @returns undefined if the rows already classify that way
 */
export function witnessOf(y: Matrix, rows: Uint32Array): number | undefined {
  const nature = natureOf(y)
  if (natureOf(selectRows(y, rows)) === nature) return undefined
  for (let row = 0; row < y.rows; ++row) {
    if (natureOf({ ...y, rows: 1, values: rowOf(y, row) }) === nature) return row
  }
  return undefined
}

function natureOf(y: Matrix): Nature {
  if (classesOf(y) !== undefined) return 'classes'
  return y.values.every((value) => value === 0 || value === 1) ? 'bits' : 'numbers'
}
