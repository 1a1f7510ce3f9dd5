/**
 * What summed gradients are to be multiplied by, so that their norm over all parameters is at most maxNorm afterwards, as
 * torch.nn.utils.clip_grad_norm_ has it:
 *
 *     scale · min(1, maxNorm / (‖scale·g‖ + 10⁻⁶))
 *
 *     g      n   summed gradients (35)
 *     scale      what they are multiplied by without that: 1/samples for the mean
 *
 * Σ g² is taken in f64, four sums side by side, the same for any number of threads.
 */
export function clippedScale<T extends number>(g: usize, n: usize, scale: f64, maxNorm: f64): f64 {
  let sum0: f64 = 0
  let sum1: f64 = 0
  let sum2: f64 = 0
  let sum3: f64 = 0
  for (; n >= 4; n -= 4) {
    sum0 += square<T>(g)
    sum1 += square<T>(g + sizeof<T>())
    sum2 += square<T>(g + 2 * sizeof<T>())
    sum3 += square<T>(g + 3 * sizeof<T>())
    g += 4 * sizeof<T>()
  }
  for (; n > 0; n -= 1) {
    sum0 += square<T>(g)
    g += sizeof<T>()
  }
  const norm = scale * Math.sqrt(sum0 + sum1 + (sum2 + sum3))
  return scale * Math.min(1, maxNorm / (norm + 1e-6))
}

// @ts-ignore: decorator
@inline
function square<T extends number>(g: usize): f64 {
  const x = <f64>load<T>(g)
  return x * x
}
