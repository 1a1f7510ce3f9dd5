import type { evaluate } from '../index.js'
import { classificationDirections } from '../metrics/classification.js'
import type { Direction } from '../metrics/direction.js'
import { multilabelDirections } from '../metrics/multilabel.js'
import { precisionRecallDirections } from '../metrics/precision-recall.js'
import { regressionDirections } from '../metrics/regression.js'
import type { ModelEvaluation } from '../model/index.js'

/** The metrics of a network or model on samples. */
export type Evaluation = ReturnType<typeof evaluate> | ModelEvaluation

/** A metric summarised over several evaluations. */
export interface Estimate {
  readonly mean: number
  /** √(Σ(v − mean)²/(k − 1)) of the k folds' values; NaN for one */
  readonly deviation: number
}

type Count = 'classes' | 'labels'

/** Properties that are counts rather than metrics. */
const counts: ReadonlySet<string> = new Set<Count>(['classes', 'labels'])

/** The names of the scalar metrics; within `macro` and similar, plain names such as `f1`. */
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

/** A metric missing here is a compile error. */
const directions: Readonly<Record<Exclude<Each<Evaluation>, Count>, Direction>> = {
  loss: 'less',
  ...classificationDirections,
  ...multilabelDirections,
  ...regressionDirections,
  ...precisionRecallDirections,
}

/** 1 for a metric where more is better, −1 where less is; `macro.f1` counts as f1. */
export function directionOf(metric: string): 1 | -1 {
  const name = metric.slice(metric.lastIndexOf('.') + 1)
  return Object.hasOwn(directions, name) && directions[name as keyof typeof directions] === 'less' ? -1 : 1
}

/** The scalar metrics by name; those within `macro`, `micro`, `weighted` and `samples` as `macro.f1`. */
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

/** Mean and standard deviation of every metric that all evaluations have in common. */
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
