import type { RelaxedArithmetic } from '../../definition/spec.js'
import { relaxedBytes, relaxedStream } from './relaxed-core.generated.js'

/**
 * Relaxed arithmetic: fused multiply-add where the runtime has relaxed SIMD, exact arithmetic where it does not.
 * Faster, but the bits may differ between runtimes.
 *
 * @example
 * import { Network } from 'deltaprop'
 * import { relaxed } from 'deltaprop/relaxed'
 * new Network([2, 1], { arithmetic: relaxed }).arithmetic // relaxed, or exact
 */
export const relaxed: RelaxedArithmetic = { name: 'relaxed', stream: relaxedStream, bytes: relaxedBytes }
