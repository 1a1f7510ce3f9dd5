import { erf } from '../math/erf'
import { exp, expm1 } from '../math/exp'
import { log1p } from '../math/log'
import { sigmoid, tanh } from '../math/tanh'
import { select, splat } from '../simd'

/** The numbers TypeScript uses for activations; src/definition/activations.ts lists the names in this order. */
export enum Activation {
  linear,
  sigmoid,
  tanh,
  relu,
  leakyRelu,
  elu,
  selu,
  softplus,
  softsign,
  gelu,
  geluTanh,
  silu,
  mish,
  hardSigmoid,
  softmax,
}

/** u, the elementary function that value and derivative share. */
// @ts-ignore: decorator
@inline
export function inner<T extends number>(activation: Activation, z: v128): v128 {
  if (activation == Activation.sigmoid || activation == Activation.silu) return sigmoid<T>(z)
  if (activation == Activation.tanh) return tanh<T>(z)
  if (activation == Activation.elu || activation == Activation.selu) return expm1<T>(z)
  if (activation == Activation.softplus) return exp<T>(v128.neg<T>(v128.abs<T>(z)))
  if (activation == Activation.softsign) return v128.add<T>(splat<T>(1), v128.abs<T>(z))
  if (activation == Activation.gelu) {
    // Φ(z) = ½(1 + erf(z/√2))
    const e = erf<T>(v128.mul<T>(z, splat<T>(Math.SQRT1_2)))
    return v128.mul<T>(splat<T>(0.5), v128.add<T>(splat<T>(1), e))
  }
  if (activation == Activation.geluTanh) {
    // ½(1 + tanh v) = σ(2v), v = √(2/π)·(z + 0.044715·z³)
    const cube = v128.mul<T>(v128.mul<T>(z, z), z)
    const t = v128.add<T>(z, v128.mul<T>(splat<T>(0.044715), cube))
    return sigmoid<T>(v128.mul<T>(splat<T>(2 * SQRT_2_PI), t))
  }
  if (activation == Activation.mish) {
    // tanh(log(1 + eᶻ)) = m/(m + 2) with m = eᶻ(eᶻ + 2); it reaches 1 long before z = 30
    const e = exp<T>(v128.min<T>(z, splat<T>(30)))
    const m = v128.mul<T>(e, v128.add<T>(e, splat<T>(2)))
    return v128.div<T>(m, v128.add<T>(m, splat<T>(2)))
  }
  // The others only need z.
  return z
}

/** σ(z). An activation without a formula traps, here and in the derivative, rather than falling back on another's. */
// @ts-ignore: decorator
@inline
export function value<T extends number>(activation: Activation, z: v128, u: v128, shape: v128): v128 {
  const zero = splat<T>(0)
  const positive = v128.gt<T>(z, zero)
  switch (activation) {
    case Activation.relu:
      return v128.max<T>(z, zero)
    case Activation.leakyRelu:
      return select(z, v128.mul<T>(shape, z), positive)
    case Activation.elu:
      return select(z, v128.mul<T>(shape, u), positive)
    case Activation.selu:
      return select(
        v128.mul<T>(splat<T>(SELU_SCALE), z),
        v128.mul<T>(splat<T>(SELU_SCALE * SELU_ALPHA), u),
        positive,
      )
    case Activation.softplus:
      return v128.add<T>(v128.max<T>(z, zero), log1p<T>(u))
    case Activation.softsign:
      return v128.div<T>(z, u)
    case Activation.gelu:
    case Activation.geluTanh:
    case Activation.silu:
    case Activation.mish:
      return v128.mul<T>(z, u)
    case Activation.hardSigmoid:
      return v128.div<T>(clamp<T>(v128.add<T>(z, splat<T>(3)), 0, 6), splat<T>(6))
    case Activation.linear:
    case Activation.sigmoid:
    case Activation.tanh:
      return u
    default:
      return unreachable()
  }
}

/** σ′(z) */
// @ts-ignore: decorator
@inline
export function derivative<T extends number>(activation: Activation, z: v128, u: v128, shape: v128): v128 {
  const zero = splat<T>(0)
  const one = splat<T>(1)
  const positive = v128.gt<T>(z, zero)
  switch (activation) {
    case Activation.sigmoid:
      return v128.mul<T>(u, v128.sub<T>(one, u))
    case Activation.tanh:
      return v128.sub<T>(one, v128.mul<T>(u, u))
    case Activation.relu:
      return v128.and(one, positive)
    case Activation.leakyRelu:
      return select(one, shape, positive)
    case Activation.elu:
      return select(one, v128.mul<T>(shape, v128.add<T>(u, one)), positive)
    case Activation.selu: {
      const left = v128.mul<T>(splat<T>(SELU_SCALE * SELU_ALPHA), v128.add<T>(u, one))
      return select(splat<T>(SELU_SCALE), left, positive)
    }
    case Activation.softplus:
      // σ(z) from u = e^−|z|
      return v128.div<T>(select(u, one, v128.lt<T>(z, zero)), v128.add<T>(one, u))
    case Activation.softsign:
      return v128.div<T>(v128.div<T>(one, u), u)
    case Activation.gelu: {
      // Φ(z) + z·φ(z), φ(z) = e^(−z²/2)/√(2π)
      const density = exp<T>(v128.mul<T>(splat<T>(-0.5), v128.mul<T>(z, z)))
      return v128.add<T>(u, v128.mul<T>(v128.mul<T>(z, density), splat<T>(1 / SQRT_TAU)))
    }
    case Activation.geluTanh: {
      // u + z·u(1 − u)·2√(2/π)·(1 + 3·0.044715·z²)
      const c = clamp<T>(z, -30, 30)
      const slope = v128.add<T>(one, v128.mul<T>(splat<T>(3 * 0.044715), v128.mul<T>(c, c)))
      const inner = v128.mul<T>(splat<T>(2 * SQRT_2_PI), v128.mul<T>(c, slope))
      return v128.mul<T>(u, v128.add<T>(one, v128.mul<T>(inner, v128.sub<T>(one, u))))
    }
    case Activation.silu:
      return v128.mul<T>(u, v128.add<T>(one, v128.mul<T>(z, v128.sub<T>(one, u))))
    case Activation.mish: {
      const right = v128.mul<T>(sigmoid<T>(z), v128.sub<T>(one, v128.mul<T>(u, u)))
      return v128.add<T>(u, v128.mul<T>(z, right))
    }
    case Activation.hardSigmoid:
      return v128.and(splat<T>(1.0 / 6), v128.lt<T>(v128.abs<T>(z), splat<T>(3)))
    case Activation.linear:
      return one
    default:
      return unreachable()
  }
}

// @ts-ignore: decorator
@inline
function clamp<T extends number>(z: v128, low: f64, high: f64): v128 {
  return v128.max<T>(v128.min<T>(z, splat<T>(high)), splat<T>(low))
}

const SQRT_2_PI: f64 = 0.7978845608028654
const SQRT_TAU: f64 = 2.5066282746310002

/** Chosen so that self-normalising networks have a fixed point at mean 0 and variance 1 (Klambauer et al. 2017). */
const SELU_SCALE: f64 = 1.0507009873554804934
const SELU_ALPHA: f64 = 1.6732632423543772848
