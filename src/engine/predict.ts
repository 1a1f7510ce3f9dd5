import type { Architecture } from '../definition/architecture.js'
import type { PredictionEngine } from './engine.js'
import { newFloats, type Floats } from '../base/floats.js'
import { readSamples, type Matrix } from '../base/samples.js'

/** The outputs of all samples, a copy, samples × outputs, row-major; throws as readSamples. */
export function predictAll(engine: PredictionEngine, spec: Architecture, x: unknown): Floats {
  const { inputs, layers, precision } = spec
  const samples = readSamples('x', x, inputs, 'inputs', precision)
  const outputs = layers[layers.length - 1].units
  const result = newFloats(samples.rows * outputs, precision)
  for (let first = 0, n = 0; first < samples.rows; first += n) {
    n = stageInputs(engine, samples, first)
    engine.predict(n)
    result.set(engine.y.subarray(0, n * outputs), first * outputs)
  }
  return result
}

/**
 * Stages samples in order starting at `first`, as many as the engine can take but at most `most`; returns their
 * number.
 */
export function stageInputs(engine: PredictionEngine, x: Matrix, first: number, most = Infinity): number {
  const n = Math.min(engine.capacity, x.rows - first, most)
  engine.x.set(x.values.subarray(first * x.columns, (first + n) * x.columns))
  for (let i = 0; i < n; ++i) engine.order[i] = i
  return n
}
