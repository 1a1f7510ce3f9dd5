import { COUNTERS } from '../engine/counters.js'
import { checkBoolean, checkInteger, checkKeys, checkName, checkObject, show } from '../base/check.js'
import type { Outcome } from '../engine/engine.js'
import type { Floats } from '../base/floats.js'
import type { Evaluation } from '../metrics/evaluate.js'
import type { PlateauState } from '../definition/schedules.js'
import type { EpochReport } from '../state/reports.js'
import { readCounters } from './saved.js'

/** Where a fit stands: what a checkpoint has beside the network. */
export interface SavedTraining {
  /** what its bits follow from, as JSON has it: to be compared */
  readonly options: unknown
  readonly reports: readonly EpochReport[]
  /** before the epoch that is next, or has been begun */
  readonly updates: number
  /** of the last update, if there is a schedule */
  readonly learningRate?: number | undefined
  /** what has come of an epoch that was interrupted */
  readonly part?: PartOfEpoch | undefined
  /** of each reduceOnPlateau */
  readonly plateaus: readonly PlateauState[]
  /** of early stopping */
  readonly best?: BestEpoch | undefined
  /** whether there is a moving average of the parameters */
  readonly average: boolean
  /** those of arrayNames, each in the order of the parameters */
  readonly arrays: ReadonlyMap<string, Floats>
}

export interface PartOfEpoch extends Outcome {
  readonly samples: number
}

export interface BestEpoch {
  /** 0 if there was none yet */
  readonly epoch: number
  readonly loss: number
  /** the optimiser's then; undefined where that network is not kept */
  readonly counters?: readonly number[] | undefined
}

/** The arrays: the average; the parameters of the best epoch, with the slots of the optimiser and the average of then. */
export function arrayNames(
  { average, best }: Pick<SavedTraining, 'average' | 'best'>,
  slots: number,
): string[] {
  const kept = Array.from({ length: slots + Number(average) }, (_, i) => `best.${i}`)
  return [...(average ? ['average'] : []), ...(best?.counters ? ['best.parameters', ...kept] : [])]
}

const specials = ['NaN', 'Infinity', '-Infinity', '-0']

/** All but the arrays, for JSON: numbers that it does not have are text. */
export function writeTraining(training: SavedTraining): unknown {
  const text = JSON.stringify({ ...training, arrays: undefined }, (_, value: unknown) => {
    if (Object.is(value, -0)) return '-0'
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  })
  return JSON.parse(text)
}

/** What a value must be; keys that end in ? may be missing. */
type Shape =
  'number' | 'count' | 'boolean' | 'any' | 'metrics' | readonly [Shape] | { readonly [key: string]: Shape }

const scores: Shape = { precision: 'number', recall: 'number', f1: 'number' }

const scoreLists: Shape = { precision: ['number'], recall: ['number'], f1: ['number'] }

const errors: Shape = {
  meanSquared: 'number',
  rootMeanSquared: 'number',
  meanAbsolute: 'number',
  r2: 'number',
}

const errorLists: Shape = {
  meanSquared: ['number'],
  rootMeanSquared: ['number'],
  meanAbsolute: ['number'],
  r2: ['number'],
}

const evaluations: Readonly<Record<Evaluation['kind'], Shape>> = {
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
    // Older files have neither.
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

/** @throws TypeError or RangeError for what is not as writeTraining has it */
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
    const kind = checkName(`${name}.kind`, checkObject(name, value).kind, [
      'classification',
      'multilabel',
      'regression',
    ])
    return readShape(name, value, evaluations[kind])
  }
  if (shape === 'number') {
    if (typeof value === 'number') return value
    if (typeof value === 'string' && specials.includes(value)) return Number(value)
    throw new TypeError(`${name}: expected a number, got ${show(value)}`)
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) throw new TypeError(`${name}: expected an array, got ${show(value)}`)
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
