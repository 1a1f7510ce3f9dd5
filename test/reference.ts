/**
 * The derivation, docs/derivation.md, in plain loops and f64: what every kernel is compared with. Its equation
 * numbers are cited; it is never optimised. Indices: layer l, neuron j of it, neuron k of the layer before.
 */
import { activations } from './support/activations.js'
import { losses } from './support/losses.js'

type Vector = number[]
type Matrix = number[][]

export interface ReferenceNet {
  readonly activations: readonly { readonly type: string; readonly shape: number }[]
  readonly loss: string
  /** per layer nOut rows of nIn, and nOut */
  readonly weights: readonly Matrix[]
  readonly biases: readonly Vector[]
}

/** One layer for one sample. The Jacobian is ∂a/∂z, nOut × nOut; sigmaPrime is its diagonal, but for softmax all there is. */
export type ReferenceLayer = Readonly<
  Record<'inputs' | 'z' | 'a' | 'sigmaPrime' | 'dC_da' | 'dC_dz' | 'gradB', Vector> &
    Record<'jacobian' | 'gradW', Matrix>
>

/** Every quantity of the derivation for one sample, the layers first to last. */
export function reference(
  net: ReferenceNet,
  x: Vector,
  y: Vector,
): { loss: number; layers: ReferenceLayer[] } {
  const depth = net.weights.length
  const a: Matrix = [x] // a[l] goes into layer l
  const z: Matrix = []
  for (let l = 0; l < depth; ++l) {
    z[l] = []
    for (let j = 0; j < net.biases[l].length; ++j) {
      z[l][j] = net.biases[l][j]
      for (let k = 0; k < a[l].length; ++k) z[l][j] += net.weights[l][j][k] * a[l][k] // (F1)
    }
    a[l + 1] = z[l].map((_, j) => activation(net, l, z[l], j)) // (F2)
  }
  const o = a[depth]
  const lossOf = losses[net.loss]
  const layers: ReferenceLayer[] = []
  for (let l = depth - 1; l >= 0; --l) {
    const dC_da: Vector = []
    for (let j = 0; j < z[l].length; ++j) {
      if (l === depth - 1)
        dC_da[j] = lossOf.derivative(o[j], y[j]) // the first factor of (56)
      else dC_da[j] = layers[0].dC_dz.reduce((sum, d, i) => sum + net.weights[l + 1][i][j] * d, 0) // (42)–(45)
    }
    const jacobian = z[l].map((_, i) => z[l].map((_, j) => slope(net, l, z[l], a[l + 1], i, j))) // (40)
    const dC_dz = z[l].map((_, j) => dC_da.reduce((sum, d, i) => sum + jacobian[i][j] * d, 0)) // (52), (59), (60)
    const gradW = dC_dz.map((d) => a[l].map((ak) => d * ak)) // (50), (53), (61)
    const sigmaPrime = jacobian.map((row, j) => row[j]) // (41)
    const gradB = dC_dz // (64)
    layers.unshift({ inputs: a[l], z: z[l], a: a[l + 1], sigmaPrime, jacobian, dC_da, dC_dz, gradW, gradB })
  }
  return { loss: o.reduce((sum, oj, j) => sum + lossOf.value(oj, y[j]), 0), layers } // (33)
}

/** The same over samples: the summed loss (34) and the summed gradients (35), beside the samples. */
export function summedReference(net: ReferenceNet, x: Matrix, y: Matrix) {
  const samples = x.map((xs, s) => reference(net, xs, y[s]))
  const gradW = net.weights.map((rows, l) =>
    rows.map((row, j) =>
      row.map((_, k) => samples.reduce((sum, { layers }) => sum + layers[l].gradW[j][k], 0)),
    ),
  )
  const gradB = net.biases.map((b, l) =>
    b.map((_, j) => samples.reduce((sum, { layers }) => sum + layers[l].gradB[j], 0)),
  )
  return { loss: samples.reduce((sum, { loss }) => sum + loss, 0), gradW, gradB, samples }
}

/** a[j] = σ(z[j]), or the j-th of softmax. */
function activation(net: ReferenceNet, l: number, z: Vector, j: number): number {
  const { type, shape } = net.activations[l]
  if (type !== 'softmax') return activations[type].value(z[j], shape)
  const m = Math.max(...z)
  return Math.exp(z[j] - m) / z.reduce((sum, zi) => sum + Math.exp(zi - m), 0)
}

/** ∂a[i]/∂z[j] */
function slope(net: ReferenceNet, l: number, z: Vector, a: Vector, i: number, j: number): number {
  const { type, shape } = net.activations[l]
  if (type === 'softmax') return i === j ? a[i] * (1 - a[i]) : -a[i] * a[j]
  return i === j ? activations[type].derivative(z[j], shape) : 0
}
