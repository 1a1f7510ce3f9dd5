/**
 * Damaged and hostile files, of models and of data: each is read, or refused with an error of ours before anything larger than the file
 * is allocated.
 */
import { gzipSync } from 'node:zlib'
import fc, { type Arbitrary } from '../support/fast-check.js'
import { afterEach, beforeEach, describe, expect, vi } from 'vitest'
import { readRecord } from '../../src/scoring/jsonl.js'
import { csvBatches, parseCsv, readCsv, readIdx } from '../../src/data/index.js'
import type * as create from '../../src/engine/create.js'
import type * as floats from '../../src/base/floats.js'
import { adam, Network, rmsprop, sgd } from '../../src/index.js'
import { parseJSON } from '../../src/base/json-text.js'
import { Predictor } from '../../src/inference/index.js'
import { Model } from '../../src/model/index.js'
import { mutatedBytes, mutatedJSON } from '../support/mutations.js'
import { join, split, withoutChecksum } from '../support/safetensors.js'
import { attack, triesOf } from './attack.js'
import { engineOf, like } from '../support/ways.js'

/** Bytes of all arrays of numbers, and engines, made for one file. */
const made = { bytes: 0, engines: 0 }
vi.mock('../../src/base/floats.js', async (importOriginal) => {
  const original = await importOriginal<typeof floats>()
  const newFloats: typeof floats.newFloats = (length, precision) => {
    made.bytes += length * original.numberBytes(precision)
    return original.newFloats(length, precision)
  }
  return { ...original, newFloats }
})
vi.mock('../../src/engine/create.js', async (importOriginal) => {
  const original = await importOriginal<typeof create>()
  const createEngine: typeof create.createEngine = (...options) => {
    made.engines += 1
    return original.createEngine(...options)
  }
  return { ...original, createEngine }
})

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
  new Network([1, 1], { loss: 'huber', engine: engineOf.baseline, seed: 3 }),
]
networks[0].train([1, 2, 3], [0, 1], adam())
networks[1].train([1, 2], [0, 1], rmsprop({ centered: true }))
networks[1].accumulate([2, 1], [1, 0])
networks[2].train([1], [0], sgd({ momentum: 0.9 }))

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
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

/** Networks that are saved with the baseline engine are read with it. */
const ofBaseline: Pick<typeof Network, 'fromBytes' | 'fromJSON'> = {
  fromBytes: (bytes) => Network.fromBytes(bytes, { engine: engineOf.baseline }),
  fromJSON: (json) => Network.fromJSON(json, { engine: engineOf.baseline }),
}

/** Both read files alike; a Predictor has no use for the engine. */
type Reader = Pick<typeof Network, 'fromBytes' | 'fromJSON'> | typeof Predictor

/** What fromBytes or fromJSON makes of a file of this length: a network that can be saved and read again, or an error of ours. */
function expectReadOrRefused(read: (Type: Reader) => Network | Predictor, length: number): void {
  Object.assign(made, { bytes: 0, engines: 0 })
  let net: Network
  try {
    net = read(ofBaseline) as Network
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
  expect(sameBytes(Network.fromBytes(bytes, like(net)).toBytes(), bytes)).toBe(true)
  expect(sameBytes(Network.fromJSON(JSON.parse(JSON.stringify(net)), like(net)).toBytes(), bytes)).toBe(true)
  counts.read += 1
}

/** A number takes at least two characters of JSON and at most eight bytes of memory. */
function expectFewBytes(length: number): void {
  expect(made.bytes).toBeLessThanOrEqual(4 * length)
}

function expectBytesReadOrRefused(bytes: Uint8Array): void {
  expectReadOrRefused((Type) => Type.fromBytes(bytes), bytes.length)
}

/** Tries files from an arbitrary, the i-th by the seed i. */
function attackFiles<File>(
  what: string,
  full: number,
  files: Arbitrary<File>,
  one: (file: File) => void | Promise<void>,
): void {
  attack('Limits', what, { short: 200, full }, async (_, i) => {
    const [file] = fc.sample(files, { numRuns: 1, seed: i })
    await one(file)
  })
}

/** The same of files that come from one of the networks; some must be read, and some refused, or nothing was tested. */
function attackNetworks<File>(
  what: string,
  full: number,
  files: (net: Network) => Arbitrary<File>,
  one: (file: File) => void,
): void {
  let done = 0
  attackFiles(what, full, fc.oneof(...networks.map(files)), (file) => {
    one(file)
    if (++done < triesOf({ short: 200, full })) return
    expect(counts.read).toBeGreaterThan(0)
    expect(counts.refused).toBeGreaterThan(done / 8)
  })
}

describe('safetensors', () => {
  // A checksum would refuse nearly all, before what is wrong is looked at.
  const fileOf = (net: Network): Uint8Array => withoutChecksum(net.toBytes())

  const damagedBytes = (net: Network): Arbitrary<Uint8Array> => mutatedBytes(fileOf(net))
  attackNetworks('any damage to the bytes', 20_000, damagedBytes, expectBytesReadOrRefused)

  const damagedFile = (net: Network): Arbitrary<Uint8Array> => mutatedBytes(net.toBytes())
  attackNetworks(
    'any damage to the bytes of a file with a checksum',
    10_000,
    damagedFile,
    expectBytesReadOrRefused,
  )

  const damagedHeader = (net: Network): Arbitrary<Uint8Array> => {
    const { header, data } = split(fileOf(net))
    return mutatedJSON(header).map((text) => join(text, data))
  }
  attackNetworks('any damage to the header', 20_000, damagedHeader, expectBytesReadOrRefused)

  const damagedNetwork = (net: Network): Arbitrary<Uint8Array> => {
    const { header, data } = split(fileOf(net))
    const { deltaprop } = header.__metadata__
    return mutatedJSON(JSON.parse(deltaprop)).map((text) =>
      join({ ...header, __metadata__: { deltaprop: text } }, data),
    )
  }
  attackNetworks(
    'any damage to what it says of the network',
    20_000,
    damagedNetwork,
    expectBytesReadOrRefused,
  )

  const lengths = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 1000n }))
  attackFiles('any length of the header', 5000, lengths, (length) => {
    const bytes = networks[0].toBytes()
    new DataView(bytes.buffer).setBigUint64(0, length, true)
    expectBytesReadOrRefused(bytes)
  })
})

describe('JSON', () => {
  /** What is no JSON, or could be read in another way, is refused too. */
  const expectTextReadOrRefused = (text: string): void => {
    let json: unknown
    try {
      json = parseJSON('json', text)
    } catch (error) {
      expect(String(error)).toMatch(/^RangeError: json: expected [^]{1,100}$/)
      counts.refused += 1
      return
    }
    expectReadOrRefused((Type) => Type.fromJSON(json), text.length)
  }

  const damagedText = (net: Network): Arbitrary<string> => mutatedText(JSON.stringify(net))
  attackNetworks('any characters of the text', 20_000, damagedText, expectTextReadOrRefused)

  const damagedTree = (net: Network): Arbitrary<string> => mutatedJSON(net.toJSON())
  attackNetworks('any damage to the structure', 20_000, damagedTree, expectTextReadOrRefused)

  const values = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withTypedArray: true,
    withSparseArray: true,
  })
  attackFiles('any value at all', 5000, values, (value) =>
    expectReadOrRefused((Type) => Type.fromJSON(value), 0),
  )
})

/** Texts of which one to three characters are others. */
function mutatedText(text: string): Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(text.length - 1),
    character: fc.constantFrom(...Array.from('0123456789eE+-.,:[]{}"ntxl ')),
  })
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const characters = Array.from(text)
    for (const { at, character } of edits) characters[at] = character
    return characters.join('')
  })
}

/** What is read, or refused with an error whose message has this form, anything but an error of the engine's own. */
async function expectOurs(form: RegExp, read: () => unknown): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    expect(error.message).toMatch(form)
  }
}

describe('models', () => {
  const rows = [
    { size: 1, colour: 'red', ripe: true, kind: 'apple' },
    { size: 2, colour: 'green', ripe: false, kind: 'melon' },
  ]
  const model = Model.create(rows, { target: 'kind', hidden: [2], seed: 1, engine: engineOf.baseline })
  const form = /^[\w.[\]]+: expected [^]{1,400}$/

  attackFiles('any damage to the bytes of a model', 10_000, mutatedBytes(model.toBytes()), (bytes) =>
    expectOurs(form, () => Model.fromBytes(bytes, { engine: engineOf.baseline })),
  )
  const { preprocessing } = model.network.metadata
  const net = Network.fromBytes(model.toBytes(), { engine: engineOf.baseline })
  const texts = fc.oneof(mutatedJSON(JSON.parse(preprocessing)), mutatedText(preprocessing))
  attackFiles('any damage to the pre-processing', 10_000, texts, (text) =>
    expectOurs(form, () => {
      net.metadata = { preprocessing: text }
      return Model.fromJSON(net.toJSON(), { engine: engineOf.baseline })
    }),
  )
})

describe('tables', () => {
  const csv = encode('a,b,"c, d"\n1,x,"y ""z"""\n2.5,,w\r\n-3e2,"l\n2",é\n')
  const form = /^(line \d+(, column .+)?|source|columns): expected [^]{1,400}$/
  const options = { maxBytes: 2 ** 16, maxLineBytes: 2 ** 12 }

  attackFiles('any damage to CSV', 10_000, mutatedBytes(csv), async (bytes) => {
    await expectOurs(form, () => parseCsv(bytes, options))
    await expectOurs(form, async () => {
      for await (const { rows } of csvBatches([bytes], { ...options, batchRows: 2 }))
        expect(rows).toBeLessThan(3)
    })
  })

  attackFiles('any damage to packed CSV', 5000, mutatedBytes(gzipSync(csv)), (bytes) =>
    expectOurs(form, () => readCsv(bytes, options)),
  )

  const record = { a: 1, b: 'x', 'c:{': [1, { d: null, e: '\u2028' }], f: { g: -0.5, h: true } }
  const lines = fc.oneof(mutatedJSON(record), mutatedText(JSON.stringify(record)))
  attackFiles('any damage to JSON lines', 15_000, lines, (text) =>
    expectOurs(/^line 1: expected [^]{1,100}$/, () => readRecord('line 1', text)),
  )
})

describe('IDX', () => {
  const idx = Uint8Array.of(0, 0, 11, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
  const packed = gzipSync(idx)
  const form = /^bytes: expected [^]{1,200}$/

  attackFiles('any damage to IDX', 10_000, mutatedBytes(idx), (bytes) =>
    expectOurs(form, () => readIdx(bytes)),
  )
  attackFiles('any damage to packed IDX', 5000, mutatedBytes(packed), (bytes) =>
    expectOurs(form, () => readIdx(bytes)),
  )
})
