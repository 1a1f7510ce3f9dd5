import { rangeError } from '../base/argument-error.js'
import { withFlag } from '../platform/abort.js'
import { checkBoolean, checkInteger, checkKeys, checkSignal, show } from '../base/check.js'
import { typedArrayTag } from '../base/show.js'
import { isTable, withNumbers, type Table } from '../data/table.js'
import type { Division } from './division.js'
import type { FitOutcome, PlainRecipe, SharedByFits } from './elsewhere.js'
import { readDivision, readSelection, type Selection } from './options.js'
import { candidateOf, recipeNames, type Candidate } from './recipe.js'
import { trainFold } from './trials.js'

/** The fits of a selection, on data that have come from elsewhere. */
export interface OpenFits {
  /** fits of a candidate */
  readonly folds: number
  /**
   * Trains a candidate on all folds but one and evaluates it there: bit for bit as on the machine that asked for it. Long
   * fits run in a worker, short ones on this thread, with turns for the event loop.
   *
   * @param recipe the same object for all folds of a candidate saves reading it anew
   * @param fold from 0
   * @returns plain data
   * @throws TypeError or RangeError for what fit would refuse; Error if training fails; the signal's reason
   */
  fit(recipe: PlainRecipe, fold: number, options?: { readonly signal?: AbortSignal }): Promise<FitOutcome>
}

const divisionNames = ['seed', 'stratify', 'byClass', 'inputs', 'model', 'folds', 'validation']

/**
 * Reads what the fits of a selection share: the counterpart of the option `on`, on the machine that trains. Nothing is
 * taken on trust.
 *
 * @param shared data and division, as FitsElsewhere has them
 * @throws TypeError or RangeError that names what is wrong
 * @example
 * import { openFits } from 'deltaprop/selection'
 * const data = { x: new Float32Array([0, 1, 2, 3]), y: new Float32Array([0, 1, 0, 1]) }
 * const fits = openFits({ data, division: { seed: 1, stratify: true, byClass: false, inputs: 1, folds: 2 } })
 * const recipe = { network: { hidden: [2], activation: 'sigmoid' }, fit: { epochs: 5 } }
 * const { evaluation, history } = await fits.fit(recipe, 0)
 * console.log(evaluation.loss, history.epochs.length)
 */
export function openFits(shared: SharedByFits): OpenFits {
  const { data: given, numbers, division } = checkKeys('shared', shared, ['data', 'numbers', 'division'])
  const { seed, stratify, inputs, model, folds, validation, byClass } = checkKeys(
    'division',
    division,
    divisionNames,
  )
  const data = numbers === undefined ? given : numbered(given as Table | unknown[], numbers)
  const options = { seed, stratify, ...(inputs !== undefined && { inputs }) }
  const selection = readSelection(data, options, model)
  const { source } = selection
  const divided = (checkBoolean('division.byClass', byClass) ? source.byClass?.() : undefined) ?? source
  return new Fits(
    data,
    selection,
    readDivision({ source: divided, seed: selection.seed }, { folds, validation }),
  )
}

class Fits implements OpenFits {
  readonly #data: unknown
  readonly #selection: Selection
  readonly #division: Division
  /** for the next fold of the same recipe: a model's classes are looked for in all data */
  readonly #candidates = new WeakMap<object, Candidate>()

  constructor(data: unknown, selection: Selection, division: Division) {
    this.#data = data
    this.#selection = selection
    this.#division = division
  }

  get folds(): number {
    return this.#division.count
  }

  async fit(
    recipe: PlainRecipe,
    fold: number,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<FitOutcome> {
    const candidate = this.#candidate(recipe)
    const signal = checkSignal(checkKeys('options', options, ['signal']).signal)
    checkInteger('fold', fold, { min: 0, max: this.folds - 1 })
    const { evaluation, history, seconds } = await withFlag(signal, (flag) =>
      trainFold(candidate, this.#division, fold, 'auto', flag),
    )
    return { evaluation, history, seconds }
  }

  #candidate(recipe: PlainRecipe): Candidate {
    const known = this.#candidates.get(recipe)
    if (known !== undefined) return known
    const { sizes, seed } = this.#selection
    const candidate = candidateOf(checkKeys('recipe', recipe, recipeNames), sizes, seed, this.#data)
    this.#candidates.set(recipe, candidate)
    return candidate
  }
}

/** Data with the numbers of their rows, for messages. @throws RangeError unless there is one for each row */
function numbered(data: Table | unknown[], numbers: unknown): unknown {
  const rows = isTable(data) ? data.rows : data.length
  if (typedArrayTag(numbers) !== 'Uint32Array' || (numbers as Uint32Array).length !== rows) {
    throw rangeError('numbers', `a Uint32Array of ${rows}, the number of each row`, show(numbers))
  }
  return isTable(data)
    ? { ...data, numbers: numbers as Uint32Array }
    : withNumbers(data, numbers as Uint32Array)
}
