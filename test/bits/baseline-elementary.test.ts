/** The elementary functions of the baseline engine, against the reference; and that it has no others. */
import { expect, it, vi } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import { Network } from '../../src/index.js'
import { fusedActivation, lossNames } from '../../src/definition/losses.js'
import { optimizerNames } from '../../src/definition/optimizers.js'
import { exp, expm1, log1p, tanh } from '../../src/engine/baseline/elementary.js'
import { Random } from '../../src/base/random.js'
import * as reference from '../support/double-double.js'
import { F64, ulps } from '../support/ulps.js'

const functions = [
  {
    name: 'exp',
    f: exp,
    bound: 1,
    intervals: [
      [-1, 1],
      [-40, 40],
      [-746, 710],
      [-1e-9, 1e-9],
    ],
  },
  {
    name: 'expm1',
    f: expm1,
    bound: 2.5,
    intervals: [
      [-1, 0],
      [-40, 0],
      [-1e-9, 0],
      [-1e-300, 0],
    ],
  },
  {
    name: 'tanh',
    f: tanh,
    bound: 3.5,
    intervals: [
      [-1, 1],
      [-22, 22],
      [-1e-9, 1e-9],
      [-1e-300, 1e-300],
    ],
  },
  {
    name: 'log1p',
    f: log1p,
    bound: 1.5,
    intervals: [
      [0, 1],
      [0.4, 0.43],
      [0, 1e-9],
      [0, 1e-300],
    ],
  },
] as const

it.each(functions)('$name is within $bound ulp', ({ name, f, bound, intervals }) => {
  const random = new Random(1, name)
  let worst = 0
  for (let i = 0; i < 100_000; ++i) {
    const [from, to] = intervals[i % intervals.length]
    const x = from + (to - from) * random.uniform()
    const { hi, lo, exponent } = reference[name](x)
    worst = Math.max(worst, ulps(f(x), hi, lo, exponent, F64))
  }
  expect(worst).toBeLessThanOrEqual(bound)
})

it.each([
  ['exp', exp, 0, 1],
  ['exp', exp, -0, 1],
  ['exp', exp, 709.782712893384, 1.7976931348622732e308],
  ['exp', exp, 709.7827128933841, Infinity],
  ['exp', exp, Infinity, Infinity],
  ['exp', exp, -745.1332191019411, 5e-324],
  ['exp', exp, -745.1332191019412, 0],
  ['exp', exp, -Infinity, 0],
  ['exp', exp, NaN, NaN],
  ['expm1', expm1, 0, 0],
  ['expm1', expm1, -0, -0],
  ['expm1', expm1, -5e-324, -5e-324],
  ['expm1', expm1, -Infinity, -1],
  ['expm1', expm1, NaN, NaN],
  ['tanh', tanh, 0, 0],
  ['tanh', tanh, -0, -0],
  ['tanh', tanh, 5e-324, 5e-324],
  ['tanh', tanh, Infinity, 1],
  ['tanh', tanh, -Infinity, -1],
  ['tanh', tanh, NaN, NaN],
  ['log1p', log1p, 0, 0],
  ['log1p', log1p, 5e-324, 5e-324],
  ['log1p', log1p, 1, Math.LN2],
  ['log1p', log1p, NaN, NaN],
] as const)('%s: %s of %d is %d', (_, f, x, expected) => {
  expect(f(x)).toBe(expected)
})

/** Of Math, what the standard leaves no choice in. */
const exact = 'abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' ')

it('uses no function of Math but those that are exact, whatever it trains', async () => {
  const others = Object.getOwnPropertyNames(Math).filter((name) => {
    return typeof Math[name as keyof Math] === 'function' && !exact.includes(name)
  })
  expect(others).toEqual(expect.arrayContaining(['exp', 'log', 'pow', 'tanh']))
  for (const name of others) {
    vi.spyOn(Math, name as 'exp').mockImplementation(() => {
      throw new Error(`Math.${name}`)
    })
  }
  try {
    for (const [i, type] of activationNames.entries()) {
      for (const loss of lossNames.filter((each) => [null, type].includes(fusedActivation(each)))) {
        const layers = [
          { units: 3, activation: type === 'softmax' ? 'tanh' : type, initializer: 'glorotNormal' },
          { units: 2, activation: type },
        ] as const
        const precision = i % 2 === 0 ? 'f32' : 'f64'
        const net = new Network({ inputs: 1, layers, loss, precision, engine: 'baseline', seed: 1 })
        await net.fit(
          { x: [0.1, 0.2, 0.3, 0.4], y: [0, 1, 1, 0, 0, 1, 1, 0] },
          {
            epochs: 2,
            optimizer: optimizerNames[i % optimizerNames.length],
            schedule: { type: 'cosine', totalSteps: 9 },
            dropout: [0.2],
            averageWeights: 0.9,
          },
        )
      }
    }
  } finally {
    vi.restoreAllMocks()
  }
})
