import type { evaluate } from '../index.js'
import { classificationDirections } from '../metrics/classification.js'
import type { Direction } from '../metrics/direction.js'
import { multilabelDirections } from '../metrics/multilabel.js'
import { precisionRecallDirections } from '../metrics/precision-recall.js'
import { regressionDirections } from '../metrics/regression.js'
import type { ModelEvaluation } from '../model/index.js'

/** What a network or a model is worth on samples. */
export type Evaluation = ReturnType<typeof evaluate> | ModelEvaluation

/** What several evaluations say of a metric. */
export interface Estimate {
  readonly mean: number
  /** √(Σ(v − mean)²/(k − 1)) of the k folds' values; NaN for one */
  readonly deviation: number
}

type Count = 'classes' | 'labels'

/** How many there are is no metric. */
const counts: ReadonlySet<string> = new Set<Count>(['classes', 'labels'])

/** The metrics that are one number, of those of `macro` and its like as `f1`. */
type ScalarName<Metrics> = Metrics extends readonly unknown[]
  ? never
  : {
      [Name in keyof Metrics]-?: Metrics[Name] extends number
        ? Name
        : Metrics[Name] extends object
          ? ScalarName<Metrics[Name]>
          : never
    }[keyof Metrics]

type Each<Union> = Union extends unknown ? ScalarName<Union> : never

/** A metric that none of these has does not compile. */
const directions: Readonly<Record<Exclude<Each<Evaluation>, Count>, Direction>> = {
  loss: 'less',
  ...classificationDirections,
  ...multilabelDirections,
  ...regressionDirections,
  ...precisionRecallDirections,
}

/** 1 for a metric of which more is better, −1 for one of which less is; `macro.f1` is as f1. */
export function directionOf(metric: string): 1 | -1 {
  const name = metric.slice(metric.lastIndexOf('.') + 1)
  return Object.hasOwn(directions, name) && directions[name as keyof typeof directions] === 'less' ? -1 : 1
}

/** The metrics that are one number, by name; those of `macro`, `micro`, `weighted` and `samples` as `macro.f1`. */
export function scalarMetrics(evaluation: Evaluation): Map<string, number> {
  const scalars = new Map<string, number>()
  for (const [name, value] of Object.entries(evaluation) as [string, unknown][]) {
    if (typeof value === 'number' && !counts.has(name)) scalars.set(name, value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    for (const [inner, number] of Object.entries(value) as [string, unknown][]) {
      if (typeof number === 'number') scalars.set(`${name}.${inner}`, number)
    }
  }
  return scalars
}

/** Mean and standard deviation of every metric that all evaluations have. */
export function estimates(evaluations: readonly Evaluation[]): Record<string, Estimate> {
  const scalars = evaluations.map(scalarMetrics)
  const entries: [string, Estimate][] = []
  for (const name of scalars[0].keys()) {
    const values = scalars.flatMap((each) => each.get(name) ?? [])
    if (values.length === scalars.length) entries.push([name, estimate(values)])
  }
  return Object.fromEntries(entries)
}

export function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) }
}
