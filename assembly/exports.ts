/**
 * The module's export table: what the engine calls, for f32 and for f64. No logic. The equation numbers cited in the
 * kernels refer to docs/derivation.md.
 */
import './layout'
import { activate } from './kernels/activate'
import { affine } from './kernels/affine'
import { hiddenError } from './kernels/delta'
import { allFinite } from './kernels/finite'
import { Network, Report, Thread } from './step/structs'
import { Activation } from './kernels/activation'
import { sumLosses } from './step/phase1'
import { accumulate, errorsPart, loss, predict, predictSample, train, trainSample } from './step/step'
import { trainEpochs } from './step/epochs'
import { gradientsOf } from './step/phase2'
import { UpdateStep, updateAll, updateStep } from './step/update-all'

export function predict_f32(net: Network, out: usize, n: usize): void {
  predict<f32>(net, out, n)
}
export function predict_f64(net: Network, out: usize, n: usize): void {
  predict<f64>(net, out, n)
}

export function predictSample_f32(net: Network): usize {
  return predictSample<f32>(net)
}
export function predictSample_f64(net: Network): usize {
  return predictSample<f64>(net)
}

export function trainSample_f32(net: Network, thread: Thread): f64 {
  return trainSample<f32>(net, thread)
}
export function trainSample_f64(net: Network, thread: Thread): f64 {
  return trainSample<f64>(net, thread)
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
  report: Report,
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
  report: Report,
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

export function trainEpochs_f32(
  net: Network,
  thread: Thread,
  report: Report,
  losses: usize,
  epochs: usize,
  n: usize,
  batch: usize,
  isShuffled: bool,
  hash: u32,
  number: f64,
): usize {
  return trainEpochs<f32>(net, thread, report, losses, epochs, n, batch, isShuffled, hash, number)
}
export function trainEpochs_f64(
  net: Network,
  thread: Thread,
  report: Report,
  losses: usize,
  epochs: usize,
  n: usize,
  batch: usize,
  isShuffled: bool,
  hash: u32,
  number: f64,
): usize {
  return trainEpochs<f64>(net, thread, report, losses, epochs, n, batch, isShuffled, hash, number)
}

export function updateAll_f32(net: Network, thread: Thread, scale: f64): void {
  updateAll<f32>(net, thread, scale)
}
export function updateAll_f64(net: Network, thread: Thread, scale: f64): void {
  updateAll<f64>(net, thread, scale)
}

export function errorsPart_f32(
  net: Network,
  thread: Thread,
  step: usize,
  first: usize,
  n: usize,
  begin: usize,
  end: usize,
  backward: bool,
  isVector: bool,
): void {
  errorsPart<f32>(net, thread, step, first, n, begin, end, backward, isVector)
}
export function errorsPart_f64(
  net: Network,
  thread: Thread,
  step: usize,
  first: usize,
  n: usize,
  begin: usize,
  end: usize,
  backward: bool,
  isVector: bool,
): void {
  errorsPart<f64>(net, thread, step, first, n, begin, end, backward, isVector)
}

export function sumLosses_f32(net: Network, n: usize): f64 {
  return sumLosses<f32>(net, n)
}
export function sumLosses_f64(net: Network, n: usize): f64 {
  return sumLosses<f64>(net, n)
}

export function gradientsOf_f32(
  net: Network,
  thread: Thread,
  l: usize,
  begin: usize,
  end: usize,
  n: usize,
  isVector: bool,
  updates: bool,
  scale: f64,
): void {
  gradientsOf<f32>(net, thread, l, begin, end, n, isVector, updates, scale)
}
export function gradientsOf_f64(
  net: Network,
  thread: Thread,
  l: usize,
  begin: usize,
  end: usize,
  n: usize,
  isVector: bool,
  updates: bool,
  scale: f64,
): void {
  gradientsOf<f64>(net, thread, l, begin, end, n, isVector, updates, scale)
}

export function updateStep_f32(
  net: Network,
  thread: Thread,
  step: UpdateStep,
  l: usize,
  begin: usize,
  end: usize,
  scale: f64,
): f64 {
  return updateStep<f32>(net, thread, step, l, begin, end, scale)
}
export function updateStep_f64(
  net: Network,
  thread: Thread,
  step: UpdateStep,
  l: usize,
  begin: usize,
  end: usize,
  scale: f64,
): f64 {
  return updateStep<f64>(net, thread, step, l, begin, end, scale)
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
