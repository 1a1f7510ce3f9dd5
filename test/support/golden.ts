import {
  adam,
  nadam,
  Network,
  sgd,
  type FitOptions,
  type LongOptions,
  type Optimizer,
} from '../../src/index.js'
import { probabilities } from './probabilities.js'
import { randomRows } from './random-rows.js'
import { engineOf } from './ways.js'

export interface TrainingCase {
  readonly name: string
  readonly spec: LongOptions
  readonly optimizer: Optimizer
  readonly samples: number
  readonly batchSize: number
  /** of fit, beside these */
  readonly options?: FitOptions
  /** whether samples count differently */
  readonly isWeighted?: boolean
}

export const layer = (
  units: number,
  activation: 'sigmoid' | 'tanh' | 'gelu' | 'mish' | 'softplus' | 'softmax',
) => {
  return { units, activation, biasInitializer: { type: 'normal', scale: 0.1 } } as const
}

/** Four networks that between them use every elementary function, panels full and partial, every path of the gradient, all that regularises. */
export const goldenCases: readonly TrainingCase[] = [
  {
    name: '2-3-2-2 sigmoid, sgd',
    spec: { inputs: 2, layers: [layer(3, 'sigmoid'), layer(2, 'sigmoid'), layer(2, 'sigmoid')], seed: 1 },
    optimizer: sgd({ learningRate: 0.5 }),
    samples: 32,
    batchSize: 32,
  },
  {
    name: '17-33-5 tanh softmax, adam',
    spec: { inputs: 17, layers: [layer(33, 'tanh'), layer(5, 'softmax')], seed: 2 },
    optimizer: adam(),
    samples: 130,
    batchSize: 13,
  },
  {
    name: '64-40-24-10 gelu mish softplus huber, nadam',
    spec: {
      inputs: 64,
      layers: [layer(40, 'gelu'), layer(24, 'mish'), layer(10, 'softplus')],
      loss: 'huber',
      seed: 3,
    },
    optimizer: nadam(),
    samples: 3000,
    batchSize: 300,
  },
  {
    name: '17-33-12-5 tanh, regularised, adam',
    spec: { inputs: 17, layers: [layer(33, 'tanh'), layer(12, 'tanh'), layer(5, 'sigmoid')], seed: 4 },
    optimizer: adam(),
    samples: 130,
    batchSize: 13,
    isWeighted: true,
    options: {
      l1: 1e-4,
      l2: 1e-3,
      clipGradients: { value: 0.05, norm: 0.1, globalNorm: 0.12 },
      maxWeightNorm: 1.3,
      dropout: [0.2, 0.5],
      averageWeights: 0.95,
    },
  },
]

/** Each case in f32 and in f64; the name is there for titles of tests. */
export function inBothPrecisions(
  cases: readonly TrainingCase[],
): { given: TrainingCase; name: string; precision: 'f32' | 'f64' }[] {
  return cases.flatMap((given) =>
    (['f32', 'f64'] as const).map((precision) => ({ given, name: given.name, precision })),
  )
}

/** Inputs from −1 to 1, targets from 0 to 1, behind a softmax with the sum 1, weights 0, ½, 1 and 1½ in turn. */
export function dataFor({ spec, samples, isWeighted }: TrainingCase): {
  x: number[][]
  y: number[][]
  weights?: number[]
} {
  const { units: outputs, activation } = spec.layers[spec.layers.length - 1]
  const x = randomRows(samples, spec.inputs, 1)
  const shares = randomRows(samples, outputs, 2).map((row) => row.map((value) => (value + 1) / 2))
  const y = activation === 'softmax' ? probabilities(shares) : shares
  if (isWeighted !== true) return { x, y }
  return { x, y, weights: Array.from(x, (_, s) => (s % 4) / 2) }
}

/** The network after 100 steps. */
export async function trainGolden(
  given: TrainingCase,
  precision: 'f32' | 'f64',
  engine: 'wasm' | 'baseline' = 'wasm',
): Promise<Network> {
  const { spec, optimizer, samples, batchSize, options } = given
  const net = new Network({ ...spec, precision, engine: engineOf[engine] })
  await net.fit(dataFor(given), { epochs: (100 * batchSize) / samples, batchSize, optimizer, ...options })
  return net
}

/** Weights and biases, layer by layer. */
export function parametersOf(net: Network): number[] {
  return net.layers.flatMap(({ weights, biases }) => [...weights, ...biases])
}

/** Of the weights and biases. */
export function hashOf(net: Network): Promise<string> {
  return hashOfNumbers(parametersOf(net))
}

/** Of what the second network predicts in f64, after its 100 steps. */
export async function hashOfPredictions(engine: 'wasm' | 'baseline'): Promise<string> {
  const net = await trainGolden(goldenCases[1], 'f64', engine)
  return hashOfNumbers(net.predict(randomRows(50, net.inputs, 9)))
}

/** The first 64 bits of the SHA-256 of numbers as little-endian f64. */
export async function hashOfNumbers(numbers: ArrayLike<number>): Promise<string> {
  const view = new DataView(new ArrayBuffer(8 * numbers.length))
  for (let i = 0; i < numbers.length; ++i) view.setFloat64(8 * i, numbers[i], true)
  return hashOfBytes(view)
}

/** The first 64 bits of the SHA-256. */
export async function hashOfBytes(bytes: ArrayBufferView<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
