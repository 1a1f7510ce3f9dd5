import { BaselineEngine } from '../../src/engine/baseline/baseline.js'
import type { Engine, PartedEngine } from '../../src/engine/engine.js'
import type { Architecture } from '../../src/definition/architecture.js'
import { WasmEngine } from '../../src/engine/wasm/wasm.js'
import type { Activation } from '../../src/definition/activations.js'
import { Random } from '../../src/base/random.js'

/** An engine with parameters and staged samples, always the same. */
export interface PartedSpec {
  readonly name: string
  readonly precision: Architecture['precision']
  readonly layers: string
  readonly create: () => Engine & { readonly parts: PartedEngine }
}

type ActivationType = Activation['type']

const ROWS = 600

function specOf(
  sizes: readonly number[],
  isSoftmax: boolean,
  precision: Architecture['precision'],
): Architecture {
  const layers = sizes.slice(1).map((units, l) => {
    const top = isSoftmax ? 'softmax' : 'gelu'
    const type: ActivationType = l < sizes.length - 2 ? (['tanh', 'relu'] as const)[l % 2] : top
    return { inputs: sizes[l], units, activation: { type, shape: 0 } }
  })
  const loss = isSoftmax ? 'categoricalCrossEntropy' : 'huber'
  return { inputs: sizes[0], layers, loss, precision }
}

function fill<Kind extends Engine>(engine: Kind, spec: Architecture): Kind {
  const random = new Random(5, 'parted')
  for (let i = 0; i < engine.parameters.length; ++i) engine.parameters[i] = random.normal() / 4
  engine.average.set(engine.parameters)
  for (let i = 0; i < ROWS * spec.inputs; ++i) engine.x[i] = random.normal()
  const outputs = spec.layers[spec.layers.length - 1].units
  for (let s = 0; s < ROWS; ++s) {
    for (let j = 0; j < outputs; ++j) engine.y[s * outputs + j] = Number(j === s % outputs)
    engine.weights[s] = (s % 5) / 2
    engine.order[s] = (s * 7) % ROWS
  }
  return engine
}

/** Both engines in both precisions, with layers that have many blocks, and some that have less than one panel or vector. */
export const partedEngines: readonly PartedSpec[] = [
  { sizes: [3, 5, 2], isSoftmax: false },
  { sizes: [40, 70, 33, 10], isSoftmax: true },
].flatMap(({ sizes, isSoftmax }) =>
  (['f32', 'f64'] as const).flatMap((precision) => {
    const spec = specOf(sizes, isSoftmax, precision)
    const layers = sizes.join('-')
    return [
      { name: 'wasm', precision, layers, create: () => fill(WasmEngine.alone(spec, undefined, ROWS), spec) },
      { name: 'baseline', precision, layers, create: () => fill(new BaselineEngine(spec, ROWS), spec) },
    ]
  }),
)
