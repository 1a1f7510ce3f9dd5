/** The shapes that metrics have in files. */
import type {
  ClassificationEvaluation,
  Evaluation,
  MultilabelEvaluation,
  RegressionEvaluation,
} from '../metrics/evaluate.js'
import type { PrecisionRecall } from '../metrics/precision-recall.js'
import type { OutputMetrics } from '../metrics/regression.js'
import type { Fields, ShapeOf } from './shapes.js'

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
export const evaluations: {
  readonly classification: ShapeOf<ClassificationEvaluation>
  readonly multilabel: ShapeOf<MultilabelEvaluation>
  readonly regression: ShapeOf<RegressionEvaluation, 'r2VarianceWeighted' | 'perOutput'>
} & Readonly<Record<Evaluation['kind'], Fields>> = {
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
