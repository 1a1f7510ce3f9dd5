/**
 * The export table of the kernels that exports.ts builds on, for tests that call each of them directly. The module that
 * ships has the same functions but not these exports: see scripts/build-core.js. No logic.
 */
import { multiply, norm } from './kernels/norm'
import { hiddenDelta } from './kernels/delta'
import { dropout } from './kernels/dropout'
import { gatherFeatures, gatherSamples } from './panels/gather'
import { biasGradient, gradient } from './kernels/gradient'
import { Loss, outputDelta } from './kernels/loss'
import { mapErf, mapExp, mapExpm1, mapLog, mapLog1p, mapSigmoid, mapTanh } from './math/map'
import { scatterSamples, transposePanel } from './panels/panel'
import { penalize } from './kernels/penalty'
import { affineOne, gradientOne, hiddenDeltaOne } from './kernels/gemv'
import { affineOnePacked } from './kernels/gemv-packed'
import { weigh } from './kernels/sample-weights'

export function gatherSamples_f32(a: usize, x: usize, order: usize, n: usize, width: usize): void {
  gatherSamples<f32>(a, x, order, n, width)
}
export function gatherSamples_f64(a: usize, x: usize, order: usize, n: usize, width: usize): void {
  gatherSamples<f64>(a, x, order, n, width)
}

export function gatherFeatures_f32(
  features: usize,
  featureBytes: usize,
  x: usize,
  order: usize,
  n: usize,
  width: usize,
): void {
  gatherFeatures<f32>(features, featureBytes, x, order, n, width)
}
export function gatherFeatures_f64(
  features: usize,
  featureBytes: usize,
  x: usize,
  order: usize,
  n: usize,
  width: usize,
): void {
  gatherFeatures<f64>(features, featureBytes, x, order, n, width)
}

export function transposePanel_f32(features: usize, featureBytes: usize, a: usize, width: usize): void {
  transposePanel<f32>(features, featureBytes, a, width)
}
export function transposePanel_f64(features: usize, featureBytes: usize, a: usize, width: usize): void {
  transposePanel<f64>(features, featureBytes, a, width)
}

export function scatterSamples_f32(y: usize, a: usize, n: usize, width: usize): void {
  scatterSamples<f32>(y, a, n, width)
}
export function scatterSamples_f64(y: usize, a: usize, n: usize, width: usize): void {
  scatterSamples<f64>(y, a, n, width)
}

export function affineOne_f32(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  affineOne<f32>(z, a, w, b, nIn, nOut)
}
export function affineOne_f64(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  affineOne<f64>(z, a, w, b, nIn, nOut)
}

export function affineOnePacked_f32(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  affineOnePacked<f32>(z, a, w, b, nIn, nOut)
}
export function affineOnePacked_f64(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  affineOnePacked<f64>(z, a, w, b, nIn, nOut)
}

export function hiddenDeltaOne_f32(delta: usize, deltaNext: usize, w: usize, nIn: usize, nOut: usize): void {
  hiddenDeltaOne<f32>(delta, deltaNext, w, nIn, nOut)
}
export function hiddenDeltaOne_f64(delta: usize, deltaNext: usize, w: usize, nIn: usize, nOut: usize): void {
  hiddenDeltaOne<f64>(delta, deltaNext, w, nIn, nOut)
}

export function gradientOne_f32(gradW: usize, delta: usize, a: usize, rows: usize, nIn: usize): void {
  gradientOne<f32>(gradW, delta, a, rows, nIn)
}
export function gradientOne_f64(gradW: usize, delta: usize, a: usize, rows: usize, nIn: usize): void {
  gradientOne<f64>(gradW, delta, a, rows, nIn)
}

export function outputDelta_f32(
  loss: Loss,
  isSoftmax: bool,
  losses: usize,
  delta: usize,
  a: usize,
  y: usize,
  n: usize,
  nOut: usize,
): void {
  outputDelta<f32>(loss, isSoftmax, losses, delta, a, y, n, nOut)
}
export function outputDelta_f64(
  loss: Loss,
  isSoftmax: bool,
  losses: usize,
  delta: usize,
  a: usize,
  y: usize,
  n: usize,
  nOut: usize,
): void {
  outputDelta<f64>(loss, isSoftmax, losses, delta, a, y, n, nOut)
}

export function hiddenDelta_f32(
  delta: usize,
  deltaNext: usize,
  w: usize,
  packed: usize,
  nIn: usize,
  nOut: usize,
  panels: usize,
): void {
  hiddenDelta<f32>(delta, deltaNext, w, packed, nIn, nOut, panels)
}
export function hiddenDelta_f64(
  delta: usize,
  deltaNext: usize,
  w: usize,
  packed: usize,
  nIn: usize,
  nOut: usize,
  panels: usize,
): void {
  hiddenDelta<f64>(delta, deltaNext, w, packed, nIn, nOut, panels)
}

export function gradient_f32(
  gradW: usize,
  delta: usize,
  a: usize,
  features: usize,
  packed: usize,
  rows: usize,
  nIn: usize,
  nOut: usize,
  samples: usize,
): void {
  gradient<f32>(gradW, delta, a, features, packed, rows, nIn, nOut, samples)
}
export function gradient_f64(
  gradW: usize,
  delta: usize,
  a: usize,
  features: usize,
  packed: usize,
  rows: usize,
  nIn: usize,
  nOut: usize,
  samples: usize,
): void {
  gradient<f64>(gradW, delta, a, features, packed, rows, nIn, nOut, samples)
}

export function biasGradient_f32(gradB: usize, delta: usize, rows: usize, nOut: usize, samples: usize): void {
  biasGradient<f32>(gradB, delta, rows, nOut, samples)
}
export function biasGradient_f64(gradB: usize, delta: usize, rows: usize, nOut: usize, samples: usize): void {
  biasGradient<f64>(gradB, delta, rows, nOut, samples)
}

export function exp_f32(y: usize, x: usize, n: usize): void {
  mapExp<f32>(y, x, n)
}
export function exp_f64(y: usize, x: usize, n: usize): void {
  mapExp<f64>(y, x, n)
}

export function expm1_f32(y: usize, x: usize, n: usize): void {
  mapExpm1<f32>(y, x, n)
}
export function expm1_f64(y: usize, x: usize, n: usize): void {
  mapExpm1<f64>(y, x, n)
}

export function log_f32(y: usize, x: usize, n: usize): void {
  mapLog<f32>(y, x, n)
}
export function log_f64(y: usize, x: usize, n: usize): void {
  mapLog<f64>(y, x, n)
}

export function log1p_f32(y: usize, x: usize, n: usize): void {
  mapLog1p<f32>(y, x, n)
}
export function log1p_f64(y: usize, x: usize, n: usize): void {
  mapLog1p<f64>(y, x, n)
}

export function tanh_f32(y: usize, x: usize, n: usize): void {
  mapTanh<f32>(y, x, n)
}
export function tanh_f64(y: usize, x: usize, n: usize): void {
  mapTanh<f64>(y, x, n)
}

export function sigmoid_f32(y: usize, x: usize, n: usize): void {
  mapSigmoid<f32>(y, x, n)
}
export function sigmoid_f64(y: usize, x: usize, n: usize): void {
  mapSigmoid<f64>(y, x, n)
}

export function erf_f32(y: usize, x: usize, n: usize): void {
  mapErf<f32>(y, x, n)
}
export function erf_f64(y: usize, x: usize, n: usize): void {
  mapErf<f64>(y, x, n)
}

export function drop_f32(
  a: usize,
  sigmaPrime: usize,
  nOut: usize,
  key: u32,
  position: u32,
  threshold: u32,
): void {
  dropout<f32>(a, sigmaPrime, nOut, key, position, threshold)
}

export function weigh_f32(
  losses: usize,
  delta: usize,
  panel: usize,
  weights: usize,
  order: usize,
  n: usize,
  nOut: usize,
): void {
  weigh<f32>(losses, delta, panel, weights, order, n, nOut)
}

export function penalize_f32(g: usize, w: usize, n: usize, scale: f64, l1: f64, l2: f64, limit: f64): void {
  penalize<f32>(g, w, n, scale, l1, l2, limit)
}

export function norm_f32(v: usize, n: usize): f64 {
  return norm<f32>(v, n)
}

export function multiply_f32(v: usize, n: usize, factor: f64): void {
  multiply<f32>(v, n, factor)
}

export function drop_f64(
  a: usize,
  sigmaPrime: usize,
  nOut: usize,
  key: u32,
  position: u32,
  threshold: u32,
): void {
  dropout<f64>(a, sigmaPrime, nOut, key, position, threshold)
}

export function weigh_f64(
  losses: usize,
  delta: usize,
  panel: usize,
  weights: usize,
  order: usize,
  n: usize,
  nOut: usize,
): void {
  weigh<f64>(losses, delta, panel, weights, order, n, nOut)
}

export function penalize_f64(g: usize, w: usize, n: usize, scale: f64, l1: f64, l2: f64, limit: f64): void {
  penalize<f64>(g, w, n, scale, l1, l2, limit)
}

export function norm_f64(v: usize, n: usize): f64 {
  return norm<f64>(v, n)
}

export function multiply_f64(v: usize, n: usize, factor: f64): void {
  multiply<f64>(v, n, factor)
}
