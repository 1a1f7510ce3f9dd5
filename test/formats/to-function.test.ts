import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { activationNames, type ActivationOption } from '../../src/definition/activations.js'
import { toFunction, Network } from '../../src/index.js'
import { expectClose } from '../support/expect-close.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

type Predict = (x?: unknown) => number[]

/** What the module with this text exports. */
async function load(source: string): Promise<Predict> {
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as Record<
    string,
    unknown
  >
  expect(Object.keys(module)).toEqual(['predict'])
  return module.predict as Predict
}

/** Numbers rounded to the precision that a network keeps. */
function rounded(values: readonly number[], precision: 'f32' | 'f64'): number[] {
  return precision === 'f64' ? [...values] : values.map(Math.fround)
}

const options: readonly ActivationOption[] = [
  ...activationNames,
  { type: 'leakyRelu', slope: -0.3 },
  { type: 'elu', alpha: 2.5 },
]
const hiddenOptions = options.filter((option) => option !== 'softmax')
const precisions = ['f32', 'f64'] as const

describe.each(precisions)('%s', (precision) => {
  const epsilon = precision === 'f32' ? 2 ** -23 : 2 ** -52

  it.each(options.map((activation) => ({ activation, name: JSON.stringify(activation) })))(
    '$name: what the network predicts, in every range of z',
    async ({ activation }) => {
      const sizes = [-1000, -40, -30, -7.5, -6, -1, -0.3, -1e-9, -0, 0, 1e-300, 0.7, 1, 2, 4, 9, 31, 750]
      for (const engine of ['wasm', 'baseline'] as const) {
        const net = new Network([1, 2], { activation, precision, engine: engineOf[engine] })
        net.layers[0].weights.set([1, -0.5])
        net.layers[0].biases.set([0, 0.25])
        const predict = await load(toFunction(net))
        for (const x of sizes) {
          const actual = rounded(predict([x]), precision)
          const expected = Array.from(net.predict([x]))
          // Of the baseline the formulas, but for that of mish; its elementary functions, where this engine's are those of Math.
          if (activation === 'mish' || engine === 'baseline')
            expectClose(
              actual,
              expected,
              expected.map((o) => 8 * epsilon * Math.abs(o)),
              `z = ${x}`,
            )
          // 1 + erf z and the like cancel on the left: their error is relative to |z|, not to the result.
          else expectClose(actual, expected, 4 * epsilon * Math.max(1, Math.abs(x)), `z = ${x}`)
        }
      }
    },
  )

  const layer = fc.record({
    units: fc.integer({ min: 1, max: 9 }),
    activation: fc.constantFrom(...hiddenOptions),
  })
  const networks = fc.record({
    inputs: fc.integer({ min: 1, max: 9 }),
    hidden: fc.array(layer, { maxLength: 3 }),
    output: fc.record({ units: fc.integer({ min: 1, max: 9 }), activation: fc.constantFrom(...options) }),
    seed: fc.nat(),
  })

  it('any shape: to rounding of the kernels, closer to the baseline engine', async () => {
    const property = fc.asyncProperty(networks, async ({ inputs, hidden, output, seed }) => {
      // A softmax has at least two.
      const top = { ...output, units: Math.max(output.units, output.activation === 'softmax' ? 2 : 1) }
      const layers = [...hidden, top].map((one) => ({ ...one, biasInitializer: 'normal' as const }))
      const net = new Network({ inputs, layers, precision, seed })
      const baseline = new Network({ inputs, layers, precision, seed, engine: engineOf.baseline })
      const predict = await load(toFunction(net))
      for (const x of randomRows(3, inputs, seed)) {
        const actual = predict(x)
        expectClose(rounded(actual, precision), baseline.predict(x), { relative: 8 * epsilon, scale: 1 })
        expectClose(actual, net.predict(x), { relative: 64 * epsilon, scale: 1 }, String(net))
      }
    })
    await fc.assert(property, { numRuns: 200, seed: 1 })
  })
})

const net = new Network([2, 1], { activation: 'sigmoid', seed: 1 })
net.layers[0].weights.set([0.1, -0.25])
net.layers[0].biases.set([-0])

it('is a text to be read', () => {
  expect(toFunction(net)).toBe(`/**
 * Network(2 → 1 sigmoid; 3 parameters, f32, halfSquared)
 *
 * A trained network as a module of its own, written by deltaprop.
 */

/** First to last: weights, a row for each unit, biases, and the activation σ(z) of one unit. */
const layers = [
  {
    // 2 → 1 sigmoid
    weights: [
      new Float32Array([0.1, -0.25]),
    ],
    biases: new Float32Array([-0]),
    activate: (z) => 1 / (1 + Math.exp(-z)),
  },
]

/**
 * @param {ArrayLike<number>} x inputs: 2
 * @returns {number[]} outputs: 1
 */
export function predict(x) {
  if (x?.length !== 2) throw new RangeError(\`x: expected 2 values (inputs), got \${x?.length}\`)
  let a = Array.from(x, Math.fround)
  const wrong = a.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) throw new RangeError(\`x[\${wrong}]: expected a finite number, got \${x[wrong]}\`)
  for (const { weights, biases, activate } of layers) {
    a = weights.map((row, j) => activate(row.reduce((z, weight, k) => z + weight * a[k], biases[j])))
  }
  return a
}
`)
})

it('takes typed arrays, keeps them, and refuses what is no sample', async () => {
  const predict = await load(toFunction(net))
  const x = Float64Array.of(1, 2)
  expect(predict(x)).toEqual(predict([1, 2]))
  expect(x).toEqual(Float64Array.of(1, 2))
  expect(predict(Int8Array.of(1, 2))).toEqual(predict([1, 2]))
  const refused: [unknown, string][] = [
    [[1, 2, 3], 'x: expected 2 values (inputs), got 3'],
    [undefined, 'x: expected 2 values (inputs), got undefined'],
    [7, 'x: expected 2 values (inputs), got undefined'],
    [[1, NaN], 'x[1]: expected a finite number, got NaN'],
    [[1e39, 0], 'x[0]: expected a finite number, got 1e+39'],
    [
      [
        [1, 2],
        [3, 4],
      ],
      'x[0]: expected a finite number, got 1,2',
    ],
  ]
  for (const [value, message] of refused) expect(() => predict(value)).toThrow(new RangeError(message))
})

it('takes as many parameters as it says, and no more', async () => {
  const largest = new Network([999, 100], { seed: 1 })
  const [x] = randomRows(1, 999, 1)
  expectClose((await load(toFunction(largest)))(x), largest.predict(x), { relative: 1e-5 })
  expect(() => toFunction(new Network([999, 100, 1]))).toThrow(
    new RangeError(
      'toFunction: expected at most 100000 parameters, got 100101; use toBytes and Network.fromBytes',
    ),
  )
})

it.each([NaN, Infinity, -Infinity])('a parameter that is %d is an error', (value) => {
  const broken = new Network([2, 3, 2])
  broken.layers[1].weights[4] = value
  expect(() => toFunction(broken)).toThrow(
    new RangeError(`layers[1].weights[1][1]: expected a finite number, got ${value}`),
  )
  broken.layers[0].biases[2] = value
  expect(() => toFunction(broken)).toThrow(
    new RangeError(`layers[0].biases[2]: expected a finite number, got ${value}`),
  )
})
