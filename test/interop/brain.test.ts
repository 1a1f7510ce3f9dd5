import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorDetails, evaluate, Network, type NetworkOptions } from '../../src/index.js'
import { fromBrain, toBrain } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { difference, survivesMutation } from './foreign-json.js'

/** A network of brain.js, with what it answers for some inputs. */
interface Answers {
  readonly json: unknown
  readonly x: readonly (number[] | Record<string, number>)[]
  readonly y: readonly (number[] | Record<string, number>)[]
}

function read(name: string): Record<string, Answers> {
  return JSON.parse(readFileSync(`test/fixtures/interop/brain/${name}.json`, 'utf8')) as Record<
    string,
    Answers
  >
}

const first = read('brain1')
const second = read('brain2')
const written = read('written')

/** The same of deltaprop, as one array. */
function answers(
  { json, x }: Pick<Answers, 'json' | 'x'>,
  options?: Parameters<typeof fromBrain>[1],
): number[] {
  const converted = fromBrain(json, options)
  if (Array.isArray(x[0])) return Array.from(converted.as(Network).predict(x as number[][]))
  const model = converted.as(Model)
  return x.flatMap((row) => Object.values(model.predict(row)) as number[])
}

function expected({ y }: Answers): number[] {
  return y.flatMap((row) => Object.values(row))
}

/** A small network of version 1, or of version 2, changed. */
function firstFile(change: object = {}): Record<string, unknown> {
  return { ...structuredClone(first.sigmoid.json as object), ...change }
}
function secondFile(change: object = {}): Record<string, unknown> {
  return { ...structuredClone(second.sigmoid.json as object), ...change }
}

describe.each([
  ['1.6.1', first],
  ['2.0.0-beta.24', second],
])('predicts as brain.js %s does', (version, files) => {
  for (const [name, file] of Object.entries(files)) {
    // Version 1 does not save the slope.
    const options = version === '1.6.1' && name === 'leaky' ? { slope: 0.2 } : {}
    it(`${name}, f32`, () => {
      expect(difference(answers(file, options), expected(file))).toBeLessThan(1e-6)
    })
    // It keeps weights and activations in f32.
    it(`${name}, f64`, () => {
      const own = answers(file, { ...options, precision: 'f64' })
      expect(difference(own, expected(file))).toBeLessThan(2e-7)
    })
  }
})

describe('a file with names', () => {
  it('is a Model in whose rows what is missing is 0', () => {
    const model = fromBrain(second.sigmoid.json).as(Model)
    expect(model.inputs.map(({ name }) => name)).toEqual(['r', 'g', 'b'])
    expect(model.outputs.map(({ name }) => name)).toEqual(['light', 'dark'])
    expect(model.predict({ b: 1 })).toEqual(model.predict({ r: 0, g: 0, b: 1 }))
  })

  it('keeps names that look like numbers, in their order in the file', () => {
    for (const { json } of [first.numbered, second.numbered]) {
      expect(
        fromBrain(json)
          .as(Model)
          .inputs.map(({ name }) => name),
      ).toEqual(['2', '10', 'b'])
    }
  })

  it('may have any names', () => {
    const text =
      '{"layers":[{"__proto__":{},"a":{}},{"constructor":{"bias":1,"weights":{"__proto__":2,"a":3}}}]}'
    const model = fromBrain(JSON.parse(text)).as(Model)
    expect(model.inputs.map(({ name }) => name)).toEqual(['__proto__', 'a'])
    expect(Array.from(model.network.layers[0].weights)).toEqual([2, 3])
    expect(Object.hasOwn(Object.prototype, 'bias')).toBe(false)
  })

  it('may name its outputs alone', () => {
    const json = {
      layers: [{ 0: {}, 1: {} }, { sum: { bias: 0, weights: { 0: 1, 1: 2 } } }],
      activation: 'relu',
    }
    const model = fromBrain(json).as(Model)
    expect(model.predict({ x0: 3, x1: 4 })).toEqual({ sum: 11 })
  })

  it('takes the names of the options instead', () => {
    const model = fromBrain(firstFile(), { columns: ['red', 'green', 'blue'], targets: ['l', 'd'] }).as(Model)
    expect(Object.keys(model.predict({ red: 1 }))).toEqual(['l', 'd'])
  })

  it('needs all inputs if the option classes makes a classifier of it', () => {
    const json = {
      layers: [{ a: {}, b: {} }, { yes: { bias: 0.5, weights: { a: 1, b: 2 } } }],
    }
    const { notes, ...converted } = fromBrain(json, { classes: ['no', 'yes'], targets: ['answer'] })
    const answer = converted.as(Model).predict({ a: 1, b: 1 })
    expect(answer.answer).toBe('yes')
    expect(notes).toContain('a Model of classes needs all inputs: what is missing is not 0')
  })
})

describe('leaky-relu', () => {
  it('of version 2 has the slope of the file, or that of the option', () => {
    const slopes = [{}, { slope: 0.3 }].map((options) => {
      return fromBrain(second.leaky.json, options).as(Network).layers[0].activation
    })
    expect(slopes).toEqual([
      { type: 'leakyRelu', slope: 0.2 },
      { type: 'leakyRelu', slope: 0.3 },
    ])
  })

  it('of version 1 is what it computes, slope·max(z, 0), and a note says so', () => {
    const { notes } = fromBrain(first.leaky.json)
    expect(notes).toContain(
      'leaky-relu: this brain.js computes 0.01·max(z, 0), so the layers end in a relu, with that factor in their weights',
    )
  })
})

describe('older files', () => {
  it('have neither sizes nor an activation', () => {
    const { sizes, activation, trainOpts, ...json } = firstFile()
    expect([sizes, activation, trainOpts]).not.toContain(undefined)
    expect(answers({ ...first.sigmoid, json })).toEqual(answers(first.sigmoid))
  })
})

describe('training goes on', () => {
  it('from where brain.js was', async () => {
    const x = first.tanh.x as number[][]
    const y = x.map(([a, b, c]) => [Math.abs(a - b), (c + 1) / 2])
    const net = fromBrain(first.tanh.json).as(Network)
    const before = evaluate(net, { x, y }).loss
    await net.fit({ x, y }, { epochs: 200 })
    expect(evaluate(net, { x, y }).loss).toBeLessThan(before)
  })
})

/** The networks of generate.js. */
const activations = {
  sigmoid: 'sigmoid',
  relu: 'relu',
  leakyRelu: { type: 'leakyRelu', slope: 0.2 },
  tanh: 'tanh',
} as const

function networkOf(
  activation: (typeof activations)[keyof typeof activations],
  more?: NetworkOptions,
): Network {
  const net = new Network([3, 4, 2], {
    activation: { hidden: activation, output: activation },
    seed: 5,
    ...more,
  })
  for (const { biases } of net.layers) biases.forEach((_, j) => (biases[j] = (j + 1) / 10))
  return net
}

const colours = [
  { input: { r: 0.03, g: 0.7, b: 0.5 }, output: { light: 1 } },
  { input: { r: 0.16, g: 0.09, b: 0.2 }, output: { dark: 1 } },
  { input: { b: 1 }, output: { light: 1 } },
  { input: { r: 0.5, g: 0.5 }, output: { dark: 1 } },
]

function colourModel(): Model {
  const activation = { hidden: 'sigmoid', output: 'sigmoid' } as const
  return Model.create(colours, { hidden: [3], activation, scale: 'none', seed: 7 })
}

describe('toBrain', () => {
  it.each(Object.entries(activations))('%s: brain.js answers the same', (name, activation) => {
    const net = networkOf(activation)
    const file = written[name]
    expect(toBrain(net)).toEqual(file.json)
    expect(difference(net.predict(file.x as number[][]), expected(file))).toBeLessThan(1e-6)
  })

  it('a Model of pairs: brain.js answers the same', () => {
    const model = colourModel()
    expect(toBrain(model)).toEqual(written.pairs.json)
    const own = written.pairs.x.flatMap((row) => Object.values(model.predict(row)) as number[])
    expect(difference(own, expected(written.pairs))).toBeLessThan(1e-6)
  })

  it.each([
    ['f32', networkOf('tanh')],
    ['f64', networkOf(activations.leakyRelu, { precision: 'f64' })],
  ] as const)('then fromBrain, %s: the same bits', (precision, net) => {
    const back = fromBrain(JSON.parse(JSON.stringify(toBrain(net))), { precision }).as(Network)
    for (const [l, { weights, biases, activation }] of back.layers.entries()) {
      expect(weights).toEqual(net.layers[l].weights)
      expect(biases).toEqual(net.layers[l].biases)
      expect(activation).toEqual(net.layers[l].activation)
    }
  })

  it('then fromBrain: the same Model', () => {
    const model = colourModel()
    const back = fromBrain(toBrain(model)).as(Model)
    expect(back.inputs).toEqual(model.inputs)
    expect(back.outputs).toEqual(model.outputs)
    expect(back.predict({ g: 1 })).toEqual(model.predict({ g: 1 }))
  })

  it('leaves out the state of training', async () => {
    const net = networkOf('tanh')
    await net.fit({ x: [[1, 2, 3]], y: [[0, 1]] }, { epochs: 1 })
    expect(toBrain(net).layers).toHaveLength(3)
  })

  it.each([
    [
      () => new Network([2, 3, 1]),
      'layers[1].activation: expected relu, as the layers before it: brain.js has one activation for all, got linear',
    ],
    [
      () => new Network([2, 1], { activation: { output: 'softplus' } }),
      'layers[0].activation: expected one that brain.js has: sigmoid, relu, leakyRelu or tanh, got softplus',
    ],
    [
      () => new Network([2, 1], { activation: { output: { type: 'leakyRelu', slope: 1.5 } } }),
      'layers[0].activation.slope: expected a number > 0 and < 1, as brain.js takes it, got 1.5',
    ],
    [
      () => Model.create([{ a: 1, b: 2 }], { target: 'b', hidden: [], activation: { output: 'tanh' } }),
      "inputs[0]: expected a number that is not scaled, as brain.js scales none, got a, of standardize; a Model of pairs, or one created with { scale: 'none' }, has such columns",
    ],
    [
      () => {
        const rows = [
          { a: 'x', b: 2 },
          { a: 'y', b: 3 },
        ]
        return Model.create(rows, { target: 'b', hidden: [], activation: { output: 'tanh' }, scale: 'none' })
      },
      'inputs[0]: expected a number, as all columns of brain.js are, got a of categories or labels; give its network, whose inputs and outputs are numbers: toBrain(model.network)',
    ],
    [() => 7, 'net: expected a Network, or a Model, got 7'],
    [() => ({ toBytes: 7 }), 'net: expected a Network, or a Model, got an object'],
    [() => ({ toBytes: () => 7 }), 'bytes: expected a Uint8Array, got 7'],
  ])('refuses what brain.js cannot have, %#', (make, message) => {
    expect(() => toBrain(make() as Network)).toThrow(message)
  })
})

describe('refuses', () => {
  it.each([
    ['{}', {}, 'json: expected layers, as toJSON of a NeuralNetwork of brain.js returns them, got none'],
    ['a text', '{}', 'json: expected an object, got "{}"; JSON.parse makes one of a text'],
    ['null', null, 'json: expected an object, got null; JSON.parse makes one of a text'],
    [
      'a network itself',
      { sizes: [1], toJSON: () => 1 },
      'json: expected layers, as toJSON of a NeuralNetwork of brain.js returns them, got none; give what its toJSON() returns',
    ],
    [
      'a cross-validation',
      { avgs: {}, stats: {}, sets: [] },
      'json: expected layers, as toJSON of a NeuralNetwork of brain.js returns them, got none; of a cross-validation, give the network of one of its sets',
    ],
    [
      'a recurrent network',
      { type: 'LSTMTimeStep' },
      'type: expected NeuralNetwork or NeuralNetworkGPU, whose layers are dense, got "LSTMTimeStep"; deltaprop has no recurrent layers',
    ],
    [
      'a FeedForward',
      { type: 'FeedForward', layers: [] },
      'type: expected NeuralNetwork or NeuralNetworkGPU, whose layers are dense, got "FeedForward"',
    ],
    [
      'another activation',
      firstFile({ activation: 'swish' }),
      'activation: expected one of sigmoid, relu, leaky-relu, tanh, got "swish"',
    ],
    ['no layers', firstFile({ layers: [] }), 'layers: expected the inputs and at least one layer, got 0'],
    [
      'too many layers',
      firstFile({ layers: new Array(5000) }),
      'layers: expected at most 4097 layers, got 5000',
    ],
    ['other sizes', firstFile({ sizes: [3, 4, 2] }), 'layers[1]: expected 4 neurons, as sizes has it, got 3'],
    [
      'failed training',
      { layers: [{ 0: {} }, { 0: { bias: 0, weights: { 0: null } } }] },
      'layers[1].0.weights.0: expected a number, got null; null stands for NaN in JSON, which training that failed leaves behind',
    ],
    [
      'a missing weight',
      { layers: [{ a: {}, b: {} }, { 0: { bias: 0, weights: { a: 1, c: 1 } } }] },
      'layers[1].0.weights.b: expected a number, got undefined',
    ],
    [
      'missing weights',
      { layers: [{ a: {}, b: {} }, { 0: { bias: 0, weights: { a: 1 } } }] },
      'layers[1].0.weights: expected 2 numbers, one for each neuron before it, got 1',
    ],
    [
      'a weight that is too large',
      { sizes: [1, 1], layers: [{}, { weights: [[1e39]], biases: [0] }] },
      'layers[1].weights[0][0]: expected a number within the range of f32, got 1e+39',
    ],
    [
      'a row that is cut off',
      { sizes: [2, 1], layers: [{}, { weights: [[1]], biases: [0] }] },
      'layers[1].weights[0]: expected 2 numbers, got 1',
    ],
    ['a false size', secondFile({ sizes: [3, -1, 2] }), 'sizes[1]: expected an integer >= 1, got -1'],
    [
      'a lookup of another size',
      secondFile({ inputLookup: { r: 0 } }),
      'inputLookup: expected 3 names, as sizes has it, got 1',
    ],
    [
      'a lookup of one index twice',
      secondFile({ inputLookup: { r: 0, g: 1, b: 1 } }),
      'inputLookup.b: expected each index once, got 1',
    ],
  ])('%s', (_, json, message) => {
    expect(() => fromBrain(json)).toThrow(message)
  })

  it.each([0, 1, 'x'])('a slope of %j', (slope) => {
    expect(() => fromBrain(first.leaky.json, { slope: slope as number })).toThrow(/^slope: expected a number/)
  })

  it('a file whose slope is none', () => {
    const json = structuredClone(second.leaky.json) as { trainOpts: Record<string, unknown> }
    json.trainOpts.leakyReluAlpha = 2
    expect(() => fromBrain(json)).toThrow('trainOpts.leakyReluAlpha: expected a number > 0 and < 1, got 2')
  })

  it('what throws when it is read', () => {
    const json = {
      get layers(): never {
        throw new Error('no')
      },
    }
    const message = 'json: expected what JSON.parse makes of a text, got an object that throws "no"'
    expect(() => fromBrain(json)).toThrow(message)
  })

  it('what throws something that is no error', () => {
    const json = new Proxy(
      {},
      {
        ownKeys() {
          throw Object.create(null)
        },
      },
    )
    expect(() => fromBrain(json)).toThrow(
      'json: expected what JSON.parse makes of a text, got an object that throws',
    )
  })

  it('more numbers than a file has, at once', () => {
    const row = new Array<number>(2 ** 20).fill(1)
    const weights = new Array<number[]>(2 ** 20).fill(row)
    const json = { sizes: [2 ** 20, 2 ** 20], layers: [{}, { weights, biases: row }] }
    expect(() => fromBrain(json)).toThrow('expected at most 16777216 numbers in a file')
  })
})

describe('files that were changed', () => {
  it.each([
    ['version 1', first.sigmoid.json],
    ['version 2', second.sigmoid.json],
    ['leaky', second.leaky.json],
  ])('%s: it reads them, or says what is wrong', (_, json) => {
    survivesMutation(json, (changed) => fromBrain(changed).as(Network))
  })

  it('has details in its errors', () => {
    let thrown: unknown
    try {
      fromBrain(firstFile({ sizes: 1 }))
    } catch (error) {
      thrown = error
    }
    expect(errorDetails(thrown)).toMatchObject({ path: 'sizes', expected: 'an array' })
  })
})
