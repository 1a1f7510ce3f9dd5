import { rangeError, typeError } from '../base/argument-error.js'
import { checkBoolean, checkInteger, checkKeys, checkNumber, checkObject, show } from '../base/check.js'
import { isTable, type Table } from '../data/table.js'
import { Random } from '../base/random.js'
import type { FitData } from '../index.js'
import { holdOut, inOrder } from '../base/stratify.js'
import { inRandomOrder } from './division.js'
import { otherSplitOptions } from './other-names.js'
import { selectableRows, selectableSamples, type Selectable } from './selectable.js'

interface CommonOptions {
  /** the fraction of the rows for validation, during training; 0.2 unless given */
  readonly validation?: number
  /** the fraction of the rows for testing the result; 0.2 unless given */
  readonly test?: number
  /** an integer from 0 to 2⁵³ − 1 that determines the choice of rows */
  readonly seed: number
}

/** Options of split, for samples { x, y }. */
export interface SampleSplitOptions extends CommonOptions {
  /**
   * whether every class contributes the same fraction of its rows. Classes are recognised if rows of y are one-hot (a
   * single 1, otherwise 0), or if y is one column of class indices: integers that include each one from 0 to the
   * highest, with at most half as many classes as samples; true unless given
   */
  readonly stratify?: boolean
  /** numbers per sample of x; required if x and y are both flat, otherwise inferred from the other's rows */
  readonly inputs?: number
}

/** Options of split, for tables and records. */
export interface RowSplitOptions extends CommonOptions {
  /** the column to stratify by: every value contributes the same fraction of its rows to each part */
  readonly target?: string
}

/** Every row of the data, in one of three parts, each in the order of the data. */
export interface Parts<Data> {
  readonly train: Data
  readonly validation: Data
  readonly test: Data
}

/**
 * Splits data into three parts: of n rows, Math.round(validation·n) and Math.round(test·n) are chosen at random,
 * determined by the seed; the rest is for training. If stratified, every class contributes its share to each part, to
 * within two rows.
 *
 * @param data samples { x, y }, flat or by row; a table of deltaprop/data; or an array of records
 * @returns data of the same kind: numbers are copied; rows and records are the same objects
 * @throws RangeError if nothing is left for training, or a fraction that is not 0 selects no rows
 * @example
 * import { split } from 'deltaprop/selection'
 * const data = { x: [[1], [2], [3], [4], [5]], y: [[0], [1], [1], [0], [1]] }
 * const { train, validation, test } = split(data, { validation: 0.2, test: 0.2, seed: 1 })
 * console.log(train.x.length, validation.x.length, test.x.length) // 3 1 1
 */
export function split<Given extends FitData>(data: Given, options: SampleSplitOptions): Parts<Given>
export function split(data: Table, options: RowSplitOptions): Parts<Table>
export function split<Entry extends object>(data: readonly Entry[], options: RowSplitOptions): Parts<Entry[]>
export function split(data: unknown, options: unknown): Parts<unknown> {
  const given = checkObject('options', options)
  const { validation = 0.2, test = 0.2, seed } = given
  const source = selectable(data, given)
  const fractions = {
    test: checkNumber('test', test, { min: 0, below: 1 }),
    validation: checkNumber('validation', validation, { min: 0, below: 1 }),
  }
  const random = new Random(checkInteger('seed', seed, { min: 0 }), 'split')
  const counts = {
    test: countOf('test', fractions.test, source.rows),
    validation: countOf('validation', fractions.validation, source.rows),
  }
  const rest = source.rows - counts.test
  if (rest <= counts.validation) {
    const both = `${fractions.validation} and ${fractions.test}`
    throw rangeError('validation, test', 'fractions that leave rows to train on', `${both} of ${source.rows}`)
  }
  const tested = holdOut(inRandomOrder(source.groups, random), counts.test / source.rows, random)
  const validated = holdOut(tested.kept, counts.validation / rest, random)
  const part = (groups: readonly Uint32Array[]): unknown => source.select(inOrder(groups))
  return { train: part(validated.kept), validation: part(validated.held), test: part(tested.held) }
}

const common = ['validation', 'test', 'seed']

function selectable(data: unknown, options: Readonly<Record<string, unknown>>): Selectable {
  if (typeof data === 'object' && data !== null && 'x' in data) {
    const { stratify = true, inputs } = checkKeys(
      'options',
      options,
      [...common, 'stratify', 'inputs'],
      otherSplitOptions,
    )
    return selectableSamples(data, inputs, checkBoolean('stratify', stratify))
  }
  if (!Array.isArray(data) && !isTable(data)) {
    throw typeError('data', 'samples { x, y }, a table or an array of records', show(data))
  }
  const { target } = checkKeys('options', options, [...common, 'target'], otherSplitOptions)
  if (target === undefined || typeof target === 'string') return selectableRows(data, target)
  throw typeError('target', 'the name of a column', show(target))
}

/** @throws RangeError if a fraction that is not 0 selects no rows */
function countOf(name: string, fraction: number, rows: number): number {
  const count = Math.round(fraction * rows)
  if (count > 0 || fraction === 0) return count
  throw rangeError(name, 'a fraction that gives at least 1 row', `${fraction} of ${rows}`)
}
