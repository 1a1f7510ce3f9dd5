import { rangeError } from '../base/argument-error.js'
import { checkNumber, checkObject, showName } from '../base/check.js'
import type { FitOptions } from '../index.js'
import { suggestion } from '../base/suggest.js'
import type { Coder } from './coder.js'
import { showNames } from './messages.js'
import { classNames } from './preprocessing.js'
import type { Preprocessing } from './column.js'
import { readData, type Data } from './source.js'

/** Options of Network.fit, with names where it has numbers. */
export type ModelFitOptions = Omit<FitOptions, 'validation' | 'classWeights'> & {
  /** other data whose loss is taken after each epoch; or the fraction of the rows that are held out for it */
  readonly validation?: Data | number
  /** how often rows of each class count, by its name, 1 unless given; or 'balanced': as if there were as many of each */
  readonly classWeights?: 'balanced' | Readonly<Record<string, number>>
}

/**
 * Options as the network takes them, which checks the others.
 *
 * @throws TypeError or RangeError that names the option
 */
export function networkFitOptions(options: unknown, preprocessing: Preprocessing, coder: Coder): FitOptions {
  const { validation, classWeights, ...others } = checkObject('options', options)
  const isData = typeof validation === 'object' && validation !== null
  return {
    ...others,
    ...(validation !== undefined && {
      validation: isData ? coder.judging('validation', readData('validation', validation)) : validation,
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
