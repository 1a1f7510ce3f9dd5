import type { ActivationName } from '../../definition/activations.js'
import { exp, expm1, log1p, tanh } from './elementary.js'
import { erf } from './erf.js'

/**
 * The activations of a layer for one sample, (F2), and their derivatives, (40) and (41):
 *
 *     a = σ(z)        sigmaPrime = σ′(z)
 *
 *     a           n   overwritten
 *     sigmaPrime  n   overwritten; the derivative of softmax is a matrix and is not written
 *     z           n   pre-activations
 *     shape           the slope of leakyRelu, the alpha of elu
 */
export type Activate = (a: Float64Array, sigmaPrime: Float64Array, z: Float64Array, shape: number) => void

/** One loop per activation. Value and derivative share u, the only elementary function that either needs. */
export const activations: Readonly<Record<ActivationName, Activate>> = {
  linear(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      a[j] = z[j]
      sigmaPrime[j] = 1
    }
  },

  sigmoid(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const u = sigmoid(z[j])
      a[j] = u
      sigmaPrime[j] = u * (1 - u)
    }
  },

  tanh(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const u = tanh(z[j])
      a[j] = u
      sigmaPrime[j] = 1 - u * u
    }
  },

  relu(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      a[j] = Math.max(z[j], 0)
      sigmaPrime[j] = z[j] > 0 ? 1 : 0
    }
  },

  leakyRelu(a, sigmaPrime, z, slope) {
    for (let j = 0; j < z.length; ++j) {
      a[j] = z[j] > 0 ? z[j] : slope * z[j]
      sigmaPrime[j] = z[j] > 0 ? 1 : slope
    }
  },

  elu(a, sigmaPrime, z, alpha) {
    for (let j = 0; j < z.length; ++j) {
      const u = expm1(Math.min(z[j], 0))
      a[j] = z[j] > 0 ? z[j] : alpha * u
      sigmaPrime[j] = z[j] > 0 ? 1 : alpha * (u + 1)
    }
  },

  selu(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const u = expm1(Math.min(z[j], 0))
      a[j] = SELU_SCALE * (z[j] > 0 ? z[j] : SELU_ALPHA * u)
      sigmaPrime[j] = SELU_SCALE * (z[j] > 0 ? 1 : SELU_ALPHA * (u + 1))
    }
  },

  softplus(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const u = exp(-Math.abs(z[j]))
      a[j] = Math.max(z[j], 0) + log1p(u)
      sigmaPrime[j] = (z[j] < 0 ? u : 1) / (1 + u)
    }
  },

  softsign(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const u = 1 + Math.abs(z[j])
      a[j] = z[j] / u
      sigmaPrime[j] = 1 / u / u
    }
  },

  // z·Φ(z), Φ(z) = ½(1 + erf(z/√2)); its derivative Φ(z) + z·φ(z), φ(z) = e^(−z²/2)/√(2π)
  gelu(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const u = 0.5 * (1 + erf(z[j] * Math.SQRT1_2))
      a[j] = z[j] * u
      sigmaPrime[j] = u + (z[j] * exp(-0.5 * z[j] * z[j])) / SQRT_TAU
    }
  },

  // u = tanh(√(2/π)·(z + 0.044715·z³)); it is ±1 long before |z| = 30
  geluTanh(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const c = Math.max(-30, Math.min(30, z[j]))
      const u = sigmoid(2 * SQRT_2_PI * (c + 0.044715 * c * c * c))
      const inner = 2 * SQRT_2_PI * c * (1 + 3 * 0.044715 * c * c)
      a[j] = z[j] * u
      sigmaPrime[j] = u * (1 + inner * (1 - u))
    }
  },

  silu(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const u = sigmoid(z[j])
      a[j] = z[j] * u
      sigmaPrime[j] = u * (1 + z[j] * (1 - u))
    }
  },

  // u = tanh(log(1 + eᶻ)) = m/(m + 2) with m = eᶻ(eᶻ + 2); it is 1 long before z = 30
  mish(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      const e = exp(Math.min(z[j], 30))
      const m = e * (e + 2)
      const u = m / (m + 2)
      a[j] = z[j] * u
      sigmaPrime[j] = u + z[j] * sigmoid(z[j]) * (1 - u * u)
    }
  },

  hardSigmoid(a, sigmaPrime, z) {
    for (let j = 0; j < z.length; ++j) {
      a[j] = Math.max(0, Math.min(6, z[j] + 3)) / 6
      sigmaPrime[j] = Math.abs(z[j]) < 3 ? 1 / 6 : 0
    }
  },

  // a[j] = e^(z[j] − m) / Σᵢ e^(z[i] − m), m = maxᵢ z[i]
  softmax(a, _sigmaPrime, z) {
    let m = z[0]
    for (let j = 1; j < z.length; ++j) m = Math.max(m, z[j])
    let total = 0
    for (let j = 0; j < z.length; ++j) {
      a[j] = exp(z[j] - m)
      total += a[j]
    }
    for (let j = 0; j < z.length; ++j) a[j] /= total
  },
}

function sigmoid(z: number): number {
  return 1 / (1 + exp(-z))
}

const SQRT_2_PI = 0.7978845608028654
const SQRT_TAU = 2.5066282746310002

/** The fixed point of mean 0 and variance 1 of self-normalizing networks (Klambauer et al. 2017). */
const SELU_SCALE = 1.0507009873554804934
const SELU_ALPHA = 1.6732632423543772848
