/** Evaluations as JSON has them, with every bit of their numbers: NaN, ±Infinity and −0 are texts. */
import { typeError } from '../base/argument-error.js'
import { checkName, checkObject, show } from '../base/check.js'
import { jsonOf } from '../formats/numbers.js'
import { evaluations } from '../formats/saved-metrics.js'
import { readShape } from '../formats/shapes.js'
import type { Evaluation } from './estimate.js'

/** What each kind calls what its metrics are of: how many a network has, and their names of a model. */
const subjects = { classification: 'classes', multilabel: 'labels', regression: 'targets' } as const

/** For JSON.stringify. */
export function writeEvaluation(evaluation: Evaluation): unknown {
  return jsonOf(evaluation)
}

/** @throws TypeError or RangeError that names what writeEvaluation would not write */
export function readEvaluation(name: string, value: unknown): Evaluation {
  const given = checkObject(name, value)
  const kind = checkName(`${name}.kind`, given.kind, Object.keys(subjects) as (keyof typeof subjects)[])
  const subject = subjects[kind]
  const names = given[subject]
  const ofModel = Array.isArray(names) ? { [subject]: ['any'] as const } : {}
  const read = readShape(name, given, { loss: 'number', ...evaluations[kind], ...ofModel })
  if (Array.isArray(names)) checkNames(`${name}.${subject}`, names)
  // Metrics are listed in the order of their evaluation.
  const entries = Object.keys(given).map((key) => [key, (read as Record<string, unknown>)[key]])
  return Object.fromEntries(entries) as Evaluation
}

function checkNames(name: string, names: readonly unknown[]): void {
  for (const [i, each] of names.entries()) {
    if (['string', 'number', 'boolean'].includes(typeof each)) continue
    throw typeError(`${name}[${i}]`, 'a text, a number or a boolean', show(each))
  }
}
