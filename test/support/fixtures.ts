import { readFileSync } from 'node:fs'
import { resolveActivation } from '../../src/activations.js'
import type { EngineSpec } from '../../src/engine/engine.js'
import type { LossName } from '../../src/losses.js'

/** What a network and its data are in every fixture; x and y are samples by row, weights[l] is nOut rows of nIn. */
interface NetworkCase {
  readonly sizes: number[]
  readonly activations: string[]
  readonly loss: LossName
  readonly samples: number
  readonly x: number[][]
  readonly y: number[][]
}

/** One network with all its quantities, as PyTorch computed them in f64: [layer][sample][neuron], gradients summed. */
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

/** Some full-batch steps of an optimiser on the mean loss, with PyTorch's hyper-parameters; losses[i] is before step i. */
export interface OptimizerCase extends NetworkCase {
  readonly optimizer: string
  readonly hyper: Readonly<Record<string, unknown>>
  readonly steps: number
  readonly losses: number[]
  readonly start: { readonly weights: number[][][]; readonly biases: number[][] }
  readonly end: { readonly weights: number[][][]; readonly biases: number[][] }
}

/** The cases of test/fixtures/<name>.json. */
export function gradientCases(name: 'seed-2-3-2-2' | 'activations' | 'losses' | 'shapes'): GradientCase[] {
  return load(name) as GradientCase[]
}

export function optimizerCases(): OptimizerCase[] {
  return load('optimizers') as OptimizerCase[]
}

export function specOf({ sizes, activations, loss }: NetworkCase, precision: 'f32' | 'f64'): EngineSpec {
  const layers = activations.map((name, l) => {
    return { units: sizes[l + 1], activation: resolveActivation('activation', name) }
  })
  return { inputs: sizes[0], layers, loss, precision }
}

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))
}
