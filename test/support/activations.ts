/**
 * The activations as they are written in books, with their derivatives, one number at a time; `shape` is the slope of
 * leakyRelu and the alpha of elu. Softmax is not among them: it is a function of a whole layer.
 */
import type { ActivationName } from '../../src/definition/activations.js'
import { erf } from './double-double.js'

interface Scalar {
  readonly value: (z: number, shape: number) => number
  readonly derivative: (z: number, shape: number) => number
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
const sech2 = (z: number): number => 1 / Math.cosh(z) ** 2

/** Φ and φ: the distribution function and the density of the standard normal distribution. */
const distribution = (z: number): number => {
  const { hi, exponent } = erf(z / Math.SQRT2)
  return (1 + hi * 2 ** exponent) / 2
}
const density = (z: number): number => Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI)

/** The argument of geluTanh, and its derivative. */
const cubic = (z: number): number => Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)
const cubicPrime = (z: number): number => Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z ** 2)

const scale = 1.0507009873554805
const alpha = 1.6732632423543772

export const activations: Readonly<Record<Exclude<ActivationName, 'softmax'>, Scalar>> = {
  linear: { value: (z) => z, derivative: () => 1 },
  sigmoid: { value: sigmoid, derivative: (z) => sigmoid(z) * sigmoid(-z) },
  tanh: { value: Math.tanh, derivative: sech2 },
  relu: { value: (z) => (z > 0 ? z : 0), derivative: (z) => (z > 0 ? 1 : 0) },
  leakyRelu: { value: (z, slope) => (z > 0 ? z : slope * z), derivative: (z, slope) => (z > 0 ? 1 : slope) },
  elu: {
    value: (z, shape) => (z > 0 ? z : shape * Math.expm1(z)),
    derivative: (z, shape) => (z > 0 ? 1 : shape * Math.exp(z)),
  },
  selu: {
    value: (z) => scale * (z > 0 ? z : alpha * Math.expm1(z)),
    derivative: (z) => scale * (z > 0 ? 1 : alpha * Math.exp(z)),
  },
  softplus: { value: softplus, derivative: sigmoid },
  softsign: { value: (z) => z / (1 + Math.abs(z)), derivative: (z) => 1 / (1 + Math.abs(z)) ** 2 },
  gelu: {
    value: (z) => z * distribution(z),
    derivative: (z) => distribution(z) + z * density(z),
  },
  geluTanh: {
    // ½(1 + tanh v) = σ(2v)
    value: (z) => z * sigmoid(2 * cubic(z)),
    derivative: (z) => sigmoid(2 * cubic(z)) * (1 + 2 * z * sigmoid(-2 * cubic(z)) * cubicPrime(z)),
  },
  silu: {
    value: (z) => z * sigmoid(z),
    derivative: (z) => sigmoid(z) * (1 + z * sigmoid(-z)),
  },
  mish: {
    value: (z) => z * Math.tanh(softplus(z)),
    derivative: (z) => Math.tanh(softplus(z)) + z * sech2(softplus(z)) * sigmoid(z),
  },
  hardSigmoid: {
    value: (z) => Math.min(Math.max(z + 3, 0), 6) / 6,
    derivative: (z) => (Math.abs(z) < 3 ? 1 / 6 : 0),
  },
}
