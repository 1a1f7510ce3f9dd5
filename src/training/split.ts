import { checkNumber, show } from '../check.js'
import { Random } from '../random.js'
import { owned, readPair, selectRows, type Matrix } from '../samples.js'
import type { Spec } from '../spec.js'
import { holdOut, inOrder, rowsOfClasses } from '../stratify.js'

/** Samples that a network is trained on, and others that its training is judged by. */
export interface Split {
  readonly x: Matrix
  readonly y: Matrix
  readonly validation: Pair | undefined
  /** the rows of the samples given that x and y are; undefined: all, in their order */
  readonly rows: Uint32Array | undefined
}

export interface Pair {
  readonly x: Matrix
  readonly y: Matrix
}

/**
 * The samples of a fit and those of its validation: data of its own, or a fraction of the samples, chosen by the network's seed and
 * stratified: of every class the same fraction, where targets are classes.
 *
 * @param option samples { x, y }, a fraction, or undefined
 * @throws TypeError or RangeError that names the option
 */
export function splitValidation(spec: Spec, x: Matrix, y: Matrix, option: unknown): Split {
  if (option === undefined) return { x, y, validation: undefined, rows: undefined }
  if (typeof option === 'object' && option !== null && 'x' in option && 'y' in option) {
    const [heldX, heldY] = readPair(spec, option.x, option.y, 'validation.')
    const validation = { x: owned(heldX, option.x), y: owned(heldY, option.y) }
    return { x, y, validation, rows: undefined }
  }
  if (typeof option !== 'number') {
    throw new TypeError(
      `validation: expected samples { x, y } or a fraction of the samples, got ${show(option)}`,
    )
  }
  const fraction = checkNumber('validation', option, { above: 0, below: 1 })
  const parts = holdOut(rowsOfClasses(y), fraction, new Random(spec.seed, 'validation'))
  const [kept, held] = [inOrder(parts.kept), inOrder(parts.held)]
  if (kept.length === 0 || held.length === 0) {
    throw new RangeError(
      `validation: expected a fraction that leaves samples on both sides, got ${fraction} of ${x.rows}`,
    )
  }
  const rowsOf = (rows: Uint32Array): Pair => ({ x: selectRows(x, rows), y: selectRows(y, rows) })
  return { ...rowsOf(kept), validation: rowsOf(held), rows: kept }
}
