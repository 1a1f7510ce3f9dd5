import { describe, expect, it } from 'vitest'
import { adam, Network, rmsprop, sgd } from '../../src/index.js'
import { Predictor } from '../../src/inference/index.js'
import { randomRows } from '../support/random-rows.js'
import { join, split, withoutChecksum } from '../support/safetensors.js'

const specials = [-0, 5e-324, 1e-45, 0.1, Math.fround(0.1), 3.4028234663852886e38]
const throughBytes = (net: Network): Network => Network.fromBytes(net.toBytes())
const throughJSON = (net: Network): Network => Network.fromJSON(JSON.parse(JSON.stringify(net)))
const any = (value: unknown): never => value as never

describe.each(['f32', 'f64'] as const)('numbers that are not finite, %s', (precision) => {
  const make = (): Network => new Network([3, 4, 2], { precision, seed: 1 })
  const places = [
    [0, 'weights', 7, '[2][1]'],
    [1, 'weights', 4, '[1][0]'],
    [1, 'biases', 1, '[1]'],
  ] as const

  it.each(places)(
    'a parameter is refused when it is read, by its place: layer %i, %s, %i',
    (l, kind, i, place) => {
      for (const value of [NaN, Infinity, -Infinity]) {
        const net = make()
        net.layers[l][kind][i] = value
        const got = `: expected a finite number, got ${value}`
        const [bytes, json] = [net.toBytes(), JSON.parse(JSON.stringify(net)) as unknown]
        for (const Kind of [Network, Predictor]) {
          for (const file of [bytes, withoutChecksum(bytes)]) {
            expect(() => Kind.fromBytes(file)).toThrow(new RangeError(`layers.${l}.${kind}${place}${got}`))
          }
          expect(() => Kind.fromJSON(json)).toThrow(new RangeError(`layers[${l}].${kind}${place}${got}`))
        }
      }
    },
  )

  it('what an optimiser keeps may be anything; NaN is the same bytes whatever its own are', () => {
    const net = make()
    net.train([1, 2, 3], [0, 1], adam())
    const { header, data } = split(withoutChecksum(net.toBytes()))
    const [start] = (header['optimizer.0'] as { data_offsets: [number, number] }).data_offsets
    const view = new DataView(data.buffer, data.byteOffset + start)
    const size = precision === 'f64' ? 8 : 4
    if (size === 8) view.setBigUint64(0, 0xfff0_0000_0000_1234n, true)
    else view.setUint32(0, 0xff80_1234, true)
    const saved = split(Network.fromBytes(join(header, data)).toBytes()).data
    const nan = new DataView(saved.buffer, saved.byteOffset + start, size)
    expect(size === 8 ? nan.getBigUint64(0, true) : nan.getUint32(0, true)).toBe(
      size === 8 ? 0x7ff8_0000_0000_0000n : 0x7fc0_0000,
    )
  })
})

describe('the checksum', () => {
  const trained = (): Network => {
    const net = new Network([3, 4, 2], { activation: 'tanh', seed: 1 })
    net.metadata = { author: 'me', 'ünïcode 😀': '\u0000' }
    net.train([1, 2, 3], [0, 1], adam())
    return net
  }
  const damaged =
    'bytes: expected what was saved, got other numbers or texts: take another copy or, if they were changed on purpose, drop "deltaprop.checksum" from the metadata'
  const expectRefused = (bytes: Uint8Array): void => {
    for (const Kind of [Network, Predictor])
      expect(() => Kind.fromBytes(bytes)).toThrow(new RangeError(damaged))
  }

  it('is no metadata of the network, and may not be written', () => {
    const back = Network.fromBytes(trained().toBytes())
    expect(back.metadata).toEqual(trained().metadata)
    expect(() => (back.metadata = { 'deltaprop.checksum': '' })).toThrow(
      'metadata: expected no entry "deltaprop.checksum", the network\'s own',
    )
  })

  it('is what it always was', () => {
    // As an earlier version wrote it; another one would refuse its files.
    expect(split(trained().toBytes()).header.__metadata__['deltaprop.checksum']).toBe('8536266607f5b171')
  })

  it('finds a text that is another, and one that is gone', () => {
    const { header, data } = split(trained().toBytes())
    const { __metadata__: texts } = header
    expectRefused(join({ ...header, __metadata__: { ...texts, author: 'you' } }, data))
    expectRefused(join({ ...header, __metadata__: { ...texts, more: '' } }, data))
    const { deltaprop, 'deltaprop.checksum': checksum } = texts
    expectRefused(join({ ...header, __metadata__: { deltaprop, 'deltaprop.checksum': checksum } }, data))
    const seed = deltaprop.replace('"seed":1', '"seed":2')
    expectRefused(join({ ...header, __metadata__: { ...texts, deltaprop: seed } }, data))
  })

  it('finds tensors that changed places, whose numbers are all there', () => {
    const { header, data } = split(trained().toBytes())
    const { 'optimizer.0': first, 'optimizer.1': second } = header
    expectRefused(join({ ...header, 'optimizer.0': second, 'optimizer.1': first }, data))
  })

  it('does not depend on the order of texts and tensors, nor on where the bytes lie', () => {
    const { header, data } = split(trained().toBytes())
    const turned = Object.fromEntries(Object.entries(header).reverse())
    turned.__metadata__ = Object.fromEntries(Object.entries(header.__metadata__).reverse())
    const file = join(turned, data)
    for (let at = 0; at < 8; ++at) {
      const bytes = new Uint8Array(file.length + at).subarray(at)
      bytes.set(file)
      const back = Network.fromBytes(bytes)
      expect(back.metadata).toEqual(trained().metadata)
      expect({ ...back.toJSON(), metadata: {} }).toEqual({ ...trained().toJSON(), metadata: {} })
    }
  })

  it('may be dropped, and is missing from the files of other tools', () => {
    const { header, data } = split(withoutChecksum(trained().toBytes()))
    data[0] ^= 1
    expect(Network.fromBytes(join(header, data)).layers[0].weights[1]).toBe(trained().layers[0].weights[1])
  })
})

describe.each([
  ['toBytes', throughBytes],
  ['toJSON', throughJSON],
] as const)('%s and back', (_, reload) => {
  describe.each(['f32', 'f64'] as const)('%s', (precision) => {
    const x = randomRows(20, 3, 1)
    const y = randomRows(20, 2, 2)
    const make = (): Network =>
      new Network({
        inputs: 3,
        layers: [
          { units: 5, activation: { type: 'elu', alpha: 0.5 }, initializer: { type: 'uniform', scale: 0.2 } },
          { units: 2, activation: 'tanh', biasInitializer: 'normal' },
        ],
        loss: 'huber',
        precision,
        seed: 9,
      })

    it('is exact to the bit, special values too', () => {
      const net = make()
      net.layers[0].weights.set(specials)
      const back = reload(net)
      for (const [l, { weights, biases }] of net.layers.entries()) {
        const same = (a: number, i: number): boolean => Object.is(a, back.layers[l].weights[i])
        expect(Array.from(weights, same)).not.toContain(false)
        expect(back.layers[l].biases).toEqual(biases)
      }
      expect(back.toBytes()).toEqual(net.toBytes())
      expect(String(back)).toBe(String(net))
    })

    it.each([adam({ amsgrad: true }), sgd({ momentum: 0.9 }), sgd(), rmsprop({ centered: true })])(
      'training goes on as if nothing had been: $type',
      async (optimizer) => {
        const [one, two] = [make(), make()]
        await one.fit({ x, y }, { epochs: 2, optimizer })
        await two.fit({ x, y }, { epochs: 2, optimizer })
        const back = reload(two)
        await one.fit({ x, y }, { epochs: 2, optimizer })
        await back.fit({ x, y }, { epochs: 2, optimizer })
        expect(back.toBytes()).toEqual(one.toBytes())
      },
    )

    it('what an optimiser does not keep is not there for the next one, saved or not', () => {
      const sequences = [
        [sgd({ weightDecay: 0.1 }), sgd({ momentum: 0.9 })],
        [sgd({ momentum: 0.9 }), sgd(), sgd({ momentum: 0.9 })],
        [rmsprop({ centered: true }), rmsprop(), rmsprop({ centered: true })],
      ]
      for (const sequence of sequences) {
        const net = make()
        for (const optimizer of sequence.slice(0, -1)) net.train(x, y, optimizer)
        const back = reload(net)
        for (const one of [net, back])
          for (let t = 0; t < 3; ++t) one.train(x, y, sequence[sequence.length - 1])
        expect(back.toBytes()).toEqual(net.toBytes())
      }
    })

    it('metadata is kept, whatever its names are, and makes nothing else different', () => {
      const net = make()
      const plain = net.predict(x)
      const texts = Object.fromEntries([
        ['__proto__', 'a'],
        ['constructor', ''],
        ['é "😀"\n', '\\'],
      ])
      net.metadata = texts
      const back = reload(net)
      expect(Object.entries(back.metadata)).toEqual(Object.entries(texts))
      expect(Object.getPrototypeOf(back.metadata)).toBeNull()
      expect(Object.isFrozen(back.metadata)).toBe(true)
      expect(back.predict(x)).toEqual(plain)
      expect(reload(back).toBytes()).toEqual(net.toBytes())
      back.metadata = {}
      expect(back.toBytes()).toEqual(make().toBytes())
      expect(JSON.stringify(back)).not.toContain('metadata')
    })

    it('accumulated gradients are kept', () => {
      const net = make()
      net.accumulate(x, y)
      const back = reload(net)
      for (const one of [net, back]) one.update(sgd({ learningRate: 0.5 }))
      expect(back.toBytes()).toEqual(net.toBytes())
    })
  })
})

describe('metadata', () => {
  const net = new Network([1, 1])
  const many = (count: number): unknown =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [i, '']))

  it.each<[string, unknown]>([
    ['TypeError: metadata: expected an object, got "text"', 'text'],
    ['TypeError: metadata: expected a text as "n", got 3', { n: 3 }],
    ['RangeError: metadata: expected no entry "deltaprop", the network\'s own', { deltaprop: '{}' }],
    ['RangeError: metadata: expected Unicode as "a"', { a: 'x\ud800' }],
    ['RangeError: metadata: expected Unicode as "\\ud800"', { '\ud800': 'x' }],
    ['RangeError: metadata: expected at most 1024 entries, got 1025', many(1025)],
    ['RangeError: metadata: expected at most 16777216 characters, got 16777217', { a: 'b'.repeat(2 ** 24) }],
  ])('%s', (message, value) => {
    net.metadata = { kept: 'yes' }
    let error: unknown
    try {
      net.metadata = any(value)
    } catch (thrown) {
      error = thrown
    }
    expect(String(error)).toBe(message)
    expect(net.metadata).toEqual({ kept: 'yes' })
  })

  it('is checked in files too', () => {
    expect(() => Network.fromJSON({ ...net.toJSON(), metadata: { a: 1 } })).toThrow(
      new TypeError('metadata: expected a text as "a", got 1'),
    )
    net.metadata = { name: '"12"' }
    const text = new TextDecoder('latin1').decode(net.toBytes())
    const changed = Uint8Array.from(text.replace('"\\"12\\""', ' 345678 '), (c) => c.charCodeAt(0))
    expect(changed).toHaveLength(net.toBytes().length)
    expect(() => Network.fromBytes(changed)).toThrow(
      new TypeError('__metadata__: expected a text as "name", got 345678'),
    )
  })
})

describe('safetensors', () => {
  const net = new Network([3, 4, 2], { activation: 'tanh', seed: 1 })
  net.train([1, 2, 3], [0, 1], adam())
  const bytes = net.toBytes()

  it('is what other readers of the format expect', () => {
    const view = new DataView(bytes.buffer)
    const n = Number(view.getBigUint64(0, true))
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + n))) as Record<string, unknown>
    expect(n % 8).toBe(0)
    expect(header['layers.0.weights']).toEqual({ dtype: 'F32', shape: [4, 3], data_offsets: [0, 48] })
    expect(header['layers.0.biases']).toEqual({ dtype: 'F32', shape: [4], data_offsets: [48, 64] })
    expect(view.getFloat32(8 + n, true)).toBe(net.layers[0].weights[0])
    expect(Object.keys(header)).toContain('optimizer.1')
  })

  it('a file cut off anywhere is refused', () => {
    for (let length = 0; length < bytes.length; ++length) {
      expect(() => Network.fromBytes(bytes.subarray(0, length)), `${length}`).toThrow(RangeError)
    }
    expect(() => Network.fromBytes(bytes.subarray(0, -1))).toThrow(
      /expected data up to byte \d+, got \d+ bytes: cut off$/,
    )
  })

  it('foreign bytes are refused', () => {
    const message = /^bytes: expected a header of at most 12 bytes, got \d+: cut off, or another format$/
    expect(() => Network.fromBytes(new Uint8Array(20).fill(65))).toThrow(message)
    expect(() => Network.fromBytes(new Uint8Array(3))).toThrow('bytes: expected at least 8 bytes, got 3')
    expect(() => Network.fromBytes(any('text'))).toThrow(
      new TypeError('bytes: expected a Uint8Array, got "text"'),
    )
    const foreign = new TextEncoder().encode(
      '________{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}____',
    )
    foreign.set([54, 0, 0, 0, 0, 0, 0, 0])
    expect(() => Network.fromBytes(foreign)).toThrow(
      '__metadata__: expected an entry "deltaprop", which other safetensors files do not have',
    )
  })

  it.each([
    ['"shape":["4"]', 'layers.0.weights.shape: expected [4, 3], got ["4"]'],
    ['"shape":[4,3,1,1]', 'layers.0.weights.shape: expected [4, 3], got [4, 3, 1, …]'],
    [
      `"shape":[${'['.repeat(90)}${']'.repeat(90)}]`,
      'layers.0.weights.shape: expected [4, 3], got [an array]',
    ],
    [
      `"shape":[${'['.repeat(99_999)}${']'.repeat(99_999)}]`,
      'bytes: expected at most 100 brackets within one another, got more',
    ],
    ['"shape":{"length":2}', 'layers.0.weights.shape: expected [4, 3], got an object'],
  ])('a shape is numbers, not what looks like them: %.20s', (shape, message) => {
    const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))
    const text = new TextEncoder().encode(`________${header.replace('"shape":[4,3]', shape)}`)
    new DataView(text.buffer).setBigUint64(0, BigInt(text.length - 8), true)
    const changed = Uint8Array.from([...text, ...bytes.subarray(8 + headerBytes)])
    expect(() => Network.fromBytes(changed)).toThrow(new RangeError(message))
  })
})

describe('JSON', () => {
  const net = new Network([3, 4, 2], { activation: 'tanh', seed: 1 })
  net.train([1, 2, 3], [0, 1], adam())
  const text = JSON.stringify(net)

  it('has the shortest decimals', () => {
    const short = new Network([1, 1], { seed: 1 })
    short.layers[0].weights[0] = 0.1
    expect(JSON.stringify(short.toJSON().layers)).toBe('[{"weights":[[0.1]],"biases":[0]}]')
  })

  it('a number beyond those of f64 is refused', () => {
    const text = JSON.stringify(new Network([1, 1], { precision: 'f64' }))
    const json: unknown = JSON.parse(text.replace(/"weights":\[\[[^\]]*/, '"weights":[[1e999'))
    expect(() => Network.fromJSON(json)).toThrow(
      new RangeError('layers[0].weights[0][0]: expected a number within the range of f64, got Infinity'),
    )
  })

  const change = (path: string, value: unknown): unknown => {
    const json = JSON.parse(text) as Record<string, unknown>
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    const parent = keys.reduce<Record<string, unknown>>((o, key) => o[key] as Record<string, unknown>, json)
    Object.defineProperty(parent, last, { value, enumerable: true, configurable: true })
    return json
  }

  it.each([
    ['RangeError: format: expected "deltaprop", of a network, got "onnx"', 'format', 'onnx'],
    ['RangeError: format: expected "deltaprop", of a network, got undefined', 'format', undefined],
    ['RangeError: version: expected 1, got 2', 'version', 2],
    ['TypeError: layers: expected an array, got undefined', 'layers', undefined],
    [
      'RangeError: layers[0].weights: expected 4 entries, got 3',
      'layers.0.weights',
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9, 0, 1, 2],
      ],
    ],
    ['RangeError: layers[0].weights[1]: expected 3 entries, got 4', 'layers.0.weights.1', [1, 2, 3, 4]],
    ['TypeError: layers[0].weights[1][2]: expected a number, got "x"', 'layers.0.weights.1.2', 'x'],
    ['RangeError: inputs: expected an integer >= 1 and <= 2147483648, got -3', 'network.inputs', -3],
    ['RangeError: slots: expected 2 entries, got 0', 'slots', []],
    [
      'RangeError: progress.counters[0]: expected an integer >= 0, got 0.5',
      'progress.counters',
      [0.5, 0.9, 0.999, 1],
    ],
    [
      'RangeError: progress.counters[1]: expected a number >= 0 and <= 1, got 2',
      'progress.counters',
      [1, 2, 0.999, 1],
    ],
    ['TypeError: seed: expected an integer >= 0, got null', 'network.seed', null],
    [
      'RangeError: layers[0].weights[1][2]: expected a number within the range of f32, got 1e+39',
      'layers.0.weights.1.2',
      1e39,
    ],
    [
      'RangeError: layers[0].weights[1][2]: expected a number within the range of f32, got Infinity',
      'layers.0.weights.1.2',
      Infinity,
    ],
    ['RangeError: progress.counters: expected 4 numbers', 'progress.counters', [1, 2, 3]],
    ['RangeError: gradients: expected none, as no samples are pending, got an array', 'gradients', [1, 2, 3]],
    [
      'RangeError: json: expected one of format, version, network, layers, progress, slots, gradients, metadata, got "__proto__"',
      '__proto__',
      { polluted: true },
    ],
    [
      'RangeError: network: expected one of inputs, layers, loss, precision, seed, engine, arithmetic, got "__proto__"',
      'network.__proto__',
      { polluted: true },
    ],
    [
      'RangeError: network: expected at most 26 parameters in this file, got 1999999994: cut off or damaged',
      'network.layers.0.units',
      333333332,
    ],
  ] as [string, string, unknown][])('%s', (message, path, value) => {
    let error: unknown
    try {
      Network.fromJSON(change(path, value))
    } catch (thrown) {
      error = thrown
    }
    expect(String(error)).toBe(message)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
