/** Where numbers overflow, or are none: the engines have the same of them. */
import { describe, expect, it } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import type { Engine } from '../../src/engine/engine.js'
import type { Architecture } from '../../src/definition/architecture.js'
import { fusedActivation, lossNames } from '../../src/definition/losses.js'
import { Random } from '../../src/base/random.js'
import { engines } from '../support/engines.js'

/** What a number is: all that are finite are alike. */
const kindOf = (value: number): string => (Number.isFinite(value) ? 'finite' : String(value))

const largest = { f32: 3.4028234663852886e38, f64: Number.MAX_VALUE }
const least = { f32: 2 ** -149, f64: 2 ** -1074 }

/** Pre-activations at the ends of what there is. */
const extremes = (precision: 'f32' | 'f64'): number[] => {
  const [max, min] = [largest[precision], least[precision]]
  const sizes = [0, 1, 3, 1e-3, 100, 1e4, min, max, max / 2, Math.sqrt(max) / 2, Math.sqrt(max) * 2, Infinity]
  return [...sizes, ...sizes.map((size) => -size), NaN]
}

const shapeOf = { elu: 0.5, leakyRelu: 0.01 } as const

describe.each(['f32', 'f64'] as const)('%s', (precision) => {
  const cases = activationNames.flatMap((type) =>
    lossNames
      .filter((loss) => [null, type].includes(fusedActivation(loss)))
      .map((loss) => ({ type, loss, outputs: type === 'softmax' ? 3 : 1 })),
  )

  it.each(cases)('both engines overflow alike: $type, $loss', ({ type, loss, outputs }) => {
    const activation = { type, shape: type in shapeOf ? shapeOf[type as keyof typeof shapeOf] : 0 }
    const spec = { inputs: 1, layers: [{ inputs: 1, units: outputs, activation }], loss, precision } as const
    const [wasm, baseline] = engines.map(({ create }) => create(spec))
    const values = extremes(precision)
    const random = new Random(1, `${type} ${loss}`)
    const one = (from: readonly number[]): number => from[random.below(from.length)]
    const targets =
      fusedActivation(loss) === null ? [0, 1, 0.5, largest[precision], -largest[precision]] : [0, 1]
    for (let i = 0; i < (outputs === 1 ? 4 * values.length : 600); ++i) {
      const z = Array.from({ length: outputs }, () =>
        outputs === 1 ? values[i % values.length] : one(values),
      )
      const y = z.map(() => one(targets))
      const [a, b] = [wasm, baseline].map((engine) => outcomeOf(engine, z, y))
      const given = `z = ${String(z)}, y = ${String(y)}`
      expect(b.o, given).toEqual(a.o)
      expect(b.loss, given).toBe(a.loss)
      if (a.loss === 'finite') expect(b.gradient, given).toEqual(a.gradient)
    }
  })

  it('sums that overflow on the way: rows as large as there are', () => {
    const sizes = [6, 5, 4, 2]
    const activation = { type: 'leakyRelu', shape: 0.5 } as const
    const layers = sizes.slice(1).map((units, l) => ({ inputs: sizes[l], units, activation }))
    const spec: Architecture = { inputs: 6, layers, loss: 'halfSquared', precision }
    const [wasm, baseline] = engines.map(({ create }) => create(spec))
    const random = new Random(2, precision)
    const kinds = new Set<string>()
    for (let i = 0; i < 500; ++i) {
      const weights = Float64Array.from(wasm.parameters, () => 2 * random.uniform() - 1)
      const most = largest[precision] * 2 ** (-3 * random.uniform())
      const x = Array.from({ length: 6 }, () => (2 * random.uniform() - 1) * most)
      const outputs = [wasm, baseline].map((engine) => {
        engine.parameters.set(weights)
        return predictOf(engine, x, 2).map(kindOf)
      })
      for (const kind of outputs[0]) kinds.add(kind)
      expect(outputs[1], String(x)).toEqual(outputs[0])
    }
    expect(kinds).toContain('finite')
    expect(kinds).toContain('Infinity')
    expect(kinds).toContain('NaN')
  })
})

it.each(['wasm', 'baseline'])(
  'softmax, %s: NaN for all where one is NaN, or the largest is infinite; 0 at −∞',
  (name) => {
    const engine = engines.find((each) => each.name === name)
    const layers = [{ inputs: 1, units: 3, activation: { type: 'softmax', shape: 0 } }] as const
    for (const precision of ['f32', 'f64'] as const) {
      const net = engine?.create({ inputs: 1, layers, loss: 'categoricalCrossEntropy', precision })
      if (net === undefined) throw new Error(name)
      const outputs = (...z: number[]): number[] => {
        net.parameters.fill(0)
        net.parameters.set(z, 3)
        return predictOf(net, [0], 3)
      }
      const max = largest[precision]
      expect(outputs(NaN, 0, 0)).toEqual([NaN, NaN, NaN])
      expect(outputs(0, NaN, -Infinity)).toEqual([NaN, NaN, NaN])
      expect(outputs(Infinity, 0, 0)).toEqual([NaN, NaN, NaN])
      expect(outputs(Infinity, Infinity, Infinity)).toEqual([NaN, NaN, NaN])
      expect(outputs(-Infinity, -Infinity, -Infinity)).toEqual([NaN, NaN, NaN])
      expect(outputs(-Infinity, 0, 0)).toEqual([0, 0.5, 0.5])
      expect(outputs(max, -max, -max)).toEqual([1, 0, 0])
      expect(outputs(-max, -max, max)).toEqual([0, 0, 1])
    }
  },
)

function outcomeOf(
  engine: Engine,
  z: readonly number[],
  y: readonly number[],
): { o: string[]; loss: string; gradient: string[] } {
  // The biases are the pre-activations: the inputs are 0.
  engine.parameters.fill(0)
  engine.parameters.set(z, z.length)
  const o = predictOf(engine, [0], z.length).map(kindOf)
  engine.y.set(y)
  engine.gradients.fill(0)
  const loss = kindOf(engine.accumulate(1))
  return { o, loss, gradient: Array.from(engine.gradients.subarray(z.length), kindOf) }
}

function predictOf(engine: Engine, x: readonly number[], outputs: number): number[] {
  engine.x.set(x)
  engine.order[0] = 0
  engine.predict(1)
  return Array.from(engine.y.subarray(0, outputs))
}
