/** What targets are, by all of them: some rows alone may look like something else. */
import { classesOf } from '../base/classes.js'
import { rowOf, selectRows, type Matrix } from '../base/samples.js'

/** Ascending: what has a row of one is no less. */
type Nature = 'classes' | 'bits' | 'numbers'

/**
 * A row of y beside which these rows are taken for what all of y is: of [1, 0], [0, 1], [1, 1] the first two alone would be classes, and
 * of 0, 1, 2 too.
 *
 * @returns undefined where they are taken for that anyway
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
