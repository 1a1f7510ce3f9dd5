/** An answer that is no number is none: what a model says where its network has no finite output. */
import { describe, expect, it } from 'vitest'
import { Model } from '../../src/model/index.js'

const flowers = [
  { size: 1, kind: 'iris' },
  { size: 2, kind: 'rose' },
  { size: 3, kind: 'tulip' },
]
const OVERFLOW = 'its numbers, or the weights, are so large that sums of them overflow'
const NOT_FINITE = 'the network has weights that are not finite'

describe('classes', () => {
  it('one weight that is NaN: no row is of the first class', () => {
    const model = Model.create(flowers, { target: 'kind', hidden: [3], seed: 1 })
    model.network.layers[1].weights[0] = NaN
    const message = `row 1: expected a finite probability of iris, got NaN; ${NOT_FINITE}`
    for (const call of [
      () => model.predict(flowers),
      () => model.predict({ size: 1 }),
      () => model.evaluate(flowers),
    ]) {
      expect(call).toThrow(new RangeError(message))
    }
  })

  it('a row that is too large, by its number in the file', () => {
    const model = Model.create(flowers, { target: 'kind', hidden: [], scale: 'none', seed: 1 })
    model.network.layers[0].weights.set([9, -9, 8])
    const rows = [{ size: 1 }, { size: 3e38 }]
    const values = Float64Array.of(1, 3e38)
    const columns = [{ name: 'size', kind: 'number', values }] as const
    const table = { rows: 2, columns, numbers: Uint32Array.of(7, 12) }
    const fact = `expected a finite probability of iris, got NaN; ${OVERFLOW}`
    expect(() => model.predict(rows)).toThrow(new RangeError(`row 2: ${fact}`))
    expect(() => model.predict(table)).toThrow(new RangeError(`row 12: ${fact}`))
    expect(model.predict(rows.slice(0, 1))).toHaveLength(1)
  })
})

it('labels', () => {
  const rows = [
    { size: 1, ripe: true, sold: false },
    { size: 2, ripe: false, sold: true },
  ]
  const model = Model.create(rows, { target: ['ripe', 'sold'], task: 'multilabel', hidden: [], seed: 1 })
  model.network.layers[0].biases[1] = NaN
  const message = `row 1: expected a finite probability of sold, got NaN; ${NOT_FINITE}`
  expect(() => model.predict(rows)).toThrow(new RangeError(message))
  expect(() => model.evaluate(rows)).toThrow(new RangeError(message))
})

it('numbers, in their own units too', () => {
  const rows = [
    { size: 1, price: -1e150 },
    { size: 2, price: 1e150 },
  ]
  const model = Model.create(rows, { target: 'price', hidden: [], precision: 'f64', seed: 1 })
  model.network.layers[0].biases[0] = 1e200
  const message =
    /^row 1: expected a finite number for price, got -?Infinity; its numbers, or the weights, are so large/
  expect(Number.isFinite(model.network.predict(model.encode(rows).x)[0])).toBe(true)
  expect(() => model.predict(rows)).toThrow(message)
  expect(() => model.evaluate(rows)).toThrow(message)
})

it('the network itself gives what it computes', () => {
  const model = Model.create(flowers, { target: 'kind', hidden: [], scale: 'none', seed: 1 })
  model.network.layers[0].weights.set([9, -9, 8])
  expect(Array.from(model.network.predict([3e38]))).toEqual([NaN, NaN, NaN])
})
