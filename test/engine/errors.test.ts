import { describe, expect, it } from 'vitest'
import { errorDetails } from '../../src/base/argument-error.js'
import { adam, Network, rprop, setCore, sgd } from '../../src/index.js'
import { engineOf } from '../support/ways.js'

/** What a caller without types might pass. */
const any = (value: unknown): never => value as never

function thrown(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}

describe('making a network', () => {
  const cases: [string, () => unknown][] = [
    [
      'TypeError: network: expected an array of sizes or an object of options, got 5; such as [2, 8, 1]',
      () => new Network(any(5)),
    ],
    [
      'TypeError: network: expected an array of sizes or an object of options, got a Uint32Array; such as [2, 8, 1]',
      () => new Network(any(new Uint32Array([2, 1]))),
    ],
    [
      'TypeError: precision: expected one of f32, f64, got null',
      () => new Network([2, 1], { precision: any(null) }),
    ],
    ['TypeError: options: expected an object, got null', () => new Network([2, 1], any(null))],
    [
      `TypeError: layers[0].activation: expected a name or an object, got 5; such as 'tanh', or { hidden: 'tanh', output: 'linear' }`,
      () => new Network([2, 1], { activation: any(5) }),
    ],
    ['RangeError: sizes: expected at least 2 sizes, inputs and outputs, got 1', () => new Network([2])],
    ['RangeError: sizes[1]: expected an integer >= 1 and <= 2147483648, got 0', () => new Network([2, 0, 1])],
    [
      'TypeError: sizes[0]: expected an integer >= 1 and <= 2147483648, got "2"',
      () => new Network([any('2'), 1]),
    ],
    [
      'RangeError: activation: expected one of hidden, output, got "hiden"; did you mean hidden?',
      () => new Network([2, 1], { activation: any({ hiden: 'relu' }) }),
    ],
    [
      'RangeError: layers[0].activation: expected one of linear, sigmoid, tanh, relu, leakyRelu, elu, selu, softplus, softsign, gelu, geluTanh, silu, mish, hardSigmoid, softmax, got "sigmiod"; did you mean sigmoid?',
      () => new Network([2, 1], { activation: any('sigmiod') }),
    ],
    [
      'RangeError: layers[0].activation: expected "softmax" on the output layer only',
      () => new Network([2, 2, 2], { activation: 'softmax' }),
    ],
    [
      'RangeError: layers[0].activation: expected one of slope, got "alpha"',
      () => new Network([2, 1], { activation: any({ type: 'leakyRelu', alpha: 1 }) }),
    ],
    [
      'RangeError: options: expected one of activation, initializer, biasInitializer, loss, precision, seed, engine, arithmetic, got "activations"; did you mean activation?',
      () => new Network([2, 1], any({ activations: 'relu' })),
    ],
    [
      'RangeError: loss: expected one of halfSquared, meanAbsolute, huber, binaryCrossEntropy, categoricalCrossEntropy, got "mse"; did you mean halfSquared?',
      () => new Network([2, 1], { loss: any('mse') }),
    ],
    [
      "RangeError: loss: expected the output activation sigmoid with binaryCrossEntropy, got linear; activation: { output: 'sigmoid' }",
      () => new Network([2, 1], { loss: 'binaryCrossEntropy' }),
    ],
    [
      'RangeError: precision: expected one of f32, f64, got "f16"',
      () => new Network([2, 1], { precision: any('f16') }),
    ],
    ['RangeError: seed: expected an integer >= 0, got 0.5', () => new Network([2, 1], { seed: 0.5 })],
    [
      `RangeError: engine: expected "wasm", or baseline, which is imported, got "gpu"; import { baseline } from 'deltaprop/baseline'`,
      () => new Network([2, 1], { engine: any('gpu') }),
    ],
    [
      'RangeError: layers[0].initializer: expected one of lecunNormal, lecunUniform, glorotNormal, glorotUniform, heNormal, heUniform, normal, uniform, zeros, got "xavier"; did you mean glorotNormal?',
      () => new Network([2, 1], { initializer: any('xavier') }),
    ],
    ['RangeError: layers: expected at least 1 layer, got 0', () => new Network({ inputs: 2, layers: [] })],
    [
      `TypeError: layers[0]: expected an object, got 3; a layer is { units: 8, activation: 'tanh' }`,
      () => new Network({ inputs: 2, layers: [any(3)] }),
    ],
    [
      'RangeError: layers[0]: expected one of units, activation, initializer, biasInitializer, got "size"; did you mean units?',
      () => new Network({ inputs: 2, layers: [any({ size: 3 })] }),
    ],
    ['TypeError: setCore: expected the compiled module of deltaprop/core.wasm, got 7', () => setCore(any(7))],
    [
      'TypeError: setCore: expected the compiled module of deltaprop/core.wasm, got a Uint8Array',
      () => setCore(any(new Uint8Array(8))),
    ],
  ]
  it.each(cases)('%s', (message, action) => expect(thrown(action)).toBe(message))

  it('a network that does not fit in memory gives the bytes that it needs', () => {
    for (const engine of ['wasm', 'baseline'] as const) {
      const message = thrown(() => new Network([100_000, 2_000_000, 10], { engine: engineOf[engine] }))
      expect(message).toMatch(/^RangeError: network: expected to fit in .*memory, needs [\d,]{17,} bytes$/)
    }
  })
})

/** What people bring in the place of samples of 3 inputs and 2 outputs, and what is said of it. */
function kinds(net: Network): [string, () => unknown][] {
  const given: [string, unknown][] = [
    ['x[0]: expected a number, got "[1,2,3]"; JSON.parse(…) reads it', ['[1,2,3]', '[4,5,6]']],
    ['x[0]: expected a number, got "1,2,3"; split(",") and map(Number) make a row of it', ['1,2,3', '4,5,6']],
    ['x: expected an array of numbers or of rows, got "[1,2,3]"; JSON.parse(…) reads it', '[1,2,3]'],
    [
      'x: expected an array of numbers or of rows, got "1;2;3"; split(";") and map(Number) make a row of it',
      '1;2;3',
    ],
    ['x: expected an array of numbers or of rows, got "1"; Number(…) makes a number of it', '1'],
    ['x[0]: expected a number, got "1"; Number(…) makes a number of it', ['1', '2', '3']],
    ['x[0][1]: expected a number, got "2"; Number(…) makes a number of it', [[1, '2', 3]]],
    ['x[0][2]: expected a number, got "red"; texts are for Model of deltaprop/model', [[1, 2, 'red']]],
    ['x[2]: expected a number, got 3n; Number(…) makes a number of it', [1, 2, 3n]],
    ['x[0][0]: expected a number, got true; Number(…) makes a number of it', [[true, 1, 2]]],
    ['x[0][0]: expected a number, got a Date; Number(…) makes a number of it', [[new Date(0), 1, 2]]],
    [
      'x[0]: expected a number, got an object; values with names are for Model of deltaprop/model',
      [{ a: 1 }],
    ],
    [
      'x: expected an array of numbers or of rows, got an object; values with names are for Model of deltaprop/model',
      { a: 1, b: 2 },
    ],
    [
      'x[0][1]: expected a number, got undefined; a missing value: leave its sample out, or put a number in its place',
      [[1, , 3]],
    ],
    [
      'x[0][1]: expected a number, got ""; a missing value: leave its sample out, or put a number in its place',
      [[1, '', 3]],
    ],
    [
      'x[1]: expected a row of numbers, got null; a missing value: leave its sample out, or put a number in its place',
      [[1, 2, 3], null],
    ],
    [
      'x[0]: expected a number, got an object; values with names are for Model of deltaprop/model',
      [{ x: 1, data: 2 }],
    ],
    ['x: expected an array of numbers or of rows, got an object; its x has the numbers', { x: [[1, 2, 3]] }],
    ['x: expected an array of numbers or of rows, got a Promise; await it', Promise.resolve([1, 2, 3])],
    [
      'x: expected an array of numbers or of rows, got a function; call it and pass what it returns',
      () => [1, 2, 3],
    ],
    [
      'x: expected an array of numbers or of rows, got an object; its dataSync() has the numbers',
      { shape: [1, 3], dataSync: () => Float32Array.of(1, 2, 3) },
    ],
    [
      'x: expected an array of numbers or of rows, got an object; its data has the numbers',
      { dims: [1, 3], data: Float32Array.of(1, 2, 3) },
    ],
    [
      'x: expected an array of numbers or of rows, got an ArrayBuffer; new Float32Array(…) reads numbers from it',
      new ArrayBuffer(12),
    ],
    [
      'x: expected an array of numbers or of rows, got a Set; Array.from(…) makes an array of it',
      new Set([1, 2, 3]),
    ],
    [
      'x: expected an array of numbers or of rows, got an object; Object.values(…) makes an array of it',
      JSON.parse(JSON.stringify(Float32Array.of(1, 2, 3))),
    ],
    ['x: expected an array of numbers or of rows, got null', null],
    ['x: expected an array of numbers or of rows, got 5; such as [1, 2]', 5],
    [
      'x[0]: expected a row of numbers, got an array; x.flat() has a row for each sample',
      [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
    ],
    [
      'x[0]: expected a row of numbers, got an array; x.map((sample) => sample.flat(Infinity)) makes a row of each',
      [[[1], [2], [3]]],
    ],
    ['x[0][2]: expected a number, got an array; flat() takes a level of arrays away', [[1, 2, [3]]]],
  ]
  const sizes: [string, unknown][] = [
    [
      'x[0]: expected 3 values (inputs), got 4; x seems to be transposed: each sample is a row',
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10, 11, 12],
      ],
    ],
    [
      'x[0]: expected 3 values (inputs), got 1; x seems to be transposed: each sample is a row',
      [[1], [2], [3]],
    ],
    [
      'x[1]: expected 3 values (inputs), got 2',
      [
        [1, 2, 3],
        [4, 5],
      ],
    ],
    [
      'x[1]: expected 3 values (inputs), got 4',
      [
        [1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10],
      ],
    ],
  ]
  const of = (kind: string, list: [string, unknown][]): [string, () => unknown][] =>
    list.map(([message, value]) => [`${kind}: ${message}`, () => net.predict(any(value))])
  return [...of('TypeError', given), ...of('RangeError', sizes)]
}

describe.each(['wasm', 'baseline'] as const)('samples, %s', (engine) => {
  const net = new Network([3, 2], { engine: engineOf[engine], seed: 1 })
  const wide = new Network([784, 2], { engine: engineOf[engine], seed: 1 })
  const [x, y] = [
    [1, 2, 3],
    [0, 1],
  ]
  const cases: [string, () => unknown][] = [
    [
      'RangeError: x: expected a multiple of 784 values (inputs), got 783',
      () => wide.predict(new Array(783).fill(0)),
    ],
    ['RangeError: x: expected at least 1 sample, got 0', () => net.predict([])],
    ['RangeError: x: expected at least 1 sample, got 0', () => net.predict(new Float32Array(0))],
    ['TypeError: x: expected an array of numbers or of rows, got "abc"', () => net.predict(any('abc'))],
    [
      'TypeError: x: expected an array of numbers or of rows, got undefined',
      () => net.predict(any(undefined)),
    ],
    [
      'TypeError: x[1]: expected a number, got "2"; Number(…) makes a number of it',
      () => net.predict([1, any('2'), 3]),
    ],
    [
      'TypeError: x[1]: expected a number, got null; a missing value: leave its sample out, or put a number in its place',
      () => net.predict([1, any(null), 3]),
    ],
    ['RangeError: x[2]: expected a finite number, got NaN', () => net.predict([1, 2, NaN])],
    ['RangeError: x[3][1]: expected a finite number, got NaN', () => net.predict([x, x, x, [1, NaN, 3]])],
    ['RangeError: x[0][2]: expected a finite number, got -Infinity', () => net.predict([[1, 2, -Infinity]])],
    [
      'RangeError: x[0]: expected a number within the range of f32, got 1e+39',
      () => net.predict([1e39, 2, 3]),
    ],
    ['RangeError: x[1]: expected 3 values (inputs), got 2', () => net.predict([x, [1, 2]])],
    ['TypeError: x[1]: expected a row of numbers, got 7', () => net.predict([x, any(7)])],
    ['RangeError: y: expected a multiple of 2 values (outputs), got 3', () => net.loss(x, [1, 2, 3])],
    ['RangeError: y: expected 1 samples as in x, got 2', () => net.accumulate(x, [y, y])],
    [
      'RangeError: y[0][1]: expected a finite number, got Infinity',
      () => net.train(x, [[0, Infinity]], sgd()),
    ],
    ...kinds(net),
    ['RangeError: x: expected 1 sample, got 2', () => net.trace([x, x], [y, y])],
    ['Error: update: expected accumulated gradients, call accumulate first', () => net.update(sgd())],
    [
      'RangeError: reduction: expected one of mean, sum, got "average"',
      () => net.update(sgd(), { reduction: any('average') }),
    ],
  ]
  it.each(cases)('%s', (message, action) => {
    const before = net.toBytes()
    expect(thrown(action)).toBe(message)
    expect(net.toBytes()).toEqual(before)
  })

  it.each([0, 1])(
    'a loss that is not finite stops a step before anything is changed, %i samples pending',
    (pending) => {
      const broken = new Network([3, 2], { activation: 'linear', engine: engineOf[engine], seed: 1 })
      broken.train(x, y, adam())
      if (pending > 0) broken.accumulate(x, y)
      broken.layers[0].weights[0] = NaN
      const before = broken.toBytes()
      for (const optimizer of [adam({ learningRate: 1 }), adam({ amsgrad: true }), sgd()]) {
        expect(thrown(() => broken.train(x, y, optimizer))).toBe(
          'Error: train: expected a finite loss, got NaN; nothing was changed',
        )
        expect(broken.toBytes()).toEqual(before)
      }
    },
  )

  it('the first step, too, leaves nothing behind where its loss is not finite', () => {
    const fresh = new Network([3, 2], { engine: engineOf[engine], seed: 1 })
    fresh.layers[0].weights[0] = NaN
    const before = fresh.toBytes()
    expect(thrown(() => fresh.train(x, y, adam()))).toContain('expected a finite loss, got NaN')
    expect(fresh.toBytes()).toEqual(before)
  })

  it('typed arrays of any kind are samples, but the 64-bit integers', () => {
    const expected = net.predict([1, 2, 3])
    for (const Kind of [Uint8Array, Int16Array, Float32Array])
      expect(net.predict(Kind.of(1, 2, 3))).toEqual(expected)
    expect(thrown(() => net.predict(any(BigInt64Array.of(1n, 2n, 3n))))).toBe(
      'TypeError: x: expected an array of numbers or of rows, got a BigInt64Array; Float64Array.from(…, Number) makes numbers of it',
    )
  })

  it('an image is one sample, not so many rows', () => {
    const image = Array.from({ length: 28 }, () => new Array<number>(28).fill(0))
    const message =
      'RangeError: x[0]: expected 784 values (inputs), got 28; flat() makes one sample of all rows'
    expect(thrown(() => wide.predict(image))).toBe(message)
    expect(wide.predict(image.flat())).toHaveLength(2)
    const nested = any([image, image])
    expect(thrown(() => wide.predict(nested))).toBe(
      'TypeError: x[0]: expected a row of numbers, got an array; x.map((sample) => sample.flat(Infinity)) makes a row of each',
    )
  })

  it('a hole in an array is no row', () => {
    const holed: number[][] = []
    holed[0] = x
    holed[2] = x
    expect(thrown(() => net.predict(holed))).toBe(
      'TypeError: x[1]: expected a row of numbers, got undefined; a missing value: leave its sample out, or put a number in its place',
    )
  })
})

describe('optimisers', () => {
  const cases: [string, () => unknown][] = [
    [
      'RangeError: sgd: expected one of learningRate, momentum, nesterov, weightDecay, got "beta1"',
      () => sgd(any({ beta1: 0.9 })),
    ],
    ['TypeError: sgd: expected an object, got 0.5; such as { learningRate: 0.01 }', () => sgd(any(0.5))],
    ['TypeError: adam: expected an object, got null; such as { learningRate: 0.01 }', () => adam(any(null))],
    [
      'RangeError: rprop.stepMin: expected a number <= stepMax, got 1 and 0.1',
      () => rprop({ stepMin: 1, stepMax: 0.1 }),
    ],
    ['RangeError: sgd.learningRate: expected a number >= 0, got -1', () => sgd({ learningRate: -1 })],
    ['RangeError: sgd.learningRate: expected a number >= 0, got NaN', () => sgd({ learningRate: NaN })],
    ['TypeError: adam.beta1: expected a number >= 0 and < 1, got "0.9"', () => adam({ beta1: any('0.9') })],
    ['RangeError: adam.beta2: expected a number >= 0 and < 1, got 1', () => adam({ beta2: 1 })],
    ['TypeError: adam.amsgrad: expected true or false, got 1', () => adam({ amsgrad: any(1) })],
    ['RangeError: sgd.nesterov: expected a momentum > 0 with it, got 0', () => sgd({ nesterov: true })],
    [
      'RangeError: optimizer: expected one of sgd, adagrad, rmsprop, adadelta, adam, adamw, nadam, rprop, got "Adam"; did you mean adam?',
      () => new Network([1, 1]).train([1], [1], any('Adam')),
    ],
    [
      'RangeError: optimizer.type: expected one of sgd, adagrad, rmsprop, adadelta, adam, adamw, nadam, rprop, got "adamx"',
      () => new Network([1, 1]).train([1], [1], any({ type: 'adamx' })),
    ],
  ]
  it.each(cases)('%s', (message, action) => expect(thrown(action)).toBe(message))

  it('a typo lists the known names', () => {
    expect(thrown(() => sgd(any({ learningrate: 1 })))).toContain('learningRate')
  })
})

describe('fit', () => {
  const net = new Network([2, 1], { seed: 1 })
  const data = { x: [1, 2], y: [1] }
  const cases: [string, () => Promise<unknown>][] = [
    [
      'TypeError: data: expected an object, got null; samples are one object, { x, y }',
      () => net.fit(any(null), {}),
    ],
    ['RangeError: epochs: expected an integer >= 1, got 0', () => net.fit(data, { epochs: 0 })],
    ['RangeError: batchSize: expected an integer >= 1, got 1.5', () => net.fit(data, { batchSize: 1.5 })],
    ['TypeError: shuffle: expected true or false, got "yes"', () => net.fit(data, { shuffle: any('yes') })],
    ['TypeError: onEpoch: expected a function, got 3', () => net.fit(data, { onEpoch: any(3) })],
    [
      'RangeError: options: expected one of epochs, batchSize, optimizer, schedule, accumulate, classWeights, l1, l2, clipGradients, maxWeightNorm, dropout, averageWeights, labelSmoothing, checkpoint, progress, metrics, shuffle, shards, on, threads, validation, earlyStopping, timeLimit, signal, onBatch, onEpoch, got "epoch"; did you mean epochs?',
      () => net.fit(data, any({ epoch: 3 })),
    ],
    ['RangeError: x: expected at least 1 sample, got 0', () => net.fit({ x: [], y: [] }, {})],
  ]
  it.each(cases)('%s', async (message, action) => {
    const before = net.toBytes()
    await expect(action().catch(String)).resolves.toBe(message)
    expect(net.toBytes()).toEqual(before)
  })

  const inputs = [
    [1, 2],
    [3, 4],
    [5, 6],
  ]
  const targets = [[1], [0], [1]]
  const swapped: [string, unknown][] = [
    [
      'RangeError: x[0]: expected 2 values (inputs), got 1; the other way round, x and y would fit',
      { x: targets, y: inputs },
    ],
    [
      'RangeError: y: expected 1 samples as in x, got 4; the other way round, x and y would fit',
      { x: [0, 1], y: [1, 2, 3, 4] },
    ],
    ['RangeError: y: expected 3 samples as in x, got 2', { x: inputs, y: [1, 0] }],
    ['RangeError: x[0]: expected 2 values (inputs), got 3', { x: [[1, 2, 3]], y: [[1]] }],
  ]
  it.each(swapped)('%s', async (message, given) => {
    await expect(net.fit(any(given)).catch(String)).resolves.toBe(message)
  })

  it.each([new Int8Array(2), new Uint8Array(2), new DataView(new ArrayBuffer(2))])(
    'a view without a prototype: %o',
    (view) => {
      const kind = Object.prototype.toString.call(view).slice(8, -1)
      const got = `${kind === 'Int8Array' ? 'an' : 'a'} ${kind}`
      const message = `seed: expected an integer >= 0, got ${got}`
      for (const seed of [view, Object.setPrototypeOf(view, null)]) {
        expect(() => new Network([1, 1], { seed: any(seed) })).toThrow(message)
      }
    },
  )

  it('texts in the place of several outputs', async () => {
    const given = { x: [1, 2, 3, 4], y: ['red', 'green'] }
    await expect(new Network([2, 3], { seed: 1 }).fit(any(given)).catch(String)).resolves.toBe(
      'RangeError: y: expected 2 × 3 values (outputs), got 2; texts are for Model of deltaprop/model',
    )
  })

  it('x and y the other way round are a fact, to which remedies stay', async () => {
    const wide = new Network([2, 4], { seed: 1 })
    const given = { x: [1, 2, 3, 4, 5, 6, 7, 8], y: [0, 1, 2, 3] }
    const error: unknown = await wide.fit(given).catch((thrown: unknown) => thrown)
    const fact = 'y: expected 4 × 4 values (outputs), got 4, one for each sample'
    const remedy = "activation: { output: 'softmax' } takes them for the numbers of classes"
    const hint = 'the other way round, x and y would fit'
    expect(String(error)).toBe(`RangeError: ${fact}; ${hint}; ${remedy}`)
    expect(errorDetails(error)?.hint).toBe(hint)
    expect(error).toMatchObject({ cause: { message: `${fact}; ${remedy}` } })
  })

  const together = 'x and y are one object, as in fit({ x, y }, { epochs: 10 })'
  it.each<[string, unknown, unknown]>([
    [`TypeError: options: expected an object, got an array; ${together}`, inputs, targets],
    [`TypeError: options: expected an object, got a Float32Array; ${together}`, inputs, new Float32Array(3)],
    [`TypeError: options: expected an object, got 10; ${together}`, data, 10],
    [
      `TypeError: options: expected an object, got a Promise; await it; ${together}`,
      data,
      Promise.resolve({ epochs: 10 }),
    ],
    [`TypeError: options: expected an object, got a Map; ${together}`, data, new Map([['epochs', 10]])],
    [`TypeError: options: expected an object, got a Date; ${together}`, data, new Date(0)],
    [
      'TypeError: data: expected an object, got a Promise; await it; samples are one object, { x, y }',
      Promise.resolve(data),
      {},
    ],
    [
      'TypeError: validation: expected samples { x, y } or a fraction of the samples, got an array; samples are one object, { x, y }',
      data,
      { validation: [data.x, data.y] },
    ],
    [
      'TypeError: validation: expected samples { x, y } or a fraction of the samples, got a Promise; await it',
      data,
      { validation: Promise.resolve(data) },
    ],
    [
      'TypeError: signal: expected an AbortSignal, got an AbortController; give its signal',
      data,
      { signal: new AbortController() },
    ],
    [
      "TypeError: optimizer: expected an object, got a Promise; await it; such as 'adam', or adam({ learningRate: 0.01 })",
      data,
      { optimizer: Promise.resolve(adam()) },
    ],
    [
      'TypeError: epochs: expected an integer >= 1, got a Promise; await it',
      data,
      { epochs: Promise.resolve(1) },
    ],
    [
      'TypeError: earlyStopping: expected an object, got 5; it is true, or such as { patience: 10 }',
      data,
      { earlyStopping: 5 },
    ],
    [
      "TypeError: checkpoint: expected checkpointFile('path'), which is imported, got true; import { checkpointFile } from 'deltaprop'",
      data,
      { checkpoint: true },
    ],
    [
      'TypeError: schedule: expected { type: \'step\', stepSize }, got "step" alone',
      data,
      { schedule: 'step' },
    ],
    [
      'TypeError: schedule: expected { type: \'oneCycle\', maximum, totalSteps }, got "oneCycle" alone',
      data,
      { schedule: 'oneCycle' },
    ],
    [
      'TypeError: schedule: expected { type: \'multiStep\', milestones }, got "multiStep" alone',
      data,
      { schedule: 'multiStep' },
    ],
    [
      "TypeError: optimizer: expected an object, got 0.1; such as 'adam', or adam({ learningRate: 0.01 })",
      data,
      { optimizer: 0.1 },
    ],
  ])('%s', async (message, given, options) => {
    await expect(net.fit(any(given), any(options)).catch(String)).resolves.toBe(message)
    const loop = net.epochs(any(given), any(options))
    await expect(loop.next().catch(String)).resolves.toBe(message)
  })
})
