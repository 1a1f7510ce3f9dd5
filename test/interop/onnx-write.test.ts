import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { errorDetails } from '../../src/data/index.js'
import { activationNames } from '../../src/definition/activations.js'
import { Network } from '../../src/index.js'
import { exportedOf } from '../../src/interop/exported.js'
import { fromONNX, toONNX, type OnnxOptions } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'

/** A network whose biases are not 0. */
function networkOf(activation: (typeof activationNames)[number], precision: 'f32' | 'f64'): Network {
  const hidden = activation === 'softmax' ? 'relu' : activation
  const net = new Network([6, 12, 9, 4], { activation: { hidden, output: activation }, precision, seed: 3 })
  for (const { biases } of net.layers) biases.forEach((_, j) => (biases[j] = Math.sin(j)))
  return net
}

/** All parameters, and the activations. */
function contents({ layers }: Network): unknown[] {
  return layers.map(({ weights, biases, activation }) => [weights, biases, activation])
}

describe('out and in again: the same bits, the same activations', () => {
  for (const precision of ['f32', 'f64'] as const) {
    it.each(activationNames)(`${precision} %s`, (activation) => {
      const net = networkOf(activation, precision)
      const again = fromONNX(toONNX(net, { precision })).as(Network)
      expect(contents(again)).toEqual(contents(net))
    })
  }

  it('leakyRelu and elu with a parameter of their own', () => {
    const net = new Network({
      inputs: 2,
      layers: [
        { units: 3, activation: { type: 'leakyRelu', slope: 0.3 } },
        { units: 2, activation: { type: 'elu', alpha: 0.7 } },
      ],
    })
    expect(contents(fromONNX(toONNX(net)).as(Network))).toEqual(contents(net))
  })
})

/** A field of a message that is a text, or a message. */
function field(number: number, content: Uint8Array): number[] {
  // Lengths of two bytes, whatever they are.
  return [number * 8 + 2, (content.length & 0x7f) | 0x80, content.length >> 7, ...content]
}

/** A file with an entry of metadata more. */
function withEntry(file: Uint8Array, key: string, value: string): Uint8Array {
  const encoder = new TextEncoder()
  const entry = [...field(1, encoder.encode(key)), ...field(2, encoder.encode(value))]
  return Uint8Array.from([...file, ...field(14, Uint8Array.from(entry))])
}

/** A file in which a text that is somewhere is another one of the same length. */
function replaced(file: Uint8Array, text: string, other: string): Uint8Array {
  const buffer = Buffer.from(file)
  const at = buffer.indexOf(text)
  expect(at).toBeGreaterThan(0)
  expect(other).toHaveLength(text.length)
  buffer.write(other, at)
  return new Uint8Array(buffer)
}

describe('a model out and in again: the same bits, the same columns', () => {
  const table = [
    { size: 1.5, colour: 'red', ripe: true, label: 'apple', stars: 0.5, price: 3, a: true, b: 'no' },
    { size: 2, colour: 'green', ripe: false, label: 'melon', stars: 10.5, price: 1, a: false, b: 'yes' },
    { size: 5.25, colour: 'blue', ripe: true, label: 'apple', stars: 2.5, price: 7, a: true, b: 'yes' },
    { size: 1 / 3, colour: 'red', ripe: false, label: 'apple', stars: 10.5, price: 2, a: true, b: 'no' },
  ]
  const only = (...names: (keyof (typeof table)[0])[]): Record<string, unknown>[] => {
    return table.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))
  }
  type Options = Parameters<typeof Model.create>[1]

  it.each<[string, unknown[], Options]>([
    [
      'texts and booleans, a class that is called label',
      only('size', 'colour', 'ripe', 'label'),
      { target: 'label' },
    ],
    ['a class that is true or false', only('size', 'ripe'), { target: 'ripe' }],
    ['classes that are numbers', only('size', 'stars'), { target: 'stars', task: 'classification' }],
    ['one number of one', only('size', 'price'), { target: 'price' }],
    ['one number, none scaled', only('size', 'price'), { target: 'price', scale: 'none' }],
    ['a range', only('size', 'colour', 'price'), { target: 'price', scale: 'minMax' }],
    ['several numbers', only('size', 'colour', 'price', 'stars'), { target: ['price', 'stars'] }],
    [
      'several numbers behind a sigmoid',
      only('size', 'price', 'stars'),
      { target: ['price', 'stars'], scale: 'minMax', activation: { output: 'sigmoid' } },
    ],
    ['labels', only('size', 'a', 'ripe'), { target: ['a', 'ripe'], task: 'multilabel' }],
    ['texts that did not occur', only('size', 'colour', 'price'), { target: 'price', unknown: 'zeros' }],
    ['f64', only('size', 'colour', 'price'), { target: 'price', precision: 'f64' }],
    [
      'pairs',
      [
        { input: { r: 0.2, g: 0.9 }, output: { light: 1 } },
        { input: { r: 0.1 }, output: { dark: 1 } },
      ],
      {},
    ],
  ])('%s', async (_, rows, options) => {
    const model = Model.create(rows as never, { hidden: [5], seed: 1, ...options })
    await model.fit(rows as never, { epochs: 3 })
    const { precision } = exportedOf(model)
    const converted = fromONNX(toONNX(model, { precision }))
    const again = converted.as(Model)
    expect(exportedOf(again)).toEqual(exportedOf(model))
    const inputs = rows.map((row) => (row as { input?: object }).input ?? row)
    expect(again.predict(inputs as never)).toEqual(model.predict(inputs as never))
    expect(converted.notes.filter((note) => note.includes('graph'))).toEqual([])
  })
})

it('what is said of a mean counts only where the graph has the same, also far from 0', () => {
  const times = [1.7e12, 1.7e12 + 3e5, 1.7e12 + 7e5].map((time, i) => ({ time, price: i }))
  const written = toONNX(Model.create(times, { target: 'price', hidden: [3], seed: 1 }))
  expect(fromONNX(written).notes.filter((note) => note.includes('graph'))).toEqual([])
  const text = new TextDecoder('latin1').decode(written)
  const mean = /"mean":(1700000\d{6}(?:\.\d+)?)/.exec(text)?.[1] ?? ''
  // Three deviations away, in as many digits.
  const other = `17000020${mean.slice(8)}`
  expect(fromONNX(replaced(written, mean, other)).notes.join()).toContain(
    'expected the scales of inputs of the graph',
  )
})

describe('what is said of a model beside its graph', () => {
  const rows = [
    { size: 1, colour: 'red', ripe: true, price: 2 },
    { size: 2, colour: 'green', ripe: false, price: 1 },
    { size: 4, colour: 'blue', ripe: true, price: 9 },
  ]
  const KEY = 'deltaprop.preprocessing'
  const file = toONNX(Model.create(rows, { target: 'price', hidden: [5], seed: 1 }))
  const classes = toONNX(Model.create(rows, { target: 'colour', hidden: [5], seed: 1 }))
  const bare = replaced(file, KEY, 'x'.repeat(KEY.length))

  it.each<[string, Uint8Array, string]>([
    [
      'another name of an input',
      replaced(file, '"name":"size"', '"name":"mass"'),
      'expected the inputs of the graph, got others',
    ],
    ['another text', replaced(file, '["blue"', '["aqua"'), 'expected the inputs of the graph, got others'],
    [
      'another name of the output',
      replaced(file, '"name":"price"', '"name":"costs"'),
      'expected the output of the graph, got others',
    ],
    [
      'other texts that did not occur',
      replaced(file, '"unknown":"error"', '"unknown":"zeros"'),
      'expected the unknown of the graph, got others',
    ],
    [
      'another mean',
      replaced(file, '"mean":2.33', '"mean":2.34'),
      'expected the scales of inputs of the graph, got others',
    ],
    [
      'another mean of the output',
      replaced(file, '"mean":4,', '"mean":5,'),
      'expected the scales of outputs of the graph, got others',
    ],
    [
      'another class',
      replaced(classes, '["blue"', '["aqua"'),
      'expected the classes of the graph, got others',
    ],
    [
      'another name of the class',
      replaced(classes, '"name":"colour"', '"name":"colors"'),
      'expected the output of the graph, got others',
    ],
    [
      'another kind of scale',
      replaced(file, '"standardize"', '"standard123"'),
      'expected one of standardize, minMax, none',
    ],
    ['no JSON', replaced(file, '{"version"', '["version"'), 'preprocessing: expected JSON'],
    ['another version', replaced(file, '"version":2', '"version":9'), 'expected 1 or 2, got 9'],
    ['a prototype', replaced(file, '"version"', '"__proto_'), 'preprocessing'],
    ['two entries', withEntry(file, KEY, '{}'), 'expected one entry of this name, got 2'],
    ['an empty entry', withEntry(bare, KEY, ''), 'preprocessing'],
    ['a prototype that has all', withEntry(bare, KEY, '{"__proto__":{"version":2}}'), 'preprocessing'],
    ['many brackets', withEntry(bare, KEY, '['.repeat(10_000)), 'preprocessing'],
  ])('%s: the graph counts', (_, changed, message) => {
    const converted = fromONNX(changed)
    const said = converted.notes.filter((note) =>
      note.startsWith('the graph counts, and not what is said beside it: '),
    )
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(message)
    const isClasses = changed.length === classes.length
    expect(converted.as(Model).inputs.map(({ name }) => name)).toEqual(
      isClasses ? ['size', 'ripe', 'price'] : ['size', 'colour', 'ripe'],
    )
    expect(Object.prototype).not.toHaveProperty('version')
  })

  it('without it, booleans are texts, and the network is the same but for what scales its output', () => {
    const model = fromONNX(bare).as(Model)
    expect(model.inputs.map(({ kind }) => kind)).toEqual(['number', 'text', 'text'])
    const [{ price }] = model.predict([{ ...rows[0], ripe: 'true' }])
    expect(price).toBeCloseTo(Number(fromONNX(file).as(Model).predict(rows[0]).price), 5)
  })

  it.each<OnnxOptions>([{ columns: ['a', 'b', 'c'] }, { targets: ['cost'] }, { fold: true }])(
    'options count, and not what is said: %j',
    (options) => {
      const model = fromONNX(file, options).as(Model)
      expect(model.inputs.map(({ kind }) => kind)).toEqual(['number', 'text', 'text'])
    },
  )

  it('a name of the only number is that of the input, where it is a model', () => {
    const one = toONNX(
      Model.create(
        rows.map(({ size, colour }) => ({ size, colour })),
        { target: 'colour', seed: 1 },
      ),
    )
    const model = fromONNX(replaced(one, KEY, 'x'.repeat(KEY.length))).as(Model)
    expect(model.inputs.map(({ name }) => name)).toEqual(['size'])
  })

  it('survives any change of it', () => {
    const at = Buffer.from(file).indexOf(KEY)
    fc.assert(
      fc.property(
        fc.integer({ min: at, max: file.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (place, byte) => {
          const changed = file.slice()
          changed[place] = byte
          try {
            fromONNX(changed).as(Model).predict({ size: 1, colour: 'red', ripe: 'true' })
          } catch (error) {
            expect(errorDetails(error), String((error as Error).stack)).toBeDefined()
          }
        },
      ),
      { numRuns: Number(process.env.ATTEMPTS ?? 200) },
    )
  })
})

describe('a model', () => {
  const rows = [
    { size: 1, colour: 'red', ripe: true, kind: 'apple' },
    { size: 2, colour: 'green', ripe: false, kind: 'melon' },
    { size: 5, colour: 'blue', ripe: true, kind: 'apple' },
  ]

  it('keeps its columns, its scales and its classes', () => {
    const model = Model.create(rows, { target: 'kind', hidden: [5], seed: 1 })
    const again = fromONNX(toONNX(model)).as(Model)
    expect(again.inputs.map(({ name }) => name)).toEqual(['size', 'colour', 'ripe'])
    expect(again.outputs).toEqual(model.outputs)
    const [first] = again.predict(rows)
    const [own] = model.predict(rows)
    expect(first.kind).toBe(own.kind)
    const probabilities = first.probabilities as unknown as Record<string, number>
    for (const [kind, probability] of Object.entries(
      own.probabilities as unknown as Record<string, number>,
    )) {
      expect(probabilities[kind]).toBeCloseTo(probability, 6)
    }
  })

  it('that predicts a number keeps its unit', () => {
    const model = Model.create(rows, { target: 'size', hidden: [5], seed: 1 })
    const again = fromONNX(toONNX(model)).as(Model)
    expect(again.predict(rows[0]).size).toBeCloseTo(Number(model.predict(rows[0]).size), 5)
  })

  it('goes on training', async () => {
    const model = fromONNX(toONNX(Model.create(rows, { target: 'kind', hidden: [5], seed: 1 }))).as(Model)
    await model.fit(rows, { epochs: 200 })
    expect(model.predict(rows).map(({ kind }) => kind)).toEqual(rows.map(({ kind }) => kind))
  })
})
