/** What coordinators and workers send each other, as bytes: what goes in comes out, and other bytes do no harm. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { readManifest, readResult, record, writeResult } from '../dist/messages.js'
import { Names, placeOf } from '../dist/names.js'
import { decodePlain, encodePlain } from '../dist/plain.js'
import { Assembly, partsOf } from '../dist/results.js'
import { bounded } from './support.js'

const kinds = [
  Float32Array,
  Float64Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8ClampedArray,
]

/** Names that mean something elsewhere. */
const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('$', '__proto__', 'constructor', 'toJSON', 'length', '7'),
)

/** Typed arrays of each kind, from any byte that they may begin at. */
const typed = fc.constantFrom(...kinds).chain((Kind) =>
  fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(5)).map(([bytes, skipped]) => {
    const offset = skipped * Kind.BYTES_PER_ELEMENT
    const length = Math.floor(bytes.length / Kind.BYTES_PER_ELEMENT)
    const buffer = new ArrayBuffer(offset + length * Kind.BYTES_PER_ELEMENT + 3)
    const array = new Kind(buffer, offset, length)
    new Uint8Array(buffer).set(bytes.subarray(0, array.byteLength), offset)
    return array
  }),
)

const { data } = fc.letrec((/** @type {import('fast-check').LetrecLooselyTypedTie} */ tie) => ({
  data: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -Infinity, -0)),
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(null, undefined, true, false)),
    typed,
    fc.array(tie('data')),
    fc.dictionary(name, tie('data')),
  ),
}))

/** Bits: assert takes NaN for NaN, and typed arrays by their numbers. @param {unknown} value @returns {unknown} */
function bits(value) {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value
    return [value.constructor.name, ...new Uint8Array(buffer, byteOffset, byteLength)]
  }
  if (Array.isArray(value)) return value.map(bits)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).map(([key, each]) => [key, bits(each)])
}

/** @param {unknown} text JSON @param {number} [more] bytes after it @returns {Uint8Array} a message of just these */
function message(text, more = 0) {
  const json = new TextEncoder().encode(typeof text === 'string' ? text : JSON.stringify(text))
  const start = Math.ceil((4 + json.length) / 8) * 8
  const bytes = new Uint8Array(start + more)
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, 4)
  return bytes
}

// The same in every run, as a gate must.
fc.configureGlobal({ seed: 1 })

const broken = {
  name: 'RangeError',
  message: /^expected data as deltaprop-cluster sends them, got other bytes: /,
}

describe('plain data', () => {
  it('come out as they went in, to the bit', () => {
    const property = fc.property(data, (value) => {
      const bytes = encodePlain(value)
      assert.deepEqual(bits(decodePlain(bytes)), bits(value))
      assert.deepEqual(encodePlain(decodePlain(bytes)), bytes, 'the same data, the same bytes')
    })
    fc.assert(property, { numRuns: 2000 })
  })

  it('may be received in the middle of a larger buffer, and are copies', () => {
    const property = fc.property(data, fc.nat(9), (value, offset) => {
      const bytes = encodePlain(value)
      const pool = Buffer.alloc(offset + bytes.length + 5, 0xff)
      pool.set(bytes, offset)
      const found = decodePlain(pool.subarray(offset, offset + bytes.length))
      pool.fill(0)
      assert.deepEqual(bits(found), bits(value))
    })
    fc.assert(property, { numRuns: 500 })
  })

  it("Node's buffers, which are parts of a pool, are bytes", () => {
    const found = decodePlain(encodePlain({ a: Buffer.from('abc'), b: Buffer.from('de') }))
    assert.deepEqual(found, { a: Uint8Array.of(97, 98, 99), b: Uint8Array.of(100, 101) })
  })

  it('arrays of shared memory are copied', () => {
    const shared = new Float32Array(new SharedArrayBuffer(8))
    shared.set([1, 2])
    assert.deepEqual(decodePlain(encodePlain(shared)), Float32Array.of(1, 2))
  })

  it('what an array lacks is undefined', () => {
    assert.deepEqual(decodePlain(encodePlain([1, , 2])), [1, undefined, 2])
  })

  it('a property may be called __proto__, and is no prototype', () => {
    const found = record(decodePlain(encodePlain(JSON.parse('{"__proto__": {"a": 1}, "$": 2}'))))
    assert.deepEqual(Object.keys(found), ['__proto__', '$'])
    assert.equal(Object.getPrototypeOf(found), Object.prototype)
    assert.equal(found.a, undefined)
    assert.equal(Reflect.get({}, 'a'), undefined)
  })

  it('nothing else is plain', () => {
    const circle = /** @type {unknown[]} */ ([])
    circle.push(circle)
    for (const value of [() => 1, Symbol('a'), 1n, new Date(), new Map(), new DataView(new ArrayBuffer(8))])
      assert.throws(() => encodePlain({ a: [value] }), {
        name: 'TypeError',
        message: /^expected plain data, got /,
      })
    assert.throws(() => encodePlain(circle), {
      name: 'TypeError',
      message: 'expected plain data, got more than 32 brackets within one another',
    })
  })
})

describe('other bytes', () => {
  it('20,000 changed messages are read, or refused with a RangeError', () => {
    const found = { read: 0, refused: 0 }
    const change = fc.oneof(
      fc.record({ at: fc.nat(), byte: fc.nat(255) }),
      fc.record({ at: fc.nat(), cut: fc.nat(20) }),
      fc.record({ at: fc.nat(), more: fc.uint8Array({ maxLength: 20 }) }),
    )
    const property = fc.property(data, fc.array(change, { minLength: 1, maxLength: 2 }), (value, changes) => {
      const bytes = changes.reduce(changed, encodePlain(value))
      try {
        assert.ok(sizeOf(decodePlain(bytes)) <= bytes.length, 'no more numbers than there are bytes')
        found.read += 1
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        found.refused += 1
      }
    })
    fc.assert(property, { numRuns: 20_000 })
    assert.ok(found.read > 500 && found.refused > 500, JSON.stringify(found))
  })

  it('lengths that lie', () => {
    const array = { $: 'Float64Array', length: 2 }
    assert.deepEqual(decodePlain(message([array], 16)), [new Float64Array(2)])
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(3),
      Uint8Array.of(255, 255, 255, 255, 49),
      message([array], 8),
      message([array], 24),
      // Two that would share their numbers: a thousand of them would be a thousand times the message.
      message([array, array], 16),
      ...[2 ** 40, 1e300, -1, 0.5, '2', null].map((length) => message([{ $: 'Float64Array', length }], 16)),
    ]) {
      assert.throws(() => decodePlain(bytes), broken)
    }
  })

  it('what stands for nothing', () => {
    for (const json of [
      { $: 1 },
      { $: 'Map' },
      { $: 'constructor', length: 1 },
      { $: 'object' },
      { $: 'object', entries: [['a']] },
      { $: 'object', entries: [[1, 2]] },
      '{',
      '',
    ])
      assert.throws(() => decodePlain(message(json)), broken, JSON.stringify(json))
    assert.throws(() => decodePlain(Uint8Array.of(1, 0, 0, 0, 0xff, 0, 0, 0)), broken)
  })

  it('brackets within one another: 32, no more, and millions do not end the process', () => {
    const nested = (/** @type {number} */ depth) => '['.repeat(depth) + ']'.repeat(depth)
    assert.deepEqual(decodePlain(message(nested(32))), JSON.parse(nested(32)))
    for (const depth of [33, 1e6]) assert.throws(() => decodePlain(message(nested(depth))), broken)
    assert.throws(() => decodePlain(message('{"$":"object","entries":[["a",'.repeat(1e5))), broken)
  })
})

describe('a manifest', () => {
  it('names its kind', () => {
    assert.deepEqual(readManifest(encodePlain({ kind: 'fits', data: 'a' })), { kind: 'fits', data: 'a' })
    assert.throws(() => readManifest(encodePlain({ data: 'a' })), {
      name: 'TypeError',
      message: 'message: expected the kind of a run, got undefined',
    })
    for (const value of [null, [1], 'a', 1, Float32Array.of(1)])
      assert.throws(() => readManifest(encodePlain(value)), /^TypeError: message: expected an object, got /)
  })
})

describe('a result', () => {
  it('comes as it was said, packed or not', async () => {
    const large = { weights: Float64Array.from({ length: 10_000 }, (_, i) => i / 7), loss: NaN }
    for (const result of [large, { loss: -0 }, { failure: 'why' }]) {
      for (const isPacked of [true, false]) {
        assert.deepEqual(await readResult(await writeResult(result, isPacked)), result)
      }
    }
    const [packed, plain] = [await writeResult(large), await writeResult(large, false)]
    assert.ok(packed.length < plain.length)
  })

  it('that is none is refused', async () => {
    const packed = await writeResult({ a: new Uint8Array(100_000) })
    const [whole] = [gzipSync(encodePlain([1]))]
    for (const bytes of [
      new Uint8Array(0),
      Uint8Array.of(2, 0),
      Uint8Array.of(0, 1),
      Uint8Array.of(1, 31, 139, 8),
      packed.subarray(0, packed.length - 9),
      Buffer.concat([Uint8Array.of(1), whole]),
    ]) {
      await assert.rejects(bounded(readResult(bytes), 5), /^(Type|Range)Error: /)
    }
  })

  it('that becomes too large when unpacked is refused before there is memory for it', async () => {
    const bomb = Buffer.concat([
      Uint8Array.of(1),
      ...Array.from({ length: 40 }, () => gzipSync(new Uint8Array(2 ** 24))),
    ])
    assert.ok(bomb.length < 2 ** 20)
    let most = 0
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 1)
    const before = process.memoryUsage().arrayBuffers
    await assert.rejects(bounded(readResult(bomb), 20), {
      name: 'TypeError',
      message: 'message: expected at most 268435456 bytes, got more',
    })
    clearInterval(timer)
    assert.ok(most - before < 1.5 * 2 ** 28, `${most - before} bytes`)
  })
})

describe('parts of a result', () => {
  const names = new Names('a')
  const run = '0'.repeat(32)
  const bytes = Uint8Array.from({ length: 25 }, (_, i) => i)

  it('in any order, some twice: whole once', () => {
    const parts = partsOf(names, run, 7, bytes, 10)
    const order = fc.shuffledSubarray([...parts, ...parts.slice(1)], { minLength: 5 })
    const property = fc.property(order, (shuffled) => {
      const assembly = new Assembly()
      const found = shuffled.flatMap((part) => assembly.add(part.subject, part.bytes) ?? [])
      assert.deepEqual(found[0], { index: 7, bytes })
      assert.equal(found.length, 1)
    })
    fc.assert(property)
  })

  it('of two workers that divide it otherwise', () => {
    const assembly = new Assembly()
    const [one, other] = [partsOf(names, run, 7, bytes, 10), partsOf(names, run, 7, bytes, 13)]
    assert.equal(assembly.add(one[0].subject, one[0].bytes), undefined)
    assert.equal(assembly.add(other[1].subject, other[1].bytes), undefined)
    assert.deepEqual(assembly.add(other[0].subject, other[0].bytes), { index: 7, bytes })
  })

  it('that cannot be are dropped', () => {
    const assembly = new Assembly()
    for (const end of ['7.0.0', '7.2.2', '7.2.3', '7.1025.0', '7.2', '-1', '7.99999.0', 'x'])
      assert.equal(assembly.add(`a.result.${run}.${end}`, bytes), undefined, end)
    assert.equal(placeOf(`a.result.${run.slice(1)}.7`), undefined)
  })

  it('of results that nobody waits for are forgotten', () => {
    const assembly = new Assembly()
    const parts = partsOf(names, run, 7, bytes, 10)
    for (const part of parts.slice(1)) assembly.add(part.subject, part.bytes)
    assembly.forgetBefore(8)
    assert.equal(assembly.add(parts[0].subject, parts[0].bytes), undefined)
  })
})

/** @param {Uint8Array} bytes @param {{ at: number, byte?: number, cut?: number, more?: Uint8Array }} change */
function changed(bytes, { at, byte, cut = 0, more = new Uint8Array(0) }) {
  const place = at % (bytes.length + 1)
  if (byte === undefined) return Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place + cut)])
  return bytes.map((each, i) => (i === place ? byte : each))
}

/** Bytes of all typed arrays. @param {unknown} value @returns {number} */
function sizeOf(value) {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((/** @type {number} */ sum, each) => sum + sizeOf(each), 0)
}
