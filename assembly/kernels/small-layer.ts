/**
 * One sample in a layer of few neurons, which are the lanes: z stays in a register until it has been activated, and
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
export function forwardSmall<T extends number>(
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
  const end = nOut * sizeof<T>()
  for (let j: usize = 0; j < end; j += VECTOR) {
    const z = affineVector<T>(input, w, b + j, nIn, end - j == sizeof<T>())
    if (activation == Activation.sigmoid)
      finish<T>(Activation.sigmoid, a + j, sigmaPrime + j, z, differentiates)
    else if (activation == Activation.tanh)
      finish<T>(Activation.tanh, a + j, sigmaPrime + j, z, differentiates)
    else if (activation == Activation.relu)
      finish<T>(Activation.relu, a + j, sigmaPrime + j, z, differentiates)
    else if (activation == Activation.linear)
      finish<T>(Activation.linear, a + j, sigmaPrime + j, z, differentiates)
    else v128.store(sigmaPrime + j, z)
    w += VECTOR * nIn
  }
  if (activation > Activation.relu && activation != Activation.softmax) {
    activate<T>(activation, a, differentiates ? sigmaPrime : 0, sigmaPrime, panelsOf<T>(nOut), shape)
  }
}

// @ts-ignore: decorator
@inline
function finish<T extends number>(
  activation: Activation,
  a: usize,
  sigmaPrime: usize,
  z: v128,
  differentiates: bool,
): void {
  const none = splat<T>(0)
  const u = inner<T>(activation, z)
  v128.store(a, value<T>(activation, z, u, none))
  v128.store(sigmaPrime, differentiates ? derivative<T>(activation, z, u, none) : z)
}

/** z of as many neurons as a vector has lanes; of one neuron in all lanes, if `isOne`. */
// @ts-ignore: decorator
@inline
function affineVector<T extends number>(a: usize, w: usize, b: usize, nIn: usize, isOne: bool): v128 {
  const rowBytes = nIn * sizeof<T>()
  const end = w + rowBytes
  if (isOne) {
    let sum = v128.load_splat<T>(b)
    for (; w < end; w += sizeof<T>()) {
      sum = madd<T>(v128.load_splat<T>(w), v128.load_splat<T>(a), sum)
      a += sizeof<T>()
    }
    return sum
  }
  let sum = column<T>(b, sizeof<T>(), lanes<T>())
  for (; w + VECTOR <= end; w += VECTOR) {
    sum = square<T>(sum, w, rowBytes, a)
    a += VECTOR
  }
  for (; w < end; w += sizeof<T>()) {
    sum = madd<T>(column<T>(w, rowBytes, lanes<T>()), v128.load_splat<T>(a), sum)
    a += sizeof<T>()
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
export function descendSmall<T extends number>(
  rate: T,
  w: usize,
  delta: usize,
  input: usize,
  nIn: usize,
  nOut: usize,
): void {
  const rates = v128.splat<T>(rate)
  const zero = splat<T>(0)
  const inputEnd = input + nIn * sizeof<T>()
  const deltaEnd = delta + nOut * sizeof<T>()
  for (let d = delta; d < deltaEnd; d += sizeof<T>()) {
    const ds = v128.load_splat<T>(d)
    let a = input
    for (; a + VECTOR <= inputEnd; a += VECTOR) {
      const g = madd<T>(ds, v128.load(a), zero)
      v128.store(w, v128.sub<T>(v128.load(w), v128.mul<T>(rates, g)))
      w += VECTOR
    }
    // Number by number, as the next step reads them.
    for (; a < inputEnd; a += sizeof<T>()) {
      const g = <T>(<T>(load<T>(d) * load<T>(a)) + <T>0)
      store<T>(w, <T>(load<T>(w) - <T>(rate * g)))
      w += sizeof<T>()
    }
  }
  for (let d = delta; d < deltaEnd; d += sizeof<T>()) {
    store<T>(w, <T>(load<T>(w) - <T>(rate * <T>(load<T>(d) + <T>0))))
    w += sizeof<T>()
  }
}
