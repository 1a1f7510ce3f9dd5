import { rangeError } from '../base/argument-error.js'
import { checkNumber, checkObject, show, showName } from '../base/check.js'
import type { FitOptions } from '../index.js'
import { suggestion } from '../base/suggest.js'
import type { Coder } from './coder.js'
import { showNames } from './messages.js'
import { modelOptionNames } from './options.js'
import { classNames } from './preprocessing.js'
import type { Preprocessing } from './column.js'
import { readData, type Data } from './source.js'

/** Options of Network.fit, with names instead of numbers. */
export type ModelFitOptions = Omit<FitOptions, 'validation' | 'classWeights'> & {
  /** separate data whose loss is measured after each epoch; or the fraction of the rows held out for that */
  readonly validation?: Data | number
  /** the weight of each class by its name, 1 unless given; or 'balanced': as if all classes had equally many rows */
  readonly classWeights?: 'balanced' | Readonly<Record<string, number>>
}

/**
 * Translates the options for the network, which checks the remaining ones.
 *
 * @param hasBatches whether the data come in batches, of which no fraction can be held out
 * @throws TypeError or RangeError that names the option
 */
export function networkFitOptions(
  options: unknown,
  preprocessing: Preprocessing,
  coder: Coder,
  hasBatches: boolean,
): FitOptions {
  const { validation, classWeights, ...others } = checkObject('options', options)
  const misplaced = Object.keys(others).find((name) => modelOptionNames.includes(name))
  if (misplaced !== undefined) {
    throw rangeError('options', 'those of fit', show(misplaced), { hint: 'it belongs to Model.create' })
  }
  const isFraction = typeof validation === 'number'
  if (isFraction && hasBatches) throw rangeError('validation', 'a table or rows beside batches', validation)
  return {
    ...others,
    ...(validation !== undefined && {
      validation: isFraction ? validation : coder.toTest('validation', readData('validation', validation)),
    }),
    ...(classWeights !== undefined && { classWeights: byClass(classWeights, preprocessing) }),
  } as FitOptions
}

/** Weights in the order of the classes. */
function byClass(classWeights: unknown, preprocessing: Preprocessing): unknown {
  const classes = classNames(preprocessing)?.map(String)
  if (classes === undefined || classWeights === 'balanced') return classWeights
  const given = checkObject('classWeights', classWeights)
  for (const [name, weight] of Object.entries(given)) {
    if (!classes.includes(name)) {
      throw rangeError('classWeights', `classes (${showNames(classes)})`, showName(name), {
        hint: suggestion(name, classes),
      })
    }
    checkNumber(`classWeights of ${showName(name)}`, weight, { min: 0 })
  }
  return classes.map((name) => (Object.hasOwn(given, name) ? given[name] : 1))
}
