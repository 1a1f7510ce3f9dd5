/**
 * One sample, f32, in a layer of few neurons, which are the lanes: z stays in a register until it has been activated, and
 * w is updated where it is. Numbers lie side by side; what is written may reach up to one vector past the end. The bits
 * are those of a panel.
 */
import { activate } from './activate'
import { Activation, derivative, inner, value } from './activation'
import { column, square } from './gemv'
import { VECTOR, lanes, madd, panelsOf, splat } from '../simd'

/**
 * The forward pass, (F1) and (F2):
 *
 *     a[j] = σ(z[j])        z[j] = b[j] + Σₖ w[j][k]·input[k]
 *
 *     a           nOut          overwritten
 *     sigmaPrime  nOut          overwritten with σ′(z), (41); or with z, if not `differentiates` or after a softmax
 *     input       nIn
 *     w           nOut × nIn    read up to four rows past the end
 *     b           nOut
 *
 * A softmax is left to the caller: a is then unchanged.
 */
// @ts-ignore: decorator
@inline
export function forwardSmall(
  activation: Activation,
  shape: f64,
  a: usize,
  sigmaPrime: usize,
  input: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
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
    else v128.store(sigmaPrime + j, z)
    w += VECTOR * nIn
  }
  if (activation > Activation.relu && activation != Activation.softmax) {
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
 *     w  nOut × nIn, b behind it   updated
 */
// @ts-ignore: decorator
@inline
export function descendSmall(rate: f32, w: usize, delta: usize, input: usize, nIn: usize, nOut: usize): void {
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
