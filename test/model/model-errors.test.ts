import { describe, expect, it } from 'vitest'
import { stream } from '../../src/index.js'
import { Model } from '../../src/model/index.js'

const any = (value: unknown): never => value as never

const rows = [
  { length: 1, colour: 'red', kind: 'apple' },
  { length: 2, colour: 'green', kind: 'melon' },
]
/** The rows, with other values in the second. */
const changed = (values: object): object[] => [rows[0], Object.assign({}, rows[1], values)]
const pairs = [{ input: { red: 1, green: 0.5 }, output: { light: 1 } }]
const column = (name: unknown, values: unknown): unknown => ({ name, kind: 'number', values })
const table = (...columns: unknown[]): unknown => ({ rows: 2, columns })

function thrown(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}

/** A message, and the data and the options that it is for. */
type Refused = [string, unknown, unknown?]

const ofData: Refused[] = [
  ['TypeError: data: expected a table, an array of rows or an array of pairs, got undefined', undefined],
  ['TypeError: data: expected a table, an array of rows or an array of pairs, got an object', { x: 1 }],
  [
    'TypeError: data: expected a table, an array of rows or an array of pairs, got a Promise; await it',
    Promise.resolve([]),
  ],
  [
    'TypeError: data: expected a table, an array of rows or an array of pairs, got an object; batches are given to Model.fit as they are, without stream',
    stream([]),
  ],
  [
    'TypeError: data: expected a table, an array of rows or an array of pairs, got an object; samples { x, y } are for Network',
    { x: [1, 2], y: [1] },
  ],
  ['RangeError: data: expected at least 1 row, got 0', []],
  ['RangeError: data: expected at least 1 row, got 0', { rows: 0, columns: [] }],
  ['TypeError: data.rows: expected an integer >= 0, got undefined', { columns: [] }],
  ['TypeError: row 2: expected an object, got an array', [rows[0], [1, 2]]],
  ['TypeError: data.columns[1]: expected an object, got null', table(column('a', [1, 2]), null)],
  ['TypeError: data.columns[0].name: expected a text, got 7', table(column(7, [1, 2]))],
  ['TypeError: data.columns[0].values: expected an array, got "12"', table(column('a', '12'))],
  ['RangeError: data.columns[0].values: expected 2 values, got 3', table(column('a', [1, 2, 3]))],
  [
    'RangeError: data: expected columns of different names, got a twice',
    table(column('a', [1, 2]), column('a', [1, 2])),
  ],
]

const ofOptions: Refused[] = [
  [
    'RangeError: options: expected one of target, task, classes, texts, features, weights, scale, unknown, maxCategories, hidden, activation, initializer, biasInitializer, loss, precision, seed, engine, arithmetic, got "tagret"; did you mean target?',
    rows,
    { tagret: 'kind' },
  ],
  ['TypeError: target: expected the name of a column or an array of names, got undefined', rows],
  ['TypeError: target: expected the name of a column or an array of names, got 3', rows, { target: 3 }],
  ['RangeError: target: expected at least 1 column, got 0', rows, { target: [] }],
  ['TypeError: target[1]: expected the name of a column, got 1', rows, { target: ['kind', 1] }],
  ['RangeError: target: expected different columns, got kind twice', rows, { target: ['kind', 'kind'] }],
  [
    'RangeError: target: expected columns of the data (length, colour, kind), got sort',
    rows,
    { target: 'sort' },
  ],
  [
    'RangeError: target: expected columns of the data (length, colour, kind), got constructor',
    rows,
    { target: 'constructor' },
  ],
  [
    'RangeError: target: expected numbers for a regression, got texts in column kind',
    rows,
    { target: 'kind', task: 'regression' },
  ],
  ['RangeError: target: expected 1 column of classes, got 2', rows, { target: ['kind', 'colour'] }],
  [
    'RangeError: target: expected another name than probabilities, which the answers have',
    [{ a: 1, probabilities: 'x' }],
    { target: 'probabilities' },
  ],
  [
    'RangeError: task: expected one of classification, regression, multilabel, got "cluster"',
    rows,
    { target: 'kind', task: 'cluster' },
  ],
  [
    'TypeError: features: expected an array of names, got "length"',
    rows,
    { target: 'kind', features: 'length' },
  ],
  [
    'RangeError: features: expected columns of the data (length, colour, kind), got width',
    rows,
    { target: 'kind', features: ['length', 'width'] },
  ],
  [
    'RangeError: features: expected no target or weights, got kind',
    rows,
    { target: 'kind', features: ['length', 'kind'] },
  ],
  ['RangeError: features: expected at least 1 column, got 0', [{ a: 1 }, { a: 2 }], { target: 'a' }],
  ['TypeError: weights: expected the name of a column, got an array', rows, { target: 'kind', weights: [1] }],
  [
    'RangeError: weights: expected columns of the data (length, colour, kind), got count',
    rows,
    { target: 'kind', weights: 'count' },
  ],
  [
    'TypeError: row 1, column colour: expected a number, got "red"',
    rows,
    { target: 'kind', weights: 'colour' },
  ],
  ['RangeError: weights: expected no target, got length', rows, { target: 'length', weights: 'length' }],
  [
    'RangeError: scale: expected one of standardize, minMax, none, got "log"',
    rows,
    { target: 'kind', scale: 'log' },
  ],
  [
    'RangeError: unknown: expected one of error, zeros, got "ignore"',
    rows,
    { target: 'kind', unknown: 'ignore' },
  ],
  ['RangeError: maxCategories: expected an integer >= 1, got 0', rows, { target: 'kind', maxCategories: 0 }],
  [
    'TypeError: hidden: expected an array of units, got 16; [16] is one layer',
    rows,
    { target: 'kind', hidden: 16 },
  ],
  [
    'RangeError: hidden[1]: expected an integer >= 1 and <= 2147483648, got 0',
    rows,
    { target: 'kind', hidden: [4, 0] },
  ],
  [
    'RangeError: activation: expected one of hidden, output, got "first"',
    rows,
    { target: 'kind', activation: { first: 'tanh' } },
  ],
  [
    'RangeError: activation.output: expected "softmax" for classes, got "sigmoid"',
    rows,
    { target: 'kind', activation: { output: 'sigmoid' } },
  ],
]

const ofValues: Refused[] = [
  [
    'TypeError: row 1, column ripe: expected a number, a text, true or false, got an object; make a column of each value in it',
    [{ ripe: { at: 3 }, kind: 'apple' }, rows[1]],
    { target: 'kind', features: ['ripe'] },
  ],
  [
    `RangeError: row 2, column length: expected a number as in row 1, got "two"; texts: ['length'] takes all for texts`,
    changed({ length: 'two' }),
    { target: 'kind' },
  ],
  [
    'TypeError: row 2, column length: expected a value, got undefined, a missing one; leave it out, or put a value in its place',
    [rows[0], { colour: 'red', kind: 'melon' }],
    { target: 'kind' },
  ],
  [
    'TypeError: row 2, column length: expected a value, got NaN, a missing one; leave it out, or put a value in its place',
    changed({ length: NaN }),
    { target: 'kind' },
  ],
  [
    'TypeError: row 2, column colour: expected a value, got null, a missing one; leave it out, or put a value in its place',
    changed({ colour: null }),
    { target: 'kind' },
  ],
  [
    'RangeError: row 2: expected the columns of row 1, got width too',
    changed({ width: 3 }),
    { target: 'kind' },
  ],
  [
    'TypeError: row 2, column b: expected a value, got NaN, a missing one; leave it out, or put a value in its place',
    table(column('a', Float64Array.of(1, 2)), column('b', Float64Array.of(1, NaN))),
    { target: 'a' },
  ],
  [
    'RangeError: column kind: expected at least 2 classes, got apple alone',
    [rows[0], rows[0]],
    { target: 'kind' },
  ],
  [
    'RangeError: column colour: expected at most 1 categories (maxCategories), got more',
    rows,
    { target: 'length', maxCategories: 1 },
  ],
  [
    'RangeError: row 2, column y: expected a finite number, got Infinity',
    [
      { a: 1, y: 0 },
      { a: 2, y: Infinity },
    ],
    { target: 'y', task: 'classification' },
  ],
  [
    'RangeError: column a: expected numbers with a mean and a deviation that are finite',
    [
      { a: Number.MAX_VALUE, y: 0 },
      { a: Number.MAX_VALUE / 2, y: 1 },
      { a: -Number.MAX_VALUE, y: 1 },
    ],
    { target: 'y' },
  ],
  [
    'RangeError: column a: expected numbers with a range that are finite',
    [
      { a: Number.MAX_VALUE, y: 0 },
      { a: -Number.MAX_VALUE, y: 1 },
    ],
    { target: 'y', scale: 'minMax' },
  ],
]

const ofPairs: Refused[] = [
  [
    'RangeError: target: expected none beside pairs, whose inputs and outputs have names',
    pairs,
    { target: 'light' },
  ],
  [
    'RangeError: task: expected none beside pairs, whose inputs and outputs have names',
    pairs,
    { task: 'classification' },
  ],
  ['RangeError: row 1: expected an output in a pair to learn from', [{ input: { a: 1 } }]],
  ['RangeError: data: expected at least 1 input in the pairs, got 0', [{ input: {}, output: { a: 1 } }]],
  ['RangeError: data: expected at least 1 output in the pairs, got 0', [{ input: { a: 1 }, output: {} }]],
  ['TypeError: row 2, output: expected an object, got undefined', [...pairs, { input: { red: 1 } }]],
  ['TypeError: row 1, input: expected an object, got an array', [{ input: [0, 1], output: [1] }]],
  [
    'TypeError: row 1, column red: expected a number, got "much"',
    [{ input: { red: 'much' }, output: { light: 1 } }],
  ],
  [
    'RangeError: row 1, column price: expected a number from 0 to 1 for a sigmoid, or another scale or activation: { output }, got 250',
    [{ input: { rooms: 3 }, output: { price: 250 } }],
  ],
]

describe('create', () => {
  it.each([...ofData, ...ofOptions, ...ofValues, ...ofPairs])('%s', (message, data, options) => {
    expect(thrown(() => Model.create(any(data), any(options)))).toBe(message)
  })
})

it('is not made by new', () => {
  const Any = Model as unknown as new () => Model
  expect(() => new Any()).toThrow('Model: expected Model.create, fromBytes or fromJSON in the place of new')
})

describe('a model', () => {
  const model = Model.create(rows, { target: 'kind', seed: 1 })
  const weighted = Model.create(
    rows.map((row, count) => ({ ...row, count })),
    { target: 'kind', weights: 'count' },
  )
  const sparse = Model.create(pairs)
  const many = Model.create(
    Array.from({ length: 12 }, (_, i) => ({ kind: `k${String(i).padStart(2, '0')}`, y: i })),
    { target: 'y' },
  )
  const scaled = Model.create(
    [
      { a: 0, y: 1 },
      { a: 1e-30, y: 2 },
    ],
    { target: 'y' },
  )

  it.each<[string, () => unknown]>([
    ['RangeError: data: expected a column length', () => model.predict({ colour: 'red' })],
    ['RangeError: data: expected a column length', () => model.predict([{ colour: 'red' }])],
    ['TypeError: data: expected an object, got 5', () => model.predict(any(5))],
    [
      'RangeError: row 2, column colour: expected one of green, red, got "blue"; unknown: \'zeros\' in training takes it for none of them',
      () => model.predict([rows[0], { length: 1, colour: 'blue' }]),
    ],
    [
      'RangeError: row 1, column kind: expected one of k00, k01, k02, k03, k04, k05, k06, k07, k08, k09, … (12), got "x"; unknown: \'zeros\' in training takes it for none of them',
      () => many.predict({ kind: 'x' }),
    ],
    [
      'TypeError: row 1, column colour: expected a text, got 5',
      () => model.predict({ length: 1, colour: 5 }),
    ],
    [
      'RangeError: row 1, column a: expected a number that is finite when scaled, got 1e+22',
      () => scaled.predict({ a: 1e22 }),
    ],
    [
      'RangeError: data: expected a column kind, the target',
      () => model.evaluate([{ length: 1, colour: 'red' }]),
    ],
    [
      'RangeError: row 2, column kind: expected one of apple, melon, got "pear"',
      () => model.evaluate(changed({ kind: 'pear' })),
    ],
    [
      'RangeError: row 1: expected columns of red, green, light, got gren; did you mean green?',
      () => sparse.predict({ gren: 1 }),
    ],
    [
      'RangeError: row 1: expected columns of light, got dark',
      () => sparse.evaluate([{ input: { red: 1 }, output: any({ dark: 1 }) }]),
    ],
    ['RangeError: data: expected a column light, the target', () => sparse.evaluate([{ input: { red: 1 } }])],
  ])('%s', (message, call) => {
    expect(thrown(call)).toBe(message)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['data: expected a column kind, the target', () => model.fit([{ length: 1, colour: 'red' }])],
    ['data: expected a column count', () => weighted.fit(rows)],
    [
      'data: expected batches, one after the other, got 3',
      () =>
        model.fit(
          any(() => 3),
          { epochs: 1 },
        ),
    ],
    [
      'validation: expected a column kind, the target',
      () => model.fit(rows, { validation: [{ length: 1 }] }),
    ],
    ['validation: expected at least 1 row, got 0', () => model.fit(rows, { validation: [] })],
    ['options: expected an object, got 3', () => model.fit(rows, any(3))],
    ['options: expected an object, got a Promise; await it', () => model.fit(rows, any(Promise.resolve({})))],
    [
      'got an object; batches are given to Model.fit as they are, without stream',
      () => model.fit(any(stream(any(() => [rows])))),
    ],
    [
      'validation: expected a table or rows beside batches, got 0.2',
      () => model.fit(() => [rows], { validation: 0.2 }),
    ],
    [
      'validation: expected a table, an array of rows or an array of pairs, got true',
      () => model.fit(rows, { validation: any(true) }),
    ],
    [
      'options: expected those of fit, got "target"; it belongs to Model.create',
      () => model.fit(rows, any({ target: 'kind' })),
    ],
    [
      'classWeights: expected an object, got a Map',
      () => model.fit(rows, { classWeights: any(new Map([['melon', 2]])) }),
    ],
    [
      'row 1: expected an object, got a Promise; await it',
      () => Promise.resolve().then(() => model.predict(Promise.resolve({ length: 1 }))),
    ],
    [
      'classWeights: expected classes (apple, melon), got pear',
      () => model.fit(rows, { classWeights: { pear: 1 } }),
    ],
    [
      'classWeights of melon: expected a number >= 0, got -1',
      () => model.fit(rows, { classWeights: { melon: -1 } }),
    ],
    ['classWeights: expected an object, got 3', () => model.fit(rows, { classWeights: any(3) })],
    ['epochs: expected an integer >= 1, got 0', () => model.fit(rows, { epochs: 0 })],
  ])('fit: %s', async (message, call) => {
    await expect(call()).rejects.toThrow(message)
    expect(model.predict(rows)).toEqual(Model.create(rows, { target: 'kind', seed: 1 }).predict(rows))
  })
})
