import { rangeError, typeError } from '../base/argument-error.js'
import { COUNTERS } from '../engine/trained-state.js'
import {
  checkBoolean,
  checkInteger,
  checkKeys,
  checkName,
  checkNumber,
  checkObject,
  show,
} from '../base/check.js'
import { resolveOptimizer } from '../definition/optimizers.js'
import type {
  ClassificationEvaluation,
  Evaluation,
  MultilabelEvaluation,
  RegressionEvaluation,
} from '../metrics/evaluate.js'
import type { PrecisionRecall } from '../metrics/precision-recall.js'
import type { OutputMetrics } from '../metrics/regression.js'
import type { Progress, SavedTraining } from '../state/saved.js'
import { numberOfText, textOfNumber } from './numbers.js'

/** @throws TypeError or RangeError that names what is wrong */
export function readProgress(name: string, value: unknown): Progress {
  const given = checkKeys(name, value, ['pending', 'epochs', 'optimizer', 'counters'])
  const optimizer = given.optimizer === undefined ? undefined : resolveOptimizer(given.optimizer)
  const counters = readCounters(`${name}.counters`, given.counters, optimizer === undefined ? 0 : COUNTERS)
  return {
    pending: checkInteger(`${name}.pending`, given.pending, { min: 0 }),
    epochs: checkInteger(`${name}.epochs`, given.epochs, { min: 0 }),
    optimizer,
    counters,
  }
}

/** Reads the optimiser's counters: the number of steps, and three products of numbers from 0 to 1. */
function readCounters(name: string, value: unknown, length: number): number[] {
  if (!Array.isArray(value) || value.length !== length) throw rangeError(name, `${length} numbers`)
  return value.map((counter: unknown, i) =>
    i === 0
      ? checkInteger(`${name}[0]`, counter, { min: 0 })
      : checkNumber(`${name}[${i}]`, counter, { min: 0, max: 1 }),
  )
}

/** Everything except the arrays, for JSON; numbers that JSON lacks become texts. */
export function writeTraining(training: SavedTraining): unknown {
  const text = JSON.stringify({ ...training, arrays: undefined }, (_, value: unknown) => {
    return typeof value === 'number' ? (textOfNumber(value) ?? value) : value
  })
  return JSON.parse(text)
}

/** The shape of a value; keys that end in ? may be missing. */
type Shape =
  'number' | 'count' | 'boolean' | 'any' | 'metrics' | readonly [Shape] | { readonly [key: string]: Shape }

/** The shape of a T in which `Late` may be missing, as files have it that were written before these were. */
type ShapeOf<T, Late extends keyof T = never> = T extends number
  ? 'number' | 'count'
  : T extends string
    ? 'any'
    : T extends readonly (infer Entry)[]
      ? readonly [ShapeOf<Entry>]
      : { readonly [Key in Exclude<keyof T, Late>]: ShapeOf<T[Key]> } & {
          readonly [Key in Late as `${Key & string}?`]: ShapeOf<T[Key]>
        }

const scores: ShapeOf<PrecisionRecall> = { precision: 'number', recall: 'number', f1: 'number' }

const scoreLists: ShapeOf<PrecisionRecall<readonly number[]>> = {
  precision: ['number'],
  recall: ['number'],
  f1: ['number'],
}

const errors: ShapeOf<OutputMetrics> = {
  meanSquared: 'number',
  rootMeanSquared: 'number',
  meanAbsolute: 'number',
  r2: 'number',
}

const errorLists: ShapeOf<OutputMetrics<readonly number[]>> = {
  meanSquared: ['number'],
  rootMeanSquared: ['number'],
  meanAbsolute: ['number'],
  r2: ['number'],
}

/** A metric that is missing here does not compile. One that is new is late: older files go on being read. */
const evaluations: {
  readonly classification: ShapeOf<ClassificationEvaluation>
  readonly multilabel: ShapeOf<MultilabelEvaluation>
  readonly regression: ShapeOf<RegressionEvaluation, 'r2VarianceWeighted' | 'perOutput'>
} & Readonly<Record<Evaluation['kind'], Shape>> = {
  classification: {
    kind: 'any',
    classes: 'count',
    accuracy: 'number',
    confusionMatrix: [['number']],
    perClass: scoreLists,
    macro: scores,
    micro: scores,
    weighted: scores,
    kappa: 'number',
    matthews: 'number',
    rocAuc: 'number',
    logLoss: 'number',
    brier: 'number',
  },
  multilabel: {
    kind: 'any',
    labels: 'count',
    subsetAccuracy: 'number',
    hammingLoss: 'number',
    perLabel: { ...scoreLists, rocAuc: ['number'], support: ['number'] },
    macro: scores,
    micro: scores,
    weighted: scores,
    samples: scores,
    rocAuc: 'number',
    logLoss: 'number',
  },
  regression: {
    kind: 'any',
    ...errors,
    'r2VarianceWeighted?': 'number',
    'perOutput?': errorLists,
  },
}

const report: Shape = {
  epoch: 'count',
  loss: 'number',
  batches: 'count',
  learningRate: 'number',
  seconds: 'number',
  'validation?': { loss: 'number', 'accuracy?': 'number', 'metrics?': 'metrics' },
}

const training: Shape = {
  options: 'any',
  reports: [report],
  updates: 'count',
  'learningRate?': 'number',
  'part?': { loss: 'number', batches: 'count', samples: 'count' },
  plateaus: [{ reductions: 'count', best: 'number', epochs: 'count' }],
  'best?': { epoch: 'count', loss: 'number', 'counters?': ['number'] },
  average: 'boolean',
}

/** @throws TypeError or RangeError for anything that writeTraining would not write */
export function readTraining(value: unknown): Omit<SavedTraining, 'arrays'> {
  const read = readShape('training', value, training) as Omit<SavedTraining, 'arrays'>
  if (read.best?.counters) readCounters('training.best.counters', read.best.counters, COUNTERS)
  return read
}

function readShape(name: string, value: unknown, shape: Shape): unknown {
  if (shape === 'any') return value
  if (shape === 'count') return checkInteger(name, value, { min: 0 })
  if (shape === 'boolean') return checkBoolean(name, value)
  if (shape === 'metrics') {
    const kinds = Object.keys(evaluations) as Evaluation['kind'][]
    const kind = checkName(`${name}.kind`, checkObject(name, value).kind, kinds)
    return readShape(name, value, evaluations[kind])
  }
  if (shape === 'number') {
    if (typeof value === 'number') return value
    const special = numberOfText(value)
    if (special !== undefined) return special
    throw typeError(name, 'a number', show(value))
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) throw typeError(name, 'an array', show(value))
    return value.map((entry: unknown, i) => readShape(`${name}[${i}]`, entry, shape[0]))
  }
  const keys = Object.keys(shape)
  const given = checkKeys(
    name,
    value,
    keys.map((key) => key.replace('?', '')),
  )
  const read: Record<string, unknown> = {}
  for (const key of keys) {
    const field = key.replace('?', '')
    if (key === field || Object.hasOwn(given, field)) {
      read[field] = readShape(`${name}.${field}`, given[field], shape[key])
    }
  }
  return read
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape)
}
