import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { Model, type ModelColumn } from '../../src/model/index.js'
import { engineOf, like } from '../support/ways.js'

const rows = [
  { length: 0.1, width: 3, colour: 'red', kind: 'apple', price: 0.3, count: 1 },
  { length: 0.7, width: -0, colour: 'grün', kind: 'melon "m"', price: 1e-30, count: 2 },
  { length: 1e3, width: 7, colour: 'red', kind: '\ud800', price: -0, count: 3 },
]

/** The same with columns of every kind. */
const rowsFor = rows.map((row, i) => ({
  ...row,
  ripe: i !== 1,
  sold: i === 0,
  round: row.colour === 'red' ? 'Yes' : 'No',
  many: row.count > 1,
  heavy: Number(row.width > 5),
}))

/** Models of every kind. */
const make = (engine: 'wasm' | 'baseline'): [string, Model][] => [
  [
    'of classes that are texts',
    Model.create(rows, {
      target: 'kind',
      weights: 'count',
      unknown: 'zeros',
      hidden: [3],
      seed: 1,
      engine: engineOf[engine],
    }),
  ],
  [
    'of classes that are numbers',
    Model.create(rows, { target: 'width', task: 'classification', hidden: [3], engine: engineOf[engine] }),
  ],
  [
    'of two numbers',
    Model.create(rows, {
      target: ['price', 'length'],
      scale: 'minMax',
      precision: 'f64',
      engine: engineOf[engine],
    }),
  ],
  [
    'of true and false',
    Model.create(
      rows.map(({ length }, i) => ({ length, ripe: i !== 1, sold: i === 0 })),
      { target: 'sold', hidden: [2], seed: 2, engine: engineOf[engine] },
    ),
  ],
  [
    'of labels',
    Model.create(
      rows.map(({ width, colour, count }) => ({
        width,
        round: colour === 'red' ? 'Yes' : 'No',
        many: count > 1,
        heavy: Number(width > 5),
      })),
      { target: ['round', 'many', 'heavy'], task: 'multilabel', seed: 3, engine: engineOf[engine] },
    ),
  ],
  [
    'of a number as it is',
    Model.create(rows, { target: 'price', scale: 'none', hidden: [], engine: engineOf[engine] }),
  ],
  [
    'of pairs',
    Model.create([{ input: { red: 0.2, green: 0.9 }, output: { light: 1, dark: 0 } }], {
      engine: engineOf[engine],
    }),
  ],
]
const made = make('wasm')

describe.each(made)('a model %s', (_, model) => {
  it.each([
    ['bytes', (): Model => Model.fromBytes(model.toBytes())],
    ['JSON', (): Model => Model.fromJSON(JSON.parse(JSON.stringify(model)))],
  ])('comes back from %s as it was, and trains on', async (_, reload) => {
    const back = reload()
    expect(back.inputs).toEqual(model.inputs)
    expect(back.outputs).toEqual(model.outputs)
    expect(back.toBytes()).toEqual(model.toBytes())
    expect(JSON.stringify(back)).toBe(JSON.stringify(model))
    expect(String(back)).toBe(String(model))
    const data = model.inputs[0].name === 'red' ? [{ input: { red: 1 }, output: { light: 1 } }] : rowsFor
    expect(back.predict(data)).toEqual(model.predict(data))
    expect(back.evaluate(data)).toEqual(model.evaluate(data))
    const [one, two] = [reload(), reload()]
    expect(await one.fit(data, { epochs: 2 })).toMatchObject({ ended: 'epochs' })
    await two.fit(data, { epochs: 2 })
    expect(one.toBytes()).toEqual(two.toBytes())
    expect(one.toBytes()).not.toEqual(model.toBytes())
  })

  it('is a network in both formats', () => {
    const x = new Float32Array(model.network.inputs).fill(0.5)
    for (const net of [Network.fromBytes(model.toBytes()), Network.fromJSON(model.toJSON())]) {
      expect(net.predict(x)).toEqual(model.network.predict(x))
      expect(net.toBytes()).toEqual(model.toBytes())
    }
  })
})

describe('pre-processing in a file', () => {
  const [, model] = made[0]
  const saved = JSON.parse(model.network.metadata.preprocessing) as Record<string, unknown>
  const [number, text] = [model.inputs[0], model.inputs[2]]

  /** The model whose file has this in the place of its pre-processing. */
  const load = (value: unknown, network = model.network): Model => {
    const net = Network.fromBytes(network.toBytes())
    net.metadata = { preprocessing: typeof value === 'string' ? value : JSON.stringify(value) }
    return Model.fromBytes(net.toBytes())
  }
  const inputs = (...columns: unknown[]): unknown => ({ ...saved, inputs: columns })
  const outputs = (...columns: unknown[]): unknown => ({ ...saved, outputs: columns })
  const classes = (...categories: unknown[]): unknown => ({ name: 'kind', kind: 'text', categories })
  const scaled = { name: 'a', kind: 'number', scale: 'none' }

  it('is readable JSON, with the columns as the model tells them', () => {
    expect(saved).toEqual({
      version: 1,
      inputs: model.inputs,
      outputs: model.outputs,
      unknown: 'zeros',
      isSparse: false,
      weights: 'count',
    })
    expect(load(saved).toBytes()).toEqual(model.toBytes())
  })

  it('a network alone has none', () => {
    const message =
      'metadata: expected an entry "preprocessing", which a network alone does not have; Network reads it, in the place of Model'
    const net = new Network([2, 1])
    expect(() => Model.fromBytes(net.toBytes())).toThrow(new RangeError(message))
    expect(() => Model.fromJSON(net.toJSON())).toThrow(new RangeError(message))
  })

  it.each<[string, unknown]>([
    ['RangeError: preprocessing: expected JSON: cut off, or another format', '{'],
    ['TypeError: preprocessing: expected an object, got an array', []],
    [
      'RangeError: preprocessing: expected one of version, inputs, outputs, unknown, isSparse, weights, got "__proto__"',
      '{ "__proto__": { "polluted": true } }',
    ],
    ['RangeError: preprocessing.version: expected 1 or 2, got 3', { ...saved, version: 3 }],
    ['TypeError: preprocessing.unknown: expected one of error, zeros, got 1', { ...saved, unknown: 1 }],
    ['TypeError: preprocessing.isSparse: expected true or false, got 0', { ...saved, isSparse: 0 }],
    ['TypeError: preprocessing.weights: expected a text, got 0', { ...saved, weights: 0 }],
    ['TypeError: preprocessing.inputs: expected an array, got an object', { ...saved, inputs: {} }],
    ['RangeError: preprocessing.inputs: expected at least 1 column, got 0', inputs()],
    ['TypeError: preprocessing.inputs[0]: expected an object, got null', inputs(null)],
    ['RangeError: preprocessing.inputs: expected columns of different names', inputs(number, number)],
    ['TypeError: preprocessing.inputs[0].name: expected a text, got 3', inputs({ ...number, name: 3 })],
    [
      'RangeError: preprocessing.inputs[0].kind: expected one of text, number, got "date"',
      inputs({ ...number, kind: 'date' }),
    ],
    [
      'RangeError: preprocessing.inputs[0].scale: expected one of standardize, minMax, none, got "log"',
      inputs({ ...number, scale: 'log' }),
    ],
    [
      'TypeError: preprocessing.inputs[0].mean: expected a number, got null',
      inputs({ ...number, mean: NaN }),
    ],
    [
      'RangeError: preprocessing.inputs[0].deviation: expected a number > 0, got 0',
      inputs({ ...number, deviation: 0 }),
    ],
    [
      'RangeError: preprocessing.inputs[0]: expected one of name, kind, scale, mean, deviation, got "min"',
      inputs({ ...number, min: 0 }),
    ],
    [
      'RangeError: preprocessing.inputs[0].max: expected a number >= 2, got 1',
      inputs({ ...scaled, scale: 'minMax', min: 2, max: 1 }),
    ],
    [
      'RangeError: preprocessing.inputs[0]: expected a finite range, got -1e+308 to 1e+308',
      inputs({ ...scaled, scale: 'minMax', min: -1e308, max: 1e308 }),
    ],
    [
      'RangeError: preprocessing.inputs[0]: expected one of name, kind, categories, got "scale"',
      inputs({ ...text, scale: 'none' }),
    ],
    [
      'TypeError: preprocessing.inputs[0].categories: expected an array, got undefined',
      inputs({ name: 'colour', kind: 'text' }),
    ],
    [
      'RangeError: preprocessing.inputs[0].categories: expected at least 1 category, got 0',
      inputs({ ...text, categories: [] }),
    ],
    [
      'TypeError: preprocessing.inputs[0].categories[1]: expected a text, got 1',
      inputs({ ...text, categories: ['a', 1] }),
    ],
    [
      'RangeError: preprocessing.inputs[0].categories[1]: expected categories in ascending order, got "a"',
      inputs({ ...text, categories: ['a', 'a'] }),
    ],
    [
      'RangeError: preprocessing.inputs[0]: expected no categories of this kind',
      inputs({ name: 'a', kind: 'number', categories: [1, 2] }),
    ],
    [
      'RangeError: preprocessing.inputs[2]: expected no categories of this kind',
      { ...saved, isSparse: true },
    ],
    [
      'RangeError: preprocessing.outputs: expected classes alone, and none of pairs',
      outputs(classes('a', 'b'), scaled),
    ],
    [
      'RangeError: preprocessing.outputs[0].name: expected another name than probabilities',
      outputs({ ...model.outputs[0], name: 'probabilities' }),
    ],
    [
      'RangeError: preprocessing.outputs[0].categories.length: expected an integer >= 2, got 1',
      outputs(classes('a')),
    ],
    ['RangeError: preprocessing.inputs: expected the 5 numbers of the network, got 1', inputs(number)],
    [
      'RangeError: preprocessing.outputs: expected the 3 numbers of the network, got 2',
      outputs(classes('a', 'b')),
    ],
  ])('%s', (message, value) => {
    let error: unknown
    try {
      load(value)
    } catch (thrown) {
      error = thrown
    }
    expect(String(error)).toBe(message)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  const bool = { name: 'ripe', kind: 'boolean', categories: [false, true] }
  const label = { name: 'round', kind: 'label', labels: ['no', 'yes'] }
  const labelLists: [string, unknown][] = [
    ['"yes", "no"', ['yes', 'no']],
    ['"No", "yes"', ['No', 'yes']],
    ['0, 1, 2', [0, 1, 2]],
    ['0', [0]],
    ['', []],
    ['1, 0', [1, 0]],
    ['"a", "b"', ['a', 'b']],
    ['null, an object', [null, {}]],
  ]
  const second = (value: object): unknown => ({ ...saved, version: 2, ...value })

  it.each<[string, unknown]>([
    ['RangeError: preprocessing.inputs[0].kind: expected one of text, number, got "boolean"', inputs(bool)],
    ['RangeError: preprocessing.outputs[0].kind: expected one of text, number, got "label"', outputs(label)],
    [
      'RangeError: preprocessing.inputs[0].kind: expected one of text, number, boolean, label, got "date"',
      second({ inputs: [{ ...bool, kind: 'date' }] }),
    ],
    [
      'TypeError: preprocessing.inputs[0].categories[1]: expected true or false, got 1',
      second({ inputs: [{ ...bool, categories: [false, 1] }] }),
    ],
    [
      'RangeError: preprocessing.inputs[0].categories[1]: expected categories in ascending order, got false',
      second({ inputs: [{ ...bool, categories: [true, false] }] }),
    ],
    [
      'RangeError: preprocessing.inputs[0].categories.length: expected an integer >= 2, got 1',
      second({ inputs: [{ ...bool, categories: [true] }] }),
    ],
    ['RangeError: preprocessing.inputs[0]: expected no categories of this kind', second({ inputs: [label] })],
    [
      'RangeError: preprocessing.inputs[0]: expected no categories of this kind',
      second({ inputs: [bool], isSparse: true }),
    ],
    [
      'TypeError: preprocessing.outputs[0].labels: expected an array, got undefined',
      second({ outputs: [{ name: 'round', kind: 'label' }] }),
    ],
    [
      'RangeError: preprocessing.outputs[0]: expected one of name, kind, labels, got "scale"',
      second({ outputs: [{ ...label, scale: 'none' }] }),
    ],
    ...labelLists.map(([got, labels]): [string, unknown] => [
      `RangeError: preprocessing.outputs[0].labels: expected 0 and 1, false and true, or texts such as no and yes, got ${got}`,
      second({ outputs: [{ ...label, labels }] }),
    ]),
    [
      'RangeError: preprocessing.outputs: expected labels alone, and none of pairs',
      second({ outputs: [label, scaled] }),
    ],
    [
      'RangeError: preprocessing.outputs: expected labels alone, and none of pairs',
      second({ inputs: [number], outputs: [label], isSparse: true }),
    ],
    [
      'RangeError: preprocessing.outputs[1].name: expected another name than probabilities',
      second({ outputs: [label, { ...label, name: 'probabilities' }] }),
    ],
    [
      'RangeError: preprocessing.outputs: expected numbers without a sigmoid in the network, got labels',
      second({ outputs: ['a', 'b', 'c'].map((name) => ({ ...label, name })) }),
    ],
  ])('%s', (message, value) => {
    let error: unknown
    try {
      load(value)
    } catch (thrown) {
      error = thrown
    }
    expect(String(error)).toBe(message)
  })

  it('what only version 2 can say has that number, all else 1; version 2 may say it too', () => {
    const versions = made.map(([, { network }]) => JSON.parse(network.metadata.preprocessing) as object)
    expect(versions.map((each) => 'version' in each && each.version)).toEqual([1, 1, 1, 2, 2, 1, 1])
    expect(load(second({})).predict(rows)).toEqual(model.predict(rows))
  })

  it('classes need a softmax', () => {
    const net = new Network([5, 3])
    expect(() => load(saved, net)).toThrow(
      new RangeError('preprocessing.outputs: expected numbers without a softmax in the network, got classes'),
    )
  })
})

/** An error of ours is a TypeError or RangeError that begins with the name of what is wrong. */
function expectOurs(read: () => Model): void {
  let model: Model
  try {
    model = read()
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    expect(error.message).toMatch(/^[\w.[\]]+: expected /)
    return
  }
  // What has been read works, and is saved as it was read.
  const value = (column: ModelColumn): unknown => ('categories' in column ? column.categories[0] : 0)
  const row = Object.fromEntries(model.inputs.map((column) => [column.name, value(column)]))
  try {
    model.predict(row)
  } catch (error) {
    expect(String(error)).toMatch(
      /^RangeError: row 1(, column .*: expected a number that is finite when scaled|: expected a finite number for )/,
    )
  }
  expect(Model.fromBytes(model.toBytes(), like(model.network)).toBytes()).toEqual(model.toBytes())
}

// On the baseline engine, which is made in no time.
describe.each(make('baseline'))(
  'whatever is changed in a model %s, one comes or an error of ours',
  (_, model) => {
    it('bytes', () => {
      const bytes = model.toBytes()
      const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.integer({ min: 0, max: 255 }) })
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
          const mutated = bytes.slice()
          for (const { at, value } of changes) mutated[at] = value
          expectOurs(() => Model.fromBytes(mutated, like(model.network)))
        }),
        { numRuns: 600 },
      )
    })

    it('characters of the pre-processing', () => {
      const characters = Array.from(model.network.metadata.preprocessing)
      const net = Network.fromBytes(model.toBytes(), like(model.network))
      const edit = fc.record({
        at: fc.nat(characters.length - 1),
        character: fc.constantFrom('', ...Array.from('0123456789eE+-.,:[]{}"ntxl ')),
      })
      fc.assert(
        fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
          const mutated = characters.slice()
          for (const { at, character } of edits) mutated[at] = character
          net.metadata = { preprocessing: mutated.join('') }
          expectOurs(() => Model.fromJSON(net.toJSON(), like(net)))
        }),
        { numRuns: 600 },
      )
    })

    it('values of the pre-processing', () => {
      const net = Network.fromBytes(model.toBytes(), like(model.network))
      const saved = JSON.parse(net.metadata.preprocessing) as unknown
      let total = 0
      JSON.stringify(saved, (_, v: unknown) => (++total, v))
      fc.assert(
        fc.property(fc.nat(), fc.jsonValue(), (place, value) => {
          // The place-th value of the tree, counted as they are visited, becomes another.
          let count = 0
          const text = JSON.stringify(saved, (_, v: unknown) => (count++ === place % total ? value : v))
          net.metadata = { preprocessing: text }
          expectOurs(() => Model.fromJSON(net.toJSON(), like(net)))
        }),
        { numRuns: 600 },
      )
    })
  },
)
