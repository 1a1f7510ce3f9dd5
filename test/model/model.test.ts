import { readFileSync } from 'node:fs'
import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { parseCsv, type Table } from '../../src/data/index.js'
import { evaluate, adam, Network } from '../../src/index.js'
import { Model, type Pair } from '../../src/model/index.js'

/** A number that differs by 1e-6 at most. */
const close = (value: number): unknown => expect.closeTo(value, 6)

/** Rows of a table, as objects. */
function rowsOf({ rows, columns }: Table): object[] {
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[row]])),
  )
}

const iris = rowsOf(parseCsv(readFileSync('examples/data/iris.csv')))

const fruit = [
  { length: 1, colour: 'red', weight: 10, kind: 'apple' },
  { length: 2, colour: 'green', weight: 10, kind: 'melon' },
  { length: 6, colour: 'red', weight: 10, kind: 'apple' },
]

describe('what the network sees', () => {
  it('(v − mean) / deviation of every column of numbers, as a plain loop has it', () => {
    const column = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(column, { minLength: 2, maxLength: 20 }), (rows) => {
        const data = rows.map(([a, b, y]) => ({ a, b, y }))
        const { x, y } = Model.create(data, { target: 'y', precision: 'f64' }).encode(data)
        const expected = [0, 1, 2].map((k) => {
          let mean = 0
          for (const row of rows) mean += row[k] / rows.length
          let variance = 0
          for (const row of rows) variance += (row[k] - mean) ** 2 / rows.length
          return { mean, deviation: Math.sqrt(variance) }
        })
        for (const [s, row] of rows.entries()) {
          for (const [k, value] of [x[2 * s], x[2 * s + 1], y?.[s] ?? NaN].entries()) {
            const { mean, deviation } = expected[k]
            if (deviation > 1e-6 * (1 + Math.abs(mean)))
              expect(value).toBeCloseTo((row[k] - mean) / deviation, 6)
          }
        }
      }),
    )
  })

  it('(v − min) / (max − min) with minMax; v with none', () => {
    const scaled = Model.create(fruit, { target: 'kind', features: ['length'], scale: 'minMax' })
    expect(scaled.encode(fruit).x).toEqual(Float32Array.of(0, 1 / 5, 1))
    const plain = Model.create(fruit, { target: 'kind', features: ['length'], scale: 'none' })
    expect(plain.encode(fruit).x).toEqual(Float32Array.of(1, 2, 6))
  })

  it('texts are one-hot, classes too, in ascending order; a constant column is 0', () => {
    const model = Model.create(fruit, { target: 'kind', scale: 'minMax' })
    const [length, colour, weight] = [
      [0, 1 / 5, 1],
      [
        [0, 1],
        [1, 0],
        [0, 1],
      ],
      [0, 0, 0],
    ] as const
    const x = fruit.flatMap((_, row) => [length[row], ...colour[row], weight[row]])
    expect(model.encode(fruit)).toEqual({ x: Float32Array.from(x), y: Float32Array.of(1, 0, 0, 1, 1, 0) })
    expect(model.inputs).toEqual([
      { name: 'length', kind: 'number', scale: 'minMax', min: 1, max: 6 },
      { name: 'colour', kind: 'text', categories: ['green', 'red'] },
      { name: 'weight', kind: 'number', scale: 'minMax', min: 10, max: 10 },
    ])
    expect(model.outputs).toEqual([{ name: 'kind', kind: 'text', categories: ['apple', 'melon'] }])
    const constant = Model.create(
      [
        { a: 0.1, y: 1 },
        { a: 0.1, y: 2 },
        { a: 0.1, y: 4 },
      ],
      { target: 'y' },
    )
    expect(constant.inputs).toEqual([
      { name: 'a', kind: 'number', scale: 'standardize', mean: 0.1, deviation: 1 },
    ])
    expect(constant.encode([{ a: 0.6 }]).x).toEqual(Float32Array.of(0.5))
  })

  it('a table and its rows are the same data', () => {
    const table = parseCsv(readFileSync('examples/data/iris.csv'))
    const fromTable = Model.create(table, { target: 'species', seed: 1 })
    const fromRows = Model.create(iris, { target: 'species', seed: 1 })
    expect(fromTable.toBytes()).toEqual(fromRows.toBytes())
    expect(fromTable.encode(table)).toEqual(fromRows.encode(iris))
    expect(fromTable.predict(table)).toEqual(fromRows.predict(iris))
  })

  it('features are in the order in which they are named', () => {
    const model = Model.create(fruit, { target: 'kind', features: ['weight', 'length'], scale: 'none' })
    expect(model.encode(fruit).x).toEqual(Float32Array.of(10, 1, 10, 2, 10, 6))
  })

  it('a text that training had none of is all zeros on request', () => {
    const model = Model.create(fruit, { target: 'kind', features: ['colour'], unknown: 'zeros' })
    expect(model.encode([{ colour: 'blue' }, { colour: 'red' }]).x).toEqual(Float32Array.of(0, 0, 0, 1))
  })

  it('y is there if the targets are', () => {
    const model = Model.create(fruit, { target: 'kind', features: ['length'] })
    expect(Object.keys(model.encode([{ length: 1 }]))).toEqual(['x'])
    expect(Object.keys(model.encode(fruit))).toEqual(['x', 'y'])
  })
})

describe('a classifier', () => {
  it('of iris, trained on two thirds, knows at least 95 % of the others', async () => {
    const kept = iris.filter((_, row) => row % 3 !== 0)
    const held = iris.filter((_, row) => row % 3 === 0)
    const model = Model.create(kept, { target: 'species', hidden: [16, 8], activation: 'tanh', seed: 1 })
    const { epochs } = await model.fit(kept, { epochs: 60, batchSize: 10, validation: held })
    const result = model.evaluate(held)
    if (result.kind !== 'classification') throw new Error('expected classes')
    expect(result.accuracy).toBeGreaterThanOrEqual(0.95)
    expect(result.classes).toEqual(['setosa', 'versicolor', 'virginica'])
    expect(epochs[59].validation).toEqual({ loss: close(result.loss), accuracy: result.accuracy })

    const flower = { sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 }
    const { species, probabilities } = model.predict(flower)
    expect(species).toBe('setosa')
    const o = Array.from(model.network.predict(model.encode([flower]).x))
    expect(probabilities).toEqual({ setosa: o[0], versicolor: o[1], virginica: o[2] })
    expect(model.predict([flower, ...held])[0]).toEqual({ species, probabilities })
  })

  it('is a softmax with cross entropy, of texts or, on request, of numbers', () => {
    const texts = Model.create(fruit, { target: 'kind', hidden: [3, 2], activation: 'tanh' })
    expect(String(texts)).toBe(
      'Model(3 columns → kind of 2 classes; Network(4 → 3 tanh → 2 tanh → 2 softmax; 29 parameters, f32, categoricalCrossEntropy))',
    )
    const digits = [3, 1, 20, 1].map((digit, ink) => ({ ink, digit }))
    const numbers = Model.create(digits, { target: 'digit', task: 'classification', seed: 1 })
    expect(numbers.outputs).toEqual([{ name: 'digit', kind: 'number', categories: [1, 3, 20] }])
    expect(numbers.encode(digits).y).toEqual(Float32Array.of(0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0))
    const { digit, probabilities } = numbers.predict({ ink: 0 })
    expect([1, 3, 20]).toContain(digit)
    expect(Object.keys(probabilities ?? {})).toEqual(['1', '3', '20'])
  })

  it('counts classes by their names, and rows by a column of weights', async () => {
    const rows = fruit.map((row, i) => ({ ...row, count: i }))
    const options = { target: 'kind', features: ['length', 'colour'], seed: 1 }
    const weighted = Model.create(rows, { ...options, weights: 'count' })
    await weighted.fit(rows, { epochs: 3, batchSize: 2, classWeights: { melon: 3 } })

    const { network } = Model.create(rows, options)
    const { x, y = [] } = Model.create(rows, options).encode(rows)
    await network.fit({ x, y, weights: [0, 1, 2] }, { epochs: 3, batchSize: 2, classWeights: [1, 3] })
    expect(weighted.network.layers).toEqual(network.layers)
    expect(Model.create(rows, { target: 'kind', weights: 'count' }).inputs.map(({ name }) => name)).toEqual([
      'length',
      'colour',
      'weight',
    ])
  })
})

describe('rows that count by a column', () => {
  const weightsOf = (rows: readonly { readonly count: number }[]): number[] => rows.map(({ count }) => count)

  it('do so in evaluate and in a validation, of classes', async () => {
    const rows = fruit.map((row, i) => ({ ...row, count: 2 * i + 1 }))
    const options = { target: 'kind', features: ['length', 'colour'], seed: 1 }
    const model = Model.create(rows, { ...options, weights: 'count' })
    const { x, y = [] } = model.encode(rows)
    const expected = evaluate(model.network, { x, y, weights: weightsOf(rows) })
    expect(model.evaluate(rows)).toEqual({ ...expected, classes: ['apple', 'melon'] })
    expect(expected.loss).not.toBe(evaluate(model.network, { x, y }).loss)
    const { epochs } = await model.fit(rows, { validation: rows })
    expect(epochs[0].validation?.loss).toBeCloseTo(model.evaluate(rows).loss, 6)
    // Data without the column is judged without weights.
    const plain = rows.map(({ length, colour, kind }) => ({ length, colour, kind }))
    expect(model.evaluate(plain).loss).toBe(evaluate(model.network, { x, y }).loss)
  })

  it('do so in the units of a regression', () => {
    const rows = Array.from({ length: 9 }, (_, i) => ({ a: i, y: i * i, count: i % 3 }))
    const model = Model.create(rows, { target: 'y', weights: 'count', hidden: [], precision: 'f64', seed: 1 })
    const predicted = model.predict(rows).map(({ y }) => Number(y))
    const squares = rows.map(({ y, count }, i) => count * (y - predicted[i]) ** 2)
    const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
    const result = model.evaluate(rows)
    if (result.kind !== 'regression') throw new Error('expected a regression')
    expect(result.meanSquared).toBeCloseTo(total(squares) / total(weightsOf(rows)), 9)
  })
})

describe('a regression', () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ a: i, b: (i * 7) % 11, y: 3 * i - 5 }))
  const two = rows.map((row) => ({ ...row, z: 1000 * row.b }))

  it.each(['standardize', 'minMax', 'none'] as const)('answers in its own units, scaled by %s', (scale) => {
    const model = Model.create(two, { target: ['y', 'z'], hidden: [], scale, precision: 'f64', seed: 1 })
    // w and b of the network for y = 3a − 5 and z = 1000b, behind any scale
    const { x, y = new Float64Array(0) } = model.encode(two)
    const [origin, ones] = [model.encode([{ a: 0, b: 0 }]).x, model.encode([{ a: 1, b: 1 }]).x]
    expect(x).toHaveLength(100)
    expect(y).toHaveLength(100)
    const step = [ones[0] - origin[0], ones[1] - origin[1]]
    const target = [
      model.encode([{ a: 0, b: 0, y: 0, z: 0 }]).y,
      model.encode([{ a: 0, b: 0, y: 1, z: 1 }]).y,
    ]
    const unit = [0, 1].map((j) => (target[1]?.[j] ?? NaN) - (target[0]?.[j] ?? NaN))
    const [w, b] = [model.network.layers[0].weights, model.network.layers[0].biases]
    w.set([(3 * unit[0]) / step[0], 0, 0, (1000 * unit[1]) / step[1]])
    b.set([
      (target[0]?.[0] ?? NaN) - 5 * unit[0] - w[0] * origin[0],
      (target[0]?.[1] ?? NaN) - w[3] * origin[1],
    ])
    for (const [i, answer] of model.predict(two).entries()) {
      expect(answer.y).toBeCloseTo(two[i].y, 8)
      expect(answer.z).toBeCloseTo(two[i].z, 8)
    }
    const off = two.map((row) => ({ ...row, y: row.y + 2 }))
    expect(model.evaluate(off)).toMatchObject({
      kind: 'regression',
      meanAbsolute: close(1),
      meanSquared: close(2),
    })
  })

  it('of 0 and 1 is one still', () => {
    const bits = rows.map(({ a }, i) => ({ a, y: i % 2 }))
    expect(Model.create(bits, { target: 'y', scale: 'none' }).evaluate(bits).kind).toBe('regression')
  })

  it('the loss is that of the network', () => {
    const model = Model.create(rows, { target: 'y', seed: 1 })
    const { x, y = [] } = model.encode(rows)
    expect(model.evaluate(rows).loss).toBe(model.network.loss(x, y) / 50)
  })

  it('learns', async () => {
    const model = Model.create(rows, { target: 'y', hidden: [], seed: 1 })
    await model.fit(rows, { epochs: 100, batchSize: 10, optimizer: adam({ learningRate: 0.05 }) })
    expect(model.predict({ a: 60, b: 3 }).y).toBeCloseTo(175, 0)
    expect(String(model)).toBe('Model(2 columns → y; Network(2 → 1 linear; 3 parameters, f32, halfSquared))')
  })
})

describe('pairs', () => {
  const pairs: Pair[] = [
    { input: { red: 0.2, green: 0.9 }, output: { light: 1 } },
    { input: { blue: 0.5 }, output: { dark: 1 } },
    { input: { green: 1, blue: 0.1, red: 1 }, output: { light: 1 } },
  ]

  it('have their names in the order of appearance, 0 for what is missing, and sigmoid outputs', () => {
    const model = Model.create(pairs, { hidden: [3], seed: 1 })
    expect(model.encode(pairs)).toEqual({
      x: Float32Array.of(0.2, 0.9, 0, 0, 0, 0.5, 1, 1, 0.1),
      y: Float32Array.of(1, 0, 0, 1, 1, 0),
    })
    expect(String(model)).toBe(
      'Model(3 columns → light, dark; Network(3 → 3 relu → 2 sigmoid; 20 parameters, f32, halfSquared))',
    )
    const [light, dark] = model.network.predict([[0, 0, 1]])
    for (const blue of [{ blue: 1 }, { input: { blue: 1 } }])
      expect(model.predict(blue)).toEqual({ light, dark })
    expect(model.predict(pairs)).toHaveLength(3)
  })

  it('learn, and are classes where each has one output of 1', async () => {
    const model = Model.create(pairs, { hidden: [3], activation: 'tanh', seed: 1 })
    await model.fit(pairs, { epochs: 500, classWeights: { dark: 2 } })
    expect(model.predict({ blue: 0.6 }).dark).toBeGreaterThan(0.6)
    expect(model.evaluate(pairs)).toMatchObject({
      kind: 'classification',
      classes: ['light', 'dark'],
      accuracy: 1,
    })
    expect(model.evaluate([{ input: { red: 1 }, output: { light: 0.5 } }]).kind).toBe('regression')
    const one = Model.create([{ input: { a: 1 }, output: { b: 1 } }])
    expect(one.evaluate([{ input: { a: 1 }, output: { b: 1 } }])).toMatchObject({ classes: [0, 1] })
  })

  it('are scaled on request, behind linear outputs', () => {
    const prices = [1, 2, 3].map((rooms) => ({ input: { rooms }, output: { price: 100 * rooms } }))
    const model = Model.create(prices, { scale: 'standardize', hidden: [], precision: 'f64' })
    model.network.layers[0].weights.set([1])
    expect(model.predict({ rooms: 5 }).price).toBeCloseTo(500, 8)
    expect(String(model)).toContain('1 linear')
    expect(model.evaluate(prices)).toMatchObject({ kind: 'regression', meanSquared: close(0) })
    expect(String(Model.create(prices, { scale: 'minMax' }))).toContain('1 sigmoid')
    expect(String(Model.create(prices, { activation: { output: 'relu' } }))).toContain('1 relu')
  })

  it('ignore inputs that training had none of, on request', () => {
    const model = Model.create(pairs, { unknown: 'zeros', seed: 1 })
    expect(model.predict({ blue: 1, mauve: 3 })).toEqual(model.predict({ blue: 1 }))
  })

  it('may be those of a model of rows, and rows those of a model of pairs', () => {
    const rows = [
      { a: 1, b: 2, y: 3 },
      { a: 2, b: 1, y: 5 },
    ]
    const model = Model.create(rows, { target: 'y' })
    const asPairs = rows.map(({ a, b, y }) => ({ input: { a, b }, output: { y } }))
    expect(model.encode(asPairs)).toEqual(model.encode(rows))
    expect(model.evaluate(asPairs)).toEqual(model.evaluate(rows))
    const sparse = Model.create(asPairs, { scale: 'minMax' })
    expect(sparse.encode(rows)).toEqual(sparse.encode(asPairs))
  })
})

describe('names from data', () => {
  const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a"b\n']
  const row = (values: readonly unknown[]): object =>
    Object.fromEntries([...hostile, 'valueOf'].map((name, i): [string, unknown] => [name, values[i]]))

  it('are names, whatever they are: of columns, categories, classes and targets', () => {
    const rows = [row(['constructor', 1, 2, 3, 4, '__proto__']), row(['__proto__', 3, 2, 1, 5, 'toString'])]
    const made = Model.create(rows, { target: 'valueOf', seed: 1 })
    for (const model of [made, Model.fromBytes(made.toBytes()), Model.fromJSON(made.toJSON())]) {
      const answer = model.predict(rows[0])
      expect(Object.keys(answer)).toEqual(['valueOf', 'probabilities'])
      expect(Object.keys(answer.probabilities ?? {})).toEqual(['__proto__', 'toString'])
      expect(Object.getPrototypeOf(answer.probabilities)).toBe(Object.prototype)
      expect(model.inputs.map(({ name }) => name)).toEqual(hostile)
    }
    const numbers = [row([1, 1, 2, 3, 4, 5]), row([2, 3, 2, 1, 5, 6])]
    const regression = Model.create(numbers, { target: ['__proto__', 'constructor'] })
    const answer = regression.predict(numbers[0])
    expect(Object.keys(answer)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(answer)).toBe(Object.prototype)
    expect(() => made.predict({})).toThrow('data: expected a column __proto__')
    const pair = { input: row([1, 1, 1, 1, 1, 1]), output: row([1, 1, 1, 1, 1, 1]) } as Pair
    expect(Object.keys(Model.create([pair]).predict(pair))).toEqual([...hostile, 'valueOf'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('the network', () => {
  it('alone trains on what encode gives', async () => {
    const model = Model.create(fruit, { target: 'kind', seed: 1 })
    const other = new Network([4, 16, 2], { activation: { hidden: 'relu', output: 'softmax' }, seed: 1 })
    const { x, y = [] } = model.encode(fruit)
    await other.fit({ x, y }, { epochs: 4 })
    await model.fit(fruit, { epochs: 4 })
    expect(model.network.layers).toEqual(other.layers)
  })
})
