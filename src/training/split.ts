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
  if (typeof option !== 'number') {
    const validation = readValidation(spec, option, 'samples { x, y } or a fraction of the samples')
    return { x, y, validation, rows: undefined }
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

/**
 * The samples of a validation that has data of its own.
 *
 * @param expected what the option may be
 * @throws TypeError or RangeError that names it
 */
export function readValidation(spec: Spec, option: unknown, expected: string): Pair | undefined {
  if (option === undefined) return undefined
  if (typeof option !== 'object' || option === null || !('x' in option && 'y' in option)) {
    throw new TypeError(`validation: expected ${expected}, got ${show(option)}`)
  }
  const [x, y] = readPair(spec, option.x, option.y, 'validation.')
  return { x: owned(x, option.x), y: owned(y, option.y) }
}
