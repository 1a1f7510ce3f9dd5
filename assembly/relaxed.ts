/** Compiled into the relaxed build only: a core that exports this has relaxed arithmetic. */
if (!ASC_FEATURE_RELAXED_SIMD) ERROR('expected relaxed SIMD')

export const relaxed = ASC_FEATURE_RELAXED_SIMD
