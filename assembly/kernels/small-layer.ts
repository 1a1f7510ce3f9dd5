/**
 * One sample, f32, in a layer of few neurons, which are the lanes: z stays in a register until it has been activated, and
 * w is updated where it is. Numbers lie side by side. The bits are those of a panel.
 */
import { activate } from './activate'
import { Activation, derivative, inner, value } from './activation'
import { column, square } from './gemv'
import { VECTOR, lanes, madd, panelsOf, splat } from '../simd'

/** The activations that forwardSmall applies to z itself, as a set of bits; the others are calls. */
const IN_REGISTER: i32 =
  (1 << Activation.linear) | (1 << Activation.sigmoid) | (1 << Activation.tanh) | (1 << Activation.relu)
const SOFTMAX: i32 = 1 << Activation.softmax

// @ts-ignore: decorator
@inline
function isOneOf(set: i32, activation: Activation): bool {
  return ((set >> activation) & 1) != 0
}

/**
 * The forward pass, (F1) and (F2):
 *
 *     a[j] = σ(z[j])        z[j] = b[j] + Σₖ w[j][k]·input[k]
 *
 *     a           nOut         overwritten, and up to 28 bytes past the end: whole rows of a panel
 *     sigmaPrime  nOut         the same, with σ′(z), (41); or with z, if not `differentiates` or before a softmax
 *     input       nIn
 *     w           nOut × nIn   row-major, (37); read up to two rows past the end
 *     b           nOut         read up to two numbers past the end
 *     shape                    the slope of leakyRelu, the alpha of elu
 *
 * What is written must not overlap anything else. A softmax is left to the caller: a is then unchanged.
 */
// @ts-ignore: decorator
@inline
export function forwardSmall(
  activation: Activation,
  a: usize,
  sigmaPrime: usize,
  input: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
  shape: f64,
  differentiates: bool,
): void {
  const end = nOut * sizeof<f32>()
  for (let j: usize = 0; j < end; j += VECTOR) {
    const z = affineVector(input, w, b + j, nIn, end - j == sizeof<f32>())
    if (activation == Activation.sigmoid) finish(Activation.sigmoid, a + j, sigmaPrime + j, z, differentiates)
    else if (activation == Activation.tanh) finish(Activation.tanh, a + j, sigmaPrime + j, z, differentiates)
    else if (activation == Activation.relu) finish(Activation.relu, a + j, sigmaPrime + j, z, differentiates)
    else if (activation == Activation.linear)
      finish(Activation.linear, a + j, sigmaPrime + j, z, differentiates)
    else {
      assert(!isOneOf(IN_REGISTER, activation))
      v128.store(sigmaPrime + j, z)
    }
    w += VECTOR * nIn
  }
  if (!isOneOf(IN_REGISTER | SOFTMAX, activation)) {
    activate<f32>(activation, a, differentiates ? sigmaPrime : 0, sigmaPrime, panelsOf<f32>(nOut), shape)
  }
}

// @ts-ignore: decorator
@inline
function finish(activation: Activation, a: usize, sigmaPrime: usize, z: v128, differentiates: bool): void {
  const none = splat<f32>(0)
  const u = inner<f32>(activation, z)
  v128.store(a, value<f32>(activation, z, u, none))
  v128.store(sigmaPrime, differentiates ? derivative<f32>(activation, z, u, none) : z)
}

/** z of as many neurons as a vector has lanes; of one neuron in all lanes, if `isOne`. */
// @ts-ignore: decorator
@inline
function affineVector(a: usize, w: usize, b: usize, nIn: usize, isOne: bool): v128 {
  const rowBytes = nIn * sizeof<f32>()
  const end = w + rowBytes
  if (isOne) {
    let sum = v128.load_splat<f32>(b)
    for (; w < end; w += sizeof<f32>()) {
      sum = madd<f32>(v128.load_splat<f32>(w), v128.load_splat<f32>(a), sum)
      a += sizeof<f32>()
    }
    return sum
  }
  let sum = column<f32>(b, sizeof<f32>(), lanes<f32>())
  for (; w + VECTOR <= end; w += VECTOR) {
    sum = square<f32>(sum, w, rowBytes, a)
    a += VECTOR
  }
  for (; w < end; w += sizeof<f32>()) {
    sum = madd<f32>(column<f32>(w, rowBytes, lanes<f32>()), v128.load_splat<f32>(a), sum)
    a += sizeof<f32>()
  }
  return sum
}

/**
 * One step of plain gradient descent with the gradients (61) and (64) of one sample:
 *
 *     w[j][k] −= η·δ[j]·input[k]        b[j] −= η·δ[j]
 *
 *     w      nOut × nIn, b behind it   updated
 *     delta  nOut                      must not overlap w
 *     input  nIn                       must not overlap w
 *     rate                             η
 *
 * A step on 64-16-4 takes 387 ns, with its gradients collected first 508; on 16-16-16 305, 338.
 */
// @ts-ignore: decorator
@inline
export function descendSmall(w: usize, delta: usize, input: usize, nIn: usize, nOut: usize, rate: f32): void {
  const rates = v128.splat<f32>(rate)
  const zero = splat<f32>(0)
  const inputEnd = input + nIn * sizeof<f32>()
  const deltaEnd = delta + nOut * sizeof<f32>()
  for (let d = delta; d < deltaEnd; d += sizeof<f32>()) {
    const ds = v128.load_splat<f32>(d)
    let a = input
    for (; a + VECTOR <= inputEnd; a += VECTOR) {
      const g = madd<f32>(ds, v128.load(a), zero)
      v128.store(w, v128.sub<f32>(v128.load(w), v128.mul<f32>(rates, g)))
      w += VECTOR
    }
    // Number by number, as the next step reads them.
    for (; a < inputEnd; a += sizeof<f32>()) {
      const g = load<f32>(d) * load<f32>(a) + <f32>0
      store<f32>(w, load<f32>(w) - rate * g)
      w += sizeof<f32>()
    }
  }
  for (let d = delta; d < deltaEnd; d += sizeof<f32>()) {
    store<f32>(w, load<f32>(w) - rate * (load<f32>(d) + <f32>0))
    w += sizeof<f32>()
  }
}
