/** The entry that predicts alone, against Network. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from '../support/fast-check.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import type { Column } from '../../src/data/table.js'
import { layOut } from '../../src/engine/wasm/memory.js'
import { layOutPrediction } from '../../src/engine/wasm/prediction-memory.js'
import { FIRST_ADDRESS } from '../../src/engine/wasm/reservation.js'
import type { Floats } from '../../src/base/floats.js'
import { checkpointFile, adam, Network, type LongOptions, type Samples } from '../../src/index.js'
import type * as inference from '../../src/inference/index.js'
import { Predictor } from '../../src/inference/index.js'
import { fusedActivation, lossNames } from '../../src/definition/losses.js'
import { Model } from '../../src/model/index.js'
import { tanhSpec } from '../support/engines.js'
import { randomRows } from '../support/random-rows.js'
import { relaxed } from '../../src/engine/wasm/relaxed.js'
import { engineOf } from '../support/ways.js'

const precisions = ['f32', 'f64'] as const
const bits = ({ buffer, byteOffset, byteLength }: Floats): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

/** Both readers give a network that predicts what the network does. */
function expectSameBits(net: Network, x: Samples): void {
  const expected = net.predict(x)
  for (const same of [
    Predictor.fromBytes(net.toBytes()),
    Predictor.fromJSON(JSON.parse(JSON.stringify(net))),
  ]) {
    expect([same.inputs, same.outputs]).toEqual([net.inputs, net.outputs])
    const found = same.predict(x)
    expect(found.constructor).toBe(expected.constructor)
    if (bits(found).equals(bits(expected))) continue
    const i = found.findIndex((value, k) => !Object.is(value, expected[k]))
    expect.fail(`${String(net)}, output ${i}: expected ${expected[i]}, got ${found[i]}`)
  }
}

describe.each(precisions)('has the bits of Network.predict, %s', (precision) => {
  it.each(activationNames)('%s', (type) => {
    const activation = type === 'softmax' ? ({ hidden: 'mish', output: type } as const) : type
    const net = new Network([5, 11, 6], { activation, precision, seed: 1 })
    // From the smallest to those that overflow a function.
    for (const scale of [1e-3, 1, 30, 1e4]) {
      for (const rows of [1, 2, 37]) {
        expectSameBits(
          net,
          randomRows(rows, 5, rows).map((row) => row.map((value) => scale * value)),
        )
      }
    }
  })

  it.each([
    { type: 'leakyRelu', slope: 0.3 },
    { type: 'elu', alpha: 2.5 },
  ] as const)('$type with its parameter', (activation) => {
    expectSameBits(new Network([3, 5, 2], { activation, precision, seed: 2 }), randomRows(19, 3, 1))
  })

  it.each(lossNames)('behind %s', (loss) => {
    const activation = { hidden: 'tanh', output: fusedActivation(loss) ?? 'linear' } as const
    expectSameBits(new Network([3, 5, 2], { activation, loss, precision, seed: 3 }), randomRows(19, 3, 2))
  })

  it('layers and batches of every size up to two tiles, two panels and three more', () => {
    for (let size = 1; size <= 19; ++size) {
      const net = new Network([size, 20 - size, size], { activation: 'sigmoid', precision, seed: size })
      for (let rows = 1; rows <= 19; ++rows) expectSameBits(net, randomRows(rows, size, rows))
    }
  })

  it('any sizes', () => {
    const size = fc.integer({ min: 1, max: 70 })
    const sizes = fc.array(size, { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 600 }), fc.nat(1000), (widths, rows, seed) => {
        expectSameBits(
          new Network(widths, { activation: 'tanh', precision, seed }),
          randomRows(rows, widths[0], 1),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('one sample and a batch through layers with 1 to 20 inputs and 1 to 40 outputs, whose weights are packed', () => {
    for (let nIn = 1; nIn <= 20; ++nIn) {
      for (let nOut = 1; nOut <= 40; ++nOut) {
        const net = new Network([nIn, nOut], { activation: 'linear', precision, seed: 40 * nIn + nOut })
        net.layers[0].biases.set(randomRows(1, nOut, nIn)[0])
        const packed = Predictor.fromBytes(net.toBytes())
        for (const rows of [1, 11]) {
          const x = randomRows(rows, nIn, nOut)
          expect(packed.predict(x), `${nIn} → ${nOut}, ${rows}`).toEqual(net.predict(x))
        }
        net.dispose()
        packed.dispose()
      }
    }
  })

  it('weights larger than a block, more samples than the window has', () => {
    const net = new Network([300, 200, 150], { activation: 'relu', precision, seed: 4 })
    const { capacity } = layOutPrediction({ ...tanhSpec([300, 200, 150], precision) })
    expectSameBits(net, new Float32Array(randomRows(2 * capacity + 5, 300, 1).flat()))
  })

  it('outputs that are not finite', () => {
    const largest = precision === 'f64' ? Number.MAX_VALUE : 3.4028234663852886e38
    const net = new Network([2, 3, 2], { activation: 'linear', precision, seed: 5 })
    net.layers[0].weights.set([largest, 1, -largest, 0, -0, 1])
    net.layers[1].weights.set([1, 0, 0, 1, 1, 0])
    const x = [largest, -1]
    expect(Array.from(net.predict(x), Number.isFinite)).toContain(false)
    expect(Predictor.fromBytes(net.toBytes()).predict(x)).toEqual(net.predict(x))
  })
})

describe('reads what there is of a network', () => {
  const x = randomRows(9, 3, 1)
  const y = randomRows(9, 2, 2)

  it('in training, with gradients, the state of an optimiser and metadata', () => {
    const net = new Network([3, 4, 2], { activation: 'tanh', seed: 1 })
    net.metadata = { author: 'me', __proto__: 'a text' }
    net.train(x, y, adam({ amsgrad: true }))
    net.accumulate(x, y)
    expectSameBits(net, x)
    expect(Predictor.fromBytes(net.toBytes()).metadata).toEqual(net.metadata)
    expect(Object.isFrozen(Predictor.fromJSON(net.toJSON()).metadata)).toBe(true)
  })

  it('a checkpoint of fit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inference-'))
    try {
      const path = join(folder, 'net.safetensors')
      const net = new Network([3, 4, 2], { activation: 'tanh', seed: 1 })
      const earlyStopping = { patience: 3 }
      await net.fit(
        { x, y },
        {
          epochs: 4,
          validation: { x, y },
          earlyStopping,
          averageWeights: 0.9,
          checkpoint: checkpointFile({ path }),
        },
      )
      const bytes = new Uint8Array(readFileSync(path))
      expect(new TextDecoder('latin1').decode(bytes)).toContain('training.best.parameters')
      expect(Predictor.fromBytes(bytes).predict(x)).toEqual(Network.fromBytes(bytes).predict(x))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('a model', () => {
    const columns = [
      { name: 'a', kind: 'number', values: Float64Array.of(1, 2, 3) },
      { name: 'b', kind: 'text', values: ['x', 'y', 'x'] },
    ] as const
    const model = Model.create(
      { rows: 3, columns: columns.map((column) => ({ ...column })) as Column[] },
      { target: 'b', hidden: [4], seed: 1 },
    )
    const bytes = model.toBytes()
    const net = Predictor.fromBytes(bytes)
    expect(net.predict([0.5])).toEqual(Network.fromBytes(bytes).predict([0.5]))
    expect(Object.keys(net.metadata)).toEqual(['preprocessing'])
  })

  it('in exact arithmetic, whatever engine or arithmetic the file asks for', () => {
    const exact = new Network([3, 40, 2], { activation: 'gelu', seed: 1 })
    for (const options of [{ engine: engineOf.baseline }, { arithmetic: relaxed }] as const) {
      const other = new Network([3, 40, 2], { activation: 'gelu', seed: 1, ...options })
      expect(Predictor.fromBytes(other.toBytes()).predict(x)).toEqual(exact.predict(x))
    }
  })

  it('predictions are copies', () => {
    const net = Predictor.fromBytes(new Network([3, 2], { seed: 1 }).toBytes())
    const first = net.predict(x)
    const before = first.slice()
    net.predict(randomRows(9, 3, 5))
    expect(first).toEqual(before)
  })
})

describe('errors', () => {
  const network = new Network([3, 2], { seed: 1 })
  const predictor = Predictor.fromBytes(network.toBytes())
  const message = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      return String(error)
    }
    return expect.fail('expected an error')
  }

  it.each<readonly [string, unknown]>([
    ['RangeError: x: expected a multiple of 3 values (inputs), got 4', [1, 2, 3, 4]],
    ['RangeError: x: expected at least 1 sample, got 0', []],
    [
      'RangeError: x[1][2]: expected a finite number, got NaN',
      [
        [1, 2, 3],
        [1, 2, NaN],
      ],
    ],
    ['RangeError: x[0]: expected 3 values (inputs), got 2', [[1, 2]]],
    ['RangeError: x[0]: expected a number within the range of f32, got 1e+39', [1e39, 0, 0]],
    [
      'TypeError: x: expected an array of numbers or of rows, got "1 2 3"; split(" ") and map(Number) make a row of it',
      '1 2 3',
    ],
    ['TypeError: x[1]: expected a number, got "2"; Number(…) makes a number of it', [1, '2', 3]],
  ])('%s, as Network says', (expected, x) => {
    expect(message(() => predictor.predict(x as Samples))).toBe(expected)
    expect(message(() => network.predict(x as Samples))).toBe(expected)
  })

  it('new, which TypeScript forbids', () => {
    const Any = Predictor as unknown as new (...given: unknown[]) => unknown
    const expected = 'TypeError: Predictor: expected fromBytes or fromJSON in the place of new'
    for (const given of [[], [[3, 2]], [{}]]) expect(message(() => new Any(...given))).toBe(expected)
  })

  it('what was made for more than a memory', () => {
    const layers = [{ units: 2 ** 31 }]
    const given: LongOptions = {
      inputs: 1,
      layers,
      loss: 'halfSquared',
      precision: 'f32',
      seed: 1,
      engine: 'wasm',
      arithmetic: 'exact',
    }
    const json = { ...network.toJSON(), network: given }
    const expected =
      'RangeError: network: expected at most 8 parameters in this file, got 4294967296: cut off or damaged'
    expect(message(() => Predictor.fromJSON(json))).toBe(expected)
  })

  it('what is used after dispose', () => {
    const net = Predictor.fromBytes(network.toBytes())
    net.dispose()
    net.dispose()
    net[Symbol.dispose]()
    for (const [member, use] of [
      ['predict', () => net.predict([1, 2, 3])],
      ['inputs', () => net.inputs],
      ['outputs', () => net.outputs],
      ['metadata', () => net.metadata],
    ] as const) {
      expect(message(use)).toBe(`Error: ${member}: expected a network that is not disposed`)
    }
  })
})

describe('its core', () => {
  const bytes = new Network([3, 4, 2], { activation: 'tanh', seed: 1 }).toBytes()
  /** The entry as it is when it is imported, without a core. */
  const fresh = async (): Promise<typeof inference> => {
    vi.resetModules()
    return import('../../src/inference/index.js')
  }
  /** A constructor that throws, as where compiling is forbidden. */
  const forbidden = function (): never {
    throw new EvalError('refused')
  }
  afterEach(() => vi.unstubAllGlobals())

  it('is given by setCore: build/core.dist.wasm', async () => {
    const module = new WebAssembly.Module(readFileSync('build/core.dist.wasm'))
    const { setCore, Predictor: Given } = await fresh()
    vi.spyOn(WebAssembly, 'Module').mockImplementation(forbidden)
    try {
      expect(() => Given.fromBytes(bytes)).toThrow(
        'WebAssembly: compiling is forbidden here; give the module to setCore',
      )
    } finally {
      vi.restoreAllMocks()
    }
    setCore(module)
    expect(Given.fromBytes(bytes).predict([1, 2, 3])).toEqual(Predictor.fromBytes(bytes).predict([1, 2, 3]))
  })

  it('is no other module', async () => {
    const { setCore } = await fresh()
    const expected = (got: string): TypeError =>
      new TypeError(`setCore: expected the compiled module of deltaprop/core.wasm, got ${got}`)
    expect(() => setCore(7)).toThrow(expected('7'))
    const other = new WebAssembly.Module(readFileSync('build/lzma.wasm'))
    expect(() => setCore(other)).toThrow(expected('another module'))
    // Of two functions that do nothing, one of them named as relaxed cores alone have it.
    const text = (name: string): number[] => [name.length, ...Buffer.from(name), 0, 0]
    const moduleOf = (...names: string[]): WebAssembly.Module => {
      const exported = [names.length, ...names.flatMap(text)]
      const sections = [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, exported.length, ...exported, 10, 4, 1, 2, 0, 11]
      return new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections]))
    }
    expect(() => setCore(moduleOf('predict_f32', 'relaxed'))).toThrow(expected('another module'))
    expect(() => setCore(moduleOf('predict_f32'))).toThrow(expected('that of another version'))
  })

  it('is missed where there is no WebAssembly', async () => {
    const { Predictor: Without } = await fresh()
    vi.stubGlobal('WebAssembly', undefined)
    expect(() => Without.fromBytes(bytes)).toThrow(
      'Predictor: expected WebAssembly with SIMD, on a little-endian processor, got a runtime without',
    )
  })
})

it('its memory has no two regions that overlap, and is that of prediction alone', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2000 }))
  const sizes = fc.array(size, { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(sizes, fc.constantFrom(...precisions), (widths, precision) => {
      const spec = tanhSpec(widths, precision)
      const layout = layOutPrediction(spec)
      const numberBytes = precision === 'f64' ? 8 : 4
      const { chunk, capacity, layers } = layout
      expect(chunk % (32 / numberBytes)).toBe(0)
      expect(capacity % chunk).toBe(0)
      const last = layers[layers.length - 1]
      const parameters = last.b + last.nOut * numberBytes - layout.parameters
      const window = capacity * (spec.inputs + last.nOut) * numberBytes
      for (const { nIn, nOut, record, w, b, input, a, delta } of layers) {
        const regions = [
          [layout.network, 128],
          [record, 128],
          [w, nIn * nOut * numberBytes],
          [b, nOut * numberBytes],
          [layout.x, capacity * spec.inputs * numberBytes],
          [layout.order, capacity * 4],
          [layout.y, capacity * last.nOut * numberBytes],
          [input, chunk * nIn * numberBytes],
          [a, chunk * nOut * numberBytes],
          [delta, chunk * nOut * numberBytes],
        ].sort(([one], [other]) => one - other)
        let end = FIRST_ADDRESS
        for (const [start, length] of regions) {
          if (start < end) expect.fail(`${start} overlaps what ends at ${end}`)
          end = start + length
        }
        expect(end).toBeLessThanOrEqual(layout.pages * 65_536)
      }
      for (const [l, { a }] of layers.slice(0, -1).entries()) expect(layers[l + 1].input).toBe(a)
      const panels = chunk * (3 * Math.max(...widths)) * numberBytes
      const others = 4 * capacity + 128 * (layers.length + 1) + 64 * 10 + FIRST_ADDRESS + 65_536
      expect(layout.pages * 65_536).toBeLessThanOrEqual(parameters + window + panels + others)
      expect(layout.pages).toBeLessThan(layOut(spec).pages)
    }),
  )
})
