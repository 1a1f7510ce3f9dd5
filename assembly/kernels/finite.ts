import { VECTOR, lanes, splat } from '../simd'

/**
 * Whether all n numbers are finite: v·0 is 0 if v is finite and NaN otherwise, and a single NaN makes the sum NaN.
 *
 *     values  n
 */
export function allFinite<T extends number>(values: usize, n: usize): bool {
  const zero = splat<T>(0)
  let sum0 = zero
  let sum1 = zero
  for (; n >= 2 * lanes<T>(); n -= 2 * lanes<T>()) {
    sum0 = v128.add<T>(sum0, v128.mul<T>(v128.load(values), zero))
    sum1 = v128.add<T>(sum1, v128.mul<T>(v128.load(values, VECTOR), zero))
    values += 2 * VECTOR
  }
  for (; n > 0; n -= 1) {
    sum0 = v128.add<T>(sum0, v128.mul<T>(v128.load_splat<T>(values), zero))
    values += sizeof<T>()
  }
  return v128.all_true<i32>(v128.eq<T>(v128.add<T>(sum0, sum1), zero))
}
