/**
 * Damaged and hostile model files: each is read, or refused with an error of ours before anything larger than the file is
 * allocated. The readers of data are treated alike in csv.test.ts and idx.test.ts.
 */
import fc, { type Arbitrary } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as create from '../src/engine/create.js'
import type * as floats from '../src/floats.js'
import { adam, Network, rmsprop, sgd } from '../src/index.js'
import { Predictor } from '../src/inference/index.js'
import { mutatedBytes, mutatedJSON } from './support/mutations.js'
import { join, split, withoutChecksum } from './support/safetensors.js'

/** Bytes of all arrays of numbers, and engines, made for one file. */
const made = { bytes: 0, engines: 0 }
vi.mock('../src/floats.js', async (importOriginal) => {
  const original = await importOriginal<typeof floats>()
  const newFloats: typeof floats.newFloats = (length, precision) => {
    made.bytes += length * original.numberBytes(precision)
    return original.newFloats(length, precision)
  }
  return { ...original, newFloats }
})
vi.mock('../src/engine/create.js', async (importOriginal) => {
  const original = await importOriginal<typeof create>()
  const createEngine: typeof create.createEngine = (...options) => {
    made.engines += 1
    return original.createEngine(...options)
  }
  return { ...original, createEngine }
})

const runs = { numRuns: 3000, seed: 1 }

const networks: readonly Network[] = [
  new Network([3, 4, 2], { activation: 'tanh', seed: 1 }),
  new Network({
    inputs: 2,
    layers: [
      {
        units: 3,
        activation: { type: 'leakyRelu', slope: 0.2 },
        biasInitializer: { type: 'normal', scale: 2 },
      },
      { units: 2, activation: { type: 'elu', alpha: 0.5 } },
      { units: 2, activation: 'softmax' },
    ],
    precision: 'f64',
    seed: 2,
  }),
  new Network([1, 1], { loss: 'huber', engine: 'baseline', seed: 3 }),
]
networks[0].train([1, 2, 3], [0, 1], adam())
networks[1].train([1, 2], [0, 1], rmsprop({ centered: true }))
networks[1].accumulate([2, 1], [1, 0])
networks[2].train([1], [0], sgd({ momentum: 0.9 }))

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** What nothing may be added to. */
const ownKeys = (): PropertyKey[][] => [Object, Array, Function].map((one) => Reflect.ownKeys(one.prototype))
const keysBefore = ownKeys()
afterEach(() => expect(ownKeys()).toEqual(keysBefore))

let counts = { read: 0, refused: 0 }
beforeEach(() => {
  counts = { read: 0, refused: 0 }
})

/** Errors of what training alone reads, which a Predictor leaves unread. */
const ofTraining =
  /^(progress|optimizer|sgd|rmsprop|adam|slots|gradients|seed|engine|arithmetic|layers\[\d\]\.(initializer|biasInitializer)|(optimizer\.\d|gradients)(\.\w+)?)\b|^bytes: expected (no|a) tensor "(optimizer\.|gradients|training\.)/

/** What is a network is a predictor of the same bits; what is none is none, or what is wrong is no matter of prediction. */
function expectSamePredictor(
  net: Network | undefined,
  refusal: string,
  read: () => Predictor,
  length: number,
): void {
  Object.assign(made, { bytes: 0, engines: 0 })
  let predictor: Predictor
  try {
    predictor = read()
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    expect(error.message).toMatch(/^[\w.[\]]+: expected [^]{1,300}$/)
    expectFewBytes(length)
    expect(net).toBeUndefined()
    return
  }
  expectFewBytes(length)
  expect(made.engines).toBe(0)
  if (net === undefined) return expect(refusal).toMatch(ofTraining)
  expect(predictor.metadata).toEqual(net.metadata)
  const x = Array.from({ length: 3 * net.inputs }, (_, i) => Math.sin(i))
  if (net.engine === 'wasm') expect(predictor.predict(x)).toEqual(net.predict(x))
}

/** What fromBytes or fromJSON makes of a file of this length: a network that can be saved and read again, or an error of ours. */
function expectReadOrRefused(
  read: (Type: typeof Network | typeof Predictor) => Network | Predictor,
  length: number,
): void {
  Object.assign(made, { bytes: 0, engines: 0 })
  let net: Network
  try {
    net = read(Network) as Network
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    expect(error.message).toMatch(/^[\w.[\]]+: expected [^]{1,300}$/)
    expect(made.engines).toBe(0)
    expectFewBytes(length)
    expectSamePredictor(undefined, error.message, () => read(Predictor) as Predictor, length)
    counts.refused += 1
    return
  }
  // The baseline engine makes its own arrays as the readers make theirs.
  if (net.engine === 'wasm') expectFewBytes(length)
  expectSamePredictor(net, '', () => read(Predictor) as Predictor, length)
  const bytes = net.toBytes()
  expect(sameBytes(Network.fromBytes(bytes).toBytes(), bytes)).toBe(true)
  expect(sameBytes(Network.fromJSON(JSON.parse(JSON.stringify(net))).toBytes(), bytes)).toBe(true)
  counts.read += 1
}

/** A number takes at least two characters of JSON and at most eight bytes of memory. */
function expectFewBytes(length: number): void {
  expect(made.bytes).toBeLessThanOrEqual(4 * length)
}

function expectBytesReadOrRefused(bytes: Uint8Array): void {
  expectReadOrRefused((Type) => Type.fromBytes(bytes), bytes.length)
}

/** For files that come from one of the networks; some must be read, and some refused, or nothing was tested. */
function check<File>(files: (net: Network) => Arbitrary<File>, property: (file: File) => void): void {
  fc.assert(fc.property(fc.oneof(...networks.map(files)), property), runs)
  expect(counts.read).toBeGreaterThan(0)
  expect(counts.refused).toBeGreaterThan(runs.numRuns / 8)
}

describe('safetensors', () => {
  // A checksum would refuse nearly all, before what is wrong is looked at.
  const fileOf = (net: Network): Uint8Array => withoutChecksum(net.toBytes())

  it('any damage to the bytes', () => {
    check((net) => mutatedBytes(fileOf(net)), expectBytesReadOrRefused)
  })

  it('any damage to the bytes of a file that has a checksum', () => {
    check((net) => mutatedBytes(net.toBytes()), expectBytesReadOrRefused)
  })

  it('any damage to the header', () => {
    check((net) => {
      const { header, data } = split(fileOf(net))
      return mutatedJSON(header).map((text) => join(text, data))
    }, expectBytesReadOrRefused)
  })

  it('any damage to what it says of the network', () => {
    check((net) => {
      const { header, data } = split(fileOf(net))
      const { deltaprop } = header.__metadata__
      return mutatedJSON(JSON.parse(deltaprop)).map((text) =>
        join({ ...header, __metadata__: { deltaprop: text } }, data),
      )
    }, expectBytesReadOrRefused)
  })

  it('any length of the header', () => {
    const [net] = networks
    const lengths = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 1000n }))
    const property = fc.property(lengths, (length) => {
      const bytes = net.toBytes()
      new DataView(bytes.buffer).setBigUint64(0, length, true)
      expectBytesReadOrRefused(bytes)
    })
    fc.assert(property, runs)
  })
})

describe('JSON', () => {
  /** What is no JSON is JSON.parse's to refuse. */
  const expectTextReadOrRefused = (text: string): void => {
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      return
    }
    expectReadOrRefused((Type) => Type.fromJSON(json), text.length)
  }

  it('any characters of the text, where it is JSON still', () => {
    check((net) => {
      const text = JSON.stringify(net)
      const edit = fc.record({
        at: fc.nat(text.length - 1),
        character: fc.constantFrom(...Array.from('0123456789eE+-.,:[]{}"ntxl ')),
      })
      return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
        const characters = Array.from(text)
        for (const { at, character } of edits) characters[at] = character
        return characters.join('')
      })
    }, expectTextReadOrRefused)
  })

  it('any damage to the structure, where it is JSON still', () => {
    check((net) => mutatedJSON(net.toJSON()), expectTextReadOrRefused)
  })

  it('any value at all', () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withTypedArray: true,
      withSparseArray: true,
    })
    const property = fc.property(values, (value) => expectReadOrRefused((Type) => Type.fromJSON(value), 0))
    fc.assert(property, runs)
  })
})
