import { Activation, derivative, inner, value } from './sigma'
import { PANEL, VECTOR, splat } from './simd'
import { softmax } from './softmax'

/**
 * The activations of one panel of a layer, (39), and on request their derivatives, (40) and (41):
 *
 *     a = σ(z)        sigmaPrime = σ′(z)
 *
 *     a           n × PANEL   overwritten; may be z
 *     sigmaPrime  n × PANEL   overwritten; may be z; 0: not wanted
 *     z           n × PANEL   pre-activations
 *     shape                   the slope of leakyRelu, the alpha of elu
 *
 * The derivative of softmax is a matrix and is not written: softmaxDelta applies it.
 */
export function activate<T extends number>(
  activation: Activation,
  a: usize,
  sigmaPrime: usize,
  z: usize,
  n: usize,
  shape: f64,
): void {
  switch (activation) {
    case Activation.linear:
      return each<T>(Activation.linear, a, sigmaPrime, z, n, shape)
    case Activation.sigmoid:
      return each<T>(Activation.sigmoid, a, sigmaPrime, z, n, shape)
    case Activation.tanh:
      return each<T>(Activation.tanh, a, sigmaPrime, z, n, shape)
    case Activation.relu:
      return each<T>(Activation.relu, a, sigmaPrime, z, n, shape)
    case Activation.leakyRelu:
      return each<T>(Activation.leakyRelu, a, sigmaPrime, z, n, shape)
    case Activation.elu:
      return each<T>(Activation.elu, a, sigmaPrime, z, n, shape)
    case Activation.selu:
      return each<T>(Activation.selu, a, sigmaPrime, z, n, shape)
    case Activation.softplus:
      return each<T>(Activation.softplus, a, sigmaPrime, z, n, shape)
    case Activation.softsign:
      return each<T>(Activation.softsign, a, sigmaPrime, z, n, shape)
    case Activation.gelu:
      return each<T>(Activation.gelu, a, sigmaPrime, z, n, shape)
    case Activation.geluTanh:
      return each<T>(Activation.geluTanh, a, sigmaPrime, z, n, shape)
    case Activation.silu:
      return each<T>(Activation.silu, a, sigmaPrime, z, n, shape)
    case Activation.mish:
      return each<T>(Activation.mish, a, sigmaPrime, z, n, shape)
    case Activation.hardSigmoid:
      return each<T>(Activation.hardSigmoid, a, sigmaPrime, z, n, shape)
    case Activation.softmax:
      softmax<T>(a, z, n)
      softmax<T>(a + VECTOR, z + VECTOR, n)
  }
}

// @ts-ignore: decorator
@inline
function each<T extends number>(
  activation: Activation,
  a: usize,
  sigmaPrime: usize,
  z: usize,
  n: usize,
  shape: f64,
): void {
  const shapes = splat<T>(shape)
  for (const end = z + n * PANEL; z < end; z += VECTOR) {
    const zs = v128.load(z)
    const u = inner<T>(activation, zs)
    v128.store(a, value<T>(activation, zs, u, shapes))
    a += VECTOR
    if (sigmaPrime) {
      v128.store(sigmaPrime, derivative<T>(activation, zs, u, shapes))
      sigmaPrime += VECTOR
    }
  }
}
