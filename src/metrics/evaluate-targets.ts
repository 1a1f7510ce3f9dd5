import type { Floats } from '../base/floats.js'
import type { LossName } from '../definition/losses.js'
import type { Row } from '../base/samples.js'
import { areClassNumbers, type Targets } from '../base/targets.js'
import { classificationMetrics } from './classification.js'
import { evaluateOutputs, type Evaluation } from './evaluate.js'

/** As evaluateOutputs, for targets that have been read: class numbers are used as they are. */
export function evaluateTargets(outputs: Floats, y: Targets, weights?: Row, loss?: LossName): Evaluation {
  const { columns } = y
  if (!areClassNumbers(y)) return evaluateOutputs(outputs, y.values, columns, weights, loss)
  const metrics = classificationMetrics(y.classes, outputs, columns, weights)
  return { kind: 'classification', classes: columns, ...metrics }
}
