import type { Floats } from '../../base/floats.js'
import type { Regularization } from '../regularization.js'
import type { Layer } from './layer.js'

/** Added to a norm used as a divisor, as in torch.nn.utils.clip_grad_norm_. */
const EPSILON = 1e-6

/**
 * Replaces the accumulated gradients with those for the optimiser: the mean, with penalties, clipped by value, then
 * each matrix and vector by its norm, then all by their joint norm.
 *
 *     gradients   all of them; the layers' gradW and gradB are views of it
 *     scale       factor for a summed gradient: 1/samples for the mean
 */
export function regularizeGradients(
  layers: readonly Layer[],
  gradients: Floats,
  scale: number,
  regularization: Regularization,
): void {
  for (const layer of layers) regularizeLayer(layer, scale, regularization)
  clipAll(gradients, regularization)
}

/** Likewise for one layer, up to and including its norms. */
export function regularizeLayer(
  { gradW, gradB, w }: Layer,
  scale: number,
  { l1, l2, clipValue, clipNorm }: Regularization,
): void {
  const limit = clipValue > 0 ? clipValue : Infinity
  for (let i = 0; i < w.length; ++i) {
    gradW[i] = clamp(scale * gradW[i] + (l1 * Math.sign(w[i]) + l2 * w[i]), limit)
  }
  for (let j = 0; j < gradB.length; ++j) gradB[j] = clamp(scale * gradB[j], limit)
  if (clipNorm > 0) for (const tensor of [gradW, gradB]) clip(tensor, clipNorm)
}

/** Clips all gradients by their joint norm. */
export function clipAll(gradients: Floats, { clipGlobalNorm }: Regularization): void {
  if (clipGlobalNorm > 0) clip(gradients, clipGlobalNorm)
}

/** Scales down the weights of every neuron whose norm exceeds maxNorm. */
export function limitWeights(layers: readonly Layer[], maxNorm: number): void {
  for (const { w, b } of layers) {
    const nIn = w.length / b.length
    for (let start = 0; start < w.length; start += nIn) {
      const row = w.subarray(start, start + nIn)
      const size = norm(row)
      if (size > maxNorm) multiply(row, maxNorm / size)
    }
  }
}

/** mean += take·(w − mean) */
export function addToAverage(mean: Floats, w: Floats, take: number): void {
  for (let i = 0; i < w.length; ++i) mean[i] += take * (w[i] - mean[i])
}

function clip(gradients: Floats, maxNorm: number): void {
  multiply(gradients, Math.min(1, maxNorm / (norm(gradients) + EPSILON)))
}

function norm(values: Floats): number {
  let squares = 0
  for (const value of values) squares += value * value
  return Math.sqrt(squares)
}

function multiply(values: Floats, factor: number): void {
  for (let i = 0; i < values.length; ++i) values[i] *= factor
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(value, limit))
}
