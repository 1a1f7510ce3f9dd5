/** An entry of the relaxed build alone: that a core exports this says that its arithmetic is relaxed. */
if (!ASC_FEATURE_RELAXED_SIMD) ERROR('expected relaxed SIMD')

export const relaxed = ASC_FEATURE_RELAXED_SIMD
