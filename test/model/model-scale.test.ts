/** Scales as scikit-learn has them, columns that are constant but for rounding, and pairs on big scales. */
import { describe, expect, it } from 'vitest'
import { adam } from '../../src/index.js'
import { Model, type Pair } from '../../src/model/index.js'
import scales from '../fixtures/scales.json' with { type: 'json' }

describe.each(Object.entries(scales))('the scale of a column that is %s', (_, given) => {
  const rows = given.values.map((a, y) => ({ a, y }))
  const probe = [{ a: given.values[0] + 0.01 }]
  /** To one part of a million, and the rounding of v − offset, whose order differs. */
  const expectNear = (actual: number, expected: number): void => {
    const bound = 1e-6 * Math.abs(expected) + 4 * Number.EPSILON * Math.abs(given.values[0])
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(bound)
  }
  const make = (scale: 'standardize' | 'minMax'): Model =>
    Model.create(rows, { target: 'y', scale, precision: 'f64' })

  it('standardised, is that of StandardScaler', () => {
    const model = make('standardize')
    const [column] = model.inputs
    if (!('deviation' in column)) throw new Error('expected a deviation')
    expect(column.deviation / given.deviation).toBeCloseTo(1, 7)
    expectNear(model.encode(probe).x[0], given.standardized)
  })

  it('from 0 to 1, is that of MinMaxScaler', () => {
    const model = make('minMax')
    const [column] = model.inputs
    if (!('max' in column)) throw new Error('expected a range')
    expect((column.max - column.min || 1) / given.range).toBeCloseTo(1, 7)
    expectNear(model.encode(probe).x[0], given.scaled)
    // What is saved says the same: (v − min) / (max − min), or v − min.
    const back = Model.fromBytes(model.toBytes())
    expect(back.inputs).toEqual(model.inputs)
    expect(back.encode(probe)).toEqual(model.encode(probe))
  })
})

describe('a column that is constant but for rounding', () => {
  const values = [0.3, 0.1 + 0.2, 0.3]
  it.each(['standardize', 'minMax'] as const)('is not blown up, as a feature or a target: %s', (scale) => {
    const rows = values.map((v, i) => ({ v, i }))
    const options = { scale, hidden: [], precision: 'f64', seed: 1 } as const
    const feature = Model.create(rows, { ...options, target: 'i' })
    for (const number of feature.encode([{ v: 0.31, i: 0 }]).x) expect(Math.abs(number)).toBeLessThan(0.011)
    const target = Model.create(rows, { ...options, target: 'v' })
    const { y = [] } = target.encode(rows)
    for (const number of y) expect(Math.abs(number)).toBeLessThan(1e-15)
  })

  it.each([
    [[1e6 / 3, 1e6 * (1 / 3) + 1e-10, 1e6 / 3], true],
    [[-1e-20, -1e-20 * (1 + 2e-16), -1e-20], true],
    [[-1e-17, 0, 1e-17], false],
    [[1, 1 + 1e-14, 1], false],
  ])('%s: %s', (numbers, isConstant) => {
    const rows = numbers.map((v, y) => ({ v, y }))
    const [standard] = Model.create(rows, { target: 'y' }).inputs
    const [unit] = Model.create(rows, { target: 'y', scale: 'minMax' }).inputs
    expect('deviation' in standard && standard.deviation === 1).toBe(isConstant)
    expect('max' in unit && unit.max === unit.min).toBe(isConstant)
  })
})

describe('pairs whose inputs are beyond −1 … 1', () => {
  const dates: Pair[] = Array.from({ length: 48 }, (_, i) => ({
    input: { day: ((i * 7) % 28) + 1, month: (i % 12) + 1, year: 1990 + (i % 30) },
    output: { warm: i % 12 > 3 && i % 12 < 9 ? 1 : 0 },
  }))

  it('are standardised, with a note, and learn', async () => {
    const model = Model.create(dates, { hidden: [12], activation: 'tanh', seed: 1 })
    expect(model.notes).toEqual([
      "inputs day, month, year: values beyond −1 … 1 are standardised; scale: 'none' leaves them as they are",
    ])
    expect(model.inputs.map((column) => 'scale' in column && column.scale)).toEqual(
      Array<string>(3).fill('standardize'),
    )
    await model.fit(dates, { epochs: 300, batchSize: 8, optimizer: adam({ learningRate: 0.02 }) })
    const warm = (month: number): number => Number(model.predict({ day: 10, month, year: 2001 }).warm)
    expect(warm(7)).toBeGreaterThan(0.9)
    expect(warm(1)).toBeLessThan(0.1)
    expect(warm(12)).toBeLessThan(0.1)
  })

  it('one by one: what is from −1 to 1 stays as it is; names that are not there are 0 still', () => {
    const pairs: Pair[] = [
      { input: { small: -1, size: 120 }, output: { a: 1 } },
      { input: { small: 1 }, output: { a: 0 } },
    ]
    const model = Model.create(pairs, { precision: 'f64' })
    expect(model.notes).toEqual([
      "input size: values beyond −1 … 1 are standardised; scale: 'none' leaves them as they are",
    ])
    // The sizes are 120 and 0: mean 60, deviation 60.
    expect(Array.from(model.encode([{ small: 0.5 }]).x)).toEqual([0.5, -1])
    expect(model.encode([{ small: 0.5 }])).toEqual(model.encode([{ small: 0.5, size: 0 }]))
    const back = Model.fromBytes(model.toBytes())
    expect(back.encode(pairs)).toEqual(model.encode(pairs))
    expect(back.notes).toEqual([])
  })

  it('are as they are if scale says so, and so are smaller ones', () => {
    const model = Model.create(dates, { scale: 'none', precision: 'f64' })
    expect(Array.from(model.encode([dates[0]]).x)).toEqual([1, 1, 1990])
    expect(model.notes).toEqual([])
    expect(Model.create([{ input: { a: 1, b: -1 }, output: { c: 1 } }]).notes).toEqual([])
  })
})
