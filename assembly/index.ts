/** The export table of the module: every kernel for f32 and for f64. No logic. */
import { activate } from './activation'
import { affine } from './affine'
import { hiddenDelta, hiddenError } from './delta'
import { allFinite } from './finite'
import { gatherFeatures, gatherSamples } from './gather'
import { biasGradient, gradient } from './gradient'
import { Loss, outputDelta } from './loss'
import { mapErf, mapExp, mapExpm1, mapLog, mapLog1p, mapSigmoid, mapTanh } from './math/map'
import { scatterSamples, transposePanel } from './panel'
import { Network, Thread } from './plan'
import { Activation } from './sigma'
import { accumulate, loss, predict, train } from './step'
import { updateAll } from './update-all'
import { affineOne, gradientOne, hiddenDeltaOne } from './vector'

export { meet } from './barrier'
export { dropout, layer, network, optimizer, regularization, sampling, thread } from './plan'

export function predict_f32(net: Network, out: usize, n: usize): void {
  predict<f32>(net, out, n)
}
export function predict_f64(net: Network, out: usize, n: usize): void {
  predict<f64>(net, out, n)
}

export function loss_f32(net: Network, thread: Thread, n: usize): f64 {
  return loss<f32>(net, thread, n)
}
export function loss_f64(net: Network, thread: Thread, n: usize): f64 {
  return loss<f64>(net, thread, n)
}

export function accumulate_f32(net: Network, thread: Thread, n: usize, total: f64): f64 {
  return accumulate<f32>(net, thread, n, total)
}
export function accumulate_f64(net: Network, thread: Thread, n: usize, total: f64): f64 {
  return accumulate<f64>(net, thread, n, total)
}

export function train_f32(
  net: Network,
  thread: Thread,
  report: usize,
  start: usize,
  n: usize,
  batch: usize,
  pending: usize,
  byMean: bool,
  scheduled: bool,
  total: f64,
): void {
  train<f32>(net, thread, report, start, n, batch, pending, byMean, scheduled, total)
}
export function train_f64(
  net: Network,
  thread: Thread,
  report: usize,
  start: usize,
  n: usize,
  batch: usize,
  pending: usize,
  byMean: bool,
  scheduled: bool,
  total: f64,
): void {
  train<f64>(net, thread, report, start, n, batch, pending, byMean, scheduled, total)
}

export function updateAll_f32(net: Network, thread: Thread, scale: f64): void {
  updateAll<f32>(net, thread, scale)
}
export function updateAll_f64(net: Network, thread: Thread, scale: f64): void {
  updateAll<f64>(net, thread, scale)
}

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

export function allFinite_f32(values: usize, n: usize): bool {
  return allFinite<f32>(values, n)
}
export function allFinite_f64(values: usize, n: usize): bool {
  return allFinite<f64>(values, n)
}

export function affine_f32(
  z: usize,
  a: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
  samples: usize,
): void {
  affine<f32>(z, a, w, b, nIn, nOut, samples)
}
export function affine_f64(
  z: usize,
  a: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
  samples: usize,
): void {
  affine<f64>(z, a, w, b, nIn, nOut, samples)
}

export function affineOne_f32(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  affineOne<f32>(z, a, w, b, nIn, nOut)
}
export function affineOne_f64(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  affineOne<f64>(z, a, w, b, nIn, nOut)
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

export function activate_f32(
  activation: Activation,
  a: usize,
  sigmaPrime: usize,
  z: usize,
  n: usize,
  shape: f64,
): void {
  activate<f32>(activation, a, sigmaPrime, z, n, shape)
}
export function activate_f64(
  activation: Activation,
  a: usize,
  sigmaPrime: usize,
  z: usize,
  n: usize,
  shape: f64,
): void {
  activate<f64>(activation, a, sigmaPrime, z, n, shape)
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

export function hiddenError_f32(
  dC_da: usize,
  deltaNext: usize,
  w: usize,
  packed: usize,
  nIn: usize,
  nOut: usize,
  panels: usize,
): void {
  hiddenError<f32>(dC_da, deltaNext, w, packed, nIn, nOut, panels)
}
export function hiddenError_f64(
  dC_da: usize,
  deltaNext: usize,
  w: usize,
  packed: usize,
  nIn: usize,
  nOut: usize,
  panels: usize,
): void {
  hiddenError<f64>(dC_da, deltaNext, w, packed, nIn, nOut, panels)
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
