/** Bits that turn over in a model's file, on a disk or on the way: it is refused, or it is the same model. */
import { expect } from 'vitest'
import { adam, Network } from '../../src/index.js'
import { Predictor } from '../../src/inference/index.js'
import { Model } from '../../src/model/index.js'
import type { Random } from '../../src/base/random.js'
import { attack } from './attack.js'

const rows = Array.from({ length: 12 }, (_, i) => {
  return { size: i * 1.5, colour: i % 2 === 0 ? 'red' : 'green', kind: ['apple', 'melon', 'pear'][i % 3] }
})

const model = Model.create(rows, { target: 'kind', hidden: [5], seed: 1 })
const { x, y = [] } = model.encode(rows)
model.network.train(x, y, adam())
const file = model.toBytes()
const answers = model.predict(rows)
const outputs = model.network.predict(x)

/** What comes of a damaged file: an error of ours from every reader, or what the file was. */
function expectRefusedOrSame(bytes: Uint8Array): void {
  const read = [
    () => expect(Model.fromBytes(bytes).predict(rows)).toEqual(answers),
    () => expect(Network.fromBytes(bytes).predict(x)).toEqual(outputs),
    () => expect(Predictor.fromBytes(bytes).predict(x)).toEqual(outputs),
  ]
  for (const one of read) {
    try {
      one()
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error
      expect(error.message).toMatch(/^[\w.[\]]+: expected [^]{1,400}$/)
    }
  }
}

/** Where the name of the checksum is: where that is damaged, and something else too, nothing tells that there was one. */
const name = Buffer.from(file).indexOf('deltaprop.checksum')

/** A bit anywhere but in the name of the checksum. */
function flip(bytes: Uint8Array, random: Random, start = 0): void {
  const at = start + random.below(bytes.length - start)
  if (at < name || at >= name + 'deltaprop.checksum'.length) bytes[at] ^= 1 << random.below(8)
}

/** Where the tensors begin. */
const tensors = 8 + Number(new DataView(file.buffer).getBigUint64(0, true))

attack('Answers', 'one bit anywhere in the file of a model', { short: 300, full: 20_000 }, (_, i) => {
  const bytes = file.slice()
  // One after the other, spread over the file; all of them in the full run.
  const bit = (i * 7919) % (8 * bytes.length)
  bytes[bit >> 3] ^= 1 << (bit & 7)
  expectRefusedOrSame(bytes)
})

attack(
  'Answers',
  'some bits anywhere in the file of a model, but in the name of its checksum',
  { short: 150, full: 10_000 },
  (random) => {
    const bytes = file.slice()
    for (let flips = 2 + random.below(6); flips > 0; --flips) flip(bytes, random)
    expectRefusedOrSame(bytes)
  },
)

attack('Answers', 'a bit of a number: every reader refuses it', { short: 150, full: 10_000 }, (random) => {
  const bytes = file.slice()
  flip(bytes, random, tensors)
  for (const Kind of [Model, Network, Predictor]) {
    expect(() => Kind.fromBytes(bytes)).toThrow('bytes: expected what was saved, got other numbers or texts')
  }
})

attack('Answers', 'numbers that change places', { short: 100, full: 5_000 }, (random) => {
  const bytes = file.slice()
  const words = (bytes.length - tensors) / 4
  const [one, other] = [tensors + 4 * random.below(words), tensors + 4 * random.below(words)]
  const [a, b] = [file.slice(one, one + 4), file.slice(other, other + 4)]
  bytes.set(b, one)
  bytes.set(a, other)
  if (a.join() === b.join()) return
  expect(() => Predictor.fromBytes(bytes)).toThrow('bytes: expected what was saved')
})

attack('Answers', 'a file that is cut off, or goes on', { short: 50, full: 3_000 }, (random) => {
  const cut = file.slice(0, random.below(file.length))
  const longer = new Uint8Array(file.length + 1 + random.below(64))
  longer.set(file)
  for (const bytes of [cut, longer]) {
    for (const Kind of [Model, Network, Predictor]) expect(() => Kind.fromBytes(bytes)).toThrow(/: expected /)
  }
})
