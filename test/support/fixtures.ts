import { readFileSync } from 'node:fs'
import { resolveActivation } from '../../src/definition/activations.js'
import type { Architecture } from '../../src/definition/architecture.js'
import type { LossName } from '../../src/definition/losses.js'
import type { Optimizer } from '../../src/definition/optimizers.js'

/** What a network and its data are in every fixture; x and y are samples by row, weights[l] is nOut rows of nIn. */
interface NetworkCase {
  readonly sizes: number[]
  readonly activations: string[]
  readonly loss: LossName
  readonly samples: number
  readonly x: number[][]
  readonly y: number[][]
}

/** One network with all its quantities, exact to the last bit of an f64: [layer][sample][neuron], gradients summed. */
export interface GradientCase extends NetworkCase {
  readonly name: string
  readonly weights: number[][][]
  readonly biases: number[][]
  readonly z: number[][][]
  readonly a: number[][][]
  readonly lossSum: number
  readonly dC_dz: number[][][]
  /** all layers but the last */
  readonly dC_da_hidden: number[][][]
  readonly grad_w: number[][][]
  readonly grad_b: number[][]
}

/** Some full-batch steps of an optimiser on the mean loss; losses[i] is before step i. */
export interface OptimizerCase extends NetworkCase {
  readonly name: string
  readonly optimizer: Optimizer
  readonly steps: number
  readonly losses: number[]
  readonly start: { readonly weights: number[][][]; readonly biases: number[][] }
  readonly end: { readonly weights: number[][][]; readonly biases: number[][] }
}

/** The scores of a classifier, samples × classes, and scikit-learn's metrics of them, one per class, or of all; null: NaN. */
export interface ClassificationCase {
  readonly kind: 'classification'
  readonly classes: number
  readonly samples: number
  readonly truth: number[]
  readonly scores: number[][]
  readonly sampleWeight: number[] | null
  readonly expected: Readonly<Record<string, unknown>>
}

/** The predictions of a regression, samples × outputs, and scikit-learn's metrics of them. */
export interface RegressionCase {
  readonly kind: 'regression'
  readonly samples: number
  readonly outputs: number
  readonly truth: number[][]
  readonly predicted: number[][]
  readonly sampleWeight: number[] | null
  readonly expected: Readonly<Record<string, unknown>>
}

/** Scores of labels of which a sample may have any number, samples × labels, and scikit-learn's metrics of them; null: NaN. */
export interface MultilabelCase {
  readonly kind: 'multilabel'
  readonly samples: number
  readonly labels: number
  readonly truth: number[][]
  readonly scores: number[][]
  readonly sampleWeight: number[] | null
  readonly expected: Readonly<Record<string, unknown>>
}

/** A case of metrics, as test/fixtures/metrics.py wrote it. */
export type MetricsCase = ClassificationCase | MultilabelCase | RegressionCase

/** The cases of test/fixtures/<name>.json. */
export function gradientCases(name: 'seed-2-3-2-2' | 'activations' | 'losses' | 'shapes'): GradientCase[] {
  return load(name) as GradientCase[]
}

export function optimizerCases(): OptimizerCase[] {
  return load('optimizers') as OptimizerCase[]
}

export function metricsCases(): MetricsCase[] {
  return load('metrics') as MetricsCase[]
}

export function specOf({ sizes, activations, loss }: NetworkCase, precision: 'f32' | 'f64'): Architecture {
  const layers = activations.map((name, l) => {
    return { inputs: sizes[l], units: sizes[l + 1], activation: resolveActivation('activation', name) }
  })
  return { inputs: sizes[0], layers, loss, precision }
}

function load(name: string): unknown {
  return JSON.parse(readFileSync(`test/fixtures/${name}.json`, 'utf8'))
}
