/** Numbers at the ends of what there is, in rows and in weights: an answer is finite, or there is none; on both engines. */
import { expect } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import { Network } from '../../src/index.js'
import { Model, type Answer } from '../../src/model/index.js'
import type { Random } from '../../src/base/random.js'
import { attack } from './attack.js'

type Precision = 'f32' | 'f64'

const largest = { f32: 3.4028234663852886e38, f64: Number.MAX_VALUE }

/** Of any size, up to the largest; most of a usual one. */
function extreme(random: Random, precision: Precision): number {
  const sign = random.below(2) === 0 ? 1 : -1
  const size = random.uniform()
  switch (random.below(6)) {
    case 0:
      return sign * largest[precision] * 2 ** (-2 * size)
    case 1:
      return sign * largest[precision] ** size
    case 2:
      return sign * largest[precision] ** -size
    case 3:
      return sign * 0
    default:
      return sign * size
  }
}

function numbersOf(value: Answer | Answer['probabilities']): number[] {
  return Object.values(value ?? {}).flatMap((each) =>
    typeof each === 'number' ? [each] : typeof each === 'object' ? numbersOf(each) : [],
  )
}

const kindOf = (value: number): string => (Number.isFinite(value) ? 'finite' : String(value))

const tasks = [
  [
    { a: 0, b: -1, t: 'no' },
    { a: 1, b: 2, t: 'yes' },
    { a: 3, b: 1, t: 'perhaps' },
  ],
  [
    { a: 0, b: -1, t: 0.5 },
    { a: 1, b: 2, t: 3e30 },
    { a: 3, b: 1, t: -7 },
  ],
]

attack(
  'Answers',
  'a model says what is finite, or which row it has no answer for',
  { short: 300, full: 10_000 },
  (random) => {
    const precision = random.below(2) === 0 ? 'f32' : 'f64'
    const rows = tasks[random.below(tasks.length)]
    const scale = random.below(2) === 0 ? 'none' : 'standardize'
    const model = Model.create(rows, { target: 't', hidden: [3], precision, scale, seed: 1 })
    for (const { weights, biases } of model.network.layers) {
      for (const values of [weights, biases])
        for (let i = 0; i < values.length; ++i) values[i] = extreme(random, precision)
      if (random.below(20) === 0)
        weights[random.below(weights.length)] = [NaN, Infinity, -Infinity][random.below(3)]
    }
    const asked = [1, 2, 3].map(() => ({
      a: extreme(random, precision),
      b: extreme(random, precision),
      t: rows[0].t,
    }))
    let x: ArrayLike<number>
    try {
      x = model.encode(asked).x
    } catch (error) {
      // A row that is too large for its scale has never been one.
      expect(String(error)).toMatch(
        /^RangeError: row [123], column [ab]: expected a number that is finite when scaled/,
      )
      return
    }
    const outputs = model.network.predict(Array.from(x))
    const wrong = Array.from(outputs).findIndex((o) => !Number.isFinite(o))
    const calls = [
      () => model.predict(asked),
      () => model.predict(asked[0]),
      () => model.evaluate(asked),
    ] as const
    try {
      for (const answer of calls[0]()) expect(numbersOf(answer).every(Number.isFinite)).toBe(true)
      expect(wrong).toBe(-1)
      calls[2]()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      expect(error.message).toMatch(
        /^row [123]: expected a finite (number for t|probability of \w+), got (NaN|-?Infinity); /,
      )
      // In the units of the target a row before it may overflow.
      const row = Math.floor(wrong / model.network.outputs) + 1
      if (wrong >= 0) expect(Number(error.message[4])).toBeLessThanOrEqual(row)
      for (const call of [calls[0], calls[2]]) expect(call).toThrow(error.message)
    }
  },
)

attack(
  'Answers',
  'both engines have the same outputs that are not finite',
  { short: 300, full: 10_000 },
  (random) => {
    const precision = random.below(2) === 0 ? 'f32' : 'f64'
    const hidden = activationNames[random.below(activationNames.length - 1)]
    const output = activationNames[random.below(activationNames.length)]
    const sizes = [1 + random.below(5), 1 + random.below(6), 2 + random.below(3)]
    const [wasm, baseline] = (['wasm', 'baseline'] as const).map(
      (engine) => new Network(sizes, { activation: { hidden, output }, precision, engine, seed: 1 }),
    )
    for (const [l, { weights, biases }] of wasm.layers.entries()) {
      for (const kind of ['weights', 'biases'] as const) {
        const values = { weights, biases }[kind].map(() => extreme(random, precision))
        wasm.layers[l][kind].set(values)
        baseline.layers[l][kind].set(values)
      }
    }
    const x = Array.from({ length: 3 * sizes[0] }, () => extreme(random, precision))
    const [a, b] = [wasm, baseline].map((net) => Array.from(net.predict(x), kindOf))
    expect(b, `${hidden}, ${output}, ${precision}`).toEqual(a)
  },
)

attack('Answers', 'what is not finite is not read as weights', { short: 100, full: 5_000 }, (random) => {
  const precision = random.below(2) === 0 ? 'f32' : 'f64'
  const net = new Network([2, 3, 2], { precision, seed: 1 })
  const layer = net.layers[random.below(2)]
  const kind = random.below(2) === 0 ? 'weights' : 'biases'
  layer[kind][random.below(layer[kind].length)] = [NaN, Infinity, -Infinity][random.below(3)]
  expect(() => Network.fromBytes(net.toBytes())).toThrow(
    /^layers\.[01]\.(weights|biases)(\[\d\]){1,2}: expected a finite number/,
  )
  expect(() => Network.fromJSON(JSON.parse(JSON.stringify(net)))).toThrow(
    /^layers\[[01]\]\.(weights|biases)(\[\d\]){1,2}: expected a finite number/,
  )
})
