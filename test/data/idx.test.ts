import fc from '../support/fast-check.js'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseIdx, readIdx, type IdxTensor, type IdxValues } from '../../src/data/idx.js'

/** What a caller without types might pass. */
const any = (value: unknown): never => value as never

/** Types of elements: their code, bytes, array, and how a DataView writes one. */
type ElementType = readonly [
  code: number,
  bytes: number,
  values: { from: (numbers: readonly number[]) => IdxValues },
  set: 'setUint8' | 'setInt8' | 'setInt16' | 'setInt32' | 'setFloat32' | 'setFloat64',
]
const types: readonly ElementType[] = [
  [0x08, 1, Uint8Array, 'setUint8'],
  [0x09, 1, Int8Array, 'setInt8'],
  [0x0b, 2, Int16Array, 'setInt16'],
  [0x0c, 4, Int32Array, 'setInt32'],
  [0x0d, 4, Float32Array, 'setFloat32'],
  [0x0e, 8, Float64Array, 'setFloat64'],
]

function header(code: number, shape: readonly number[]): number[] {
  return [
    0,
    0,
    code,
    shape.length,
    ...shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]),
  ]
}

function write(
  [code, size, , set]: ElementType,
  shape: readonly number[],
  values: readonly number[],
): Uint8Array {
  const start = header(code, shape)
  const bytes = new Uint8Array(start.length + size * values.length)
  bytes.set(start)
  const view = new DataView(bytes.buffer)
  for (const [i, value] of values.entries()) view[set](start.length + i * size, value)
  return bytes
}

async function outcome(read: () => IdxTensor | Promise<IdxTensor>): Promise<unknown> {
  try {
    return await read()
  } catch (error) {
    return String(error)
  }
}

describe.each(types.map((type) => ({ type, code: type[0] })))('elements of type $code', ({ type }) => {
  const [, , Values] = type
  it('come back, from any place in memory, packed or not', async () => {
    const shapes = fc.array(fc.nat(4), { minLength: 1, maxLength: 5 })
    const property = fc.asyncProperty(
      shapes,
      fc.infiniteStream(fc.double()),
      fc.nat(9),
      async (shape, numbers, offset) => {
        const count = shape.reduce((product, size) => product * size, 1)
        const values = Values.from([...numbers.take(count)].map((value) => value % 2 ** 31))
        const file = write(type, shape, [...values])
        const bytes = new Uint8Array(offset + file.length + 3).subarray(offset, offset + file.length)
        bytes.set(file)
        expect(parseIdx(bytes)).toEqual({ shape, values })
        expect(await readIdx(bytes)).toEqual({ shape, values })
        expect(await readIdx(gzipSync(bytes))).toEqual({ shape, values })
      },
    )
    await fc.assert(property, { numRuns: 50, seed: 1 })
  })
})

it('the elements are a copy', () => {
  const bytes = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 7)
  const { values } = parseIdx(bytes)
  bytes.fill(0)
  expect(values).toEqual(Uint8Array.of(5, 7))
})

const huge = 2 ** 32 - 1

describe('errors', () => {
  const cases: [string, Uint8Array][] = [
    ['bytes: expected a header of 4 bytes, got 0: cut off', Uint8Array.of()],
    ['bytes: expected a header of 4 bytes, got 3: cut off', Uint8Array.of(0, 0, 8)],
    [
      'bytes: expected a header of 12 bytes, got 11: cut off',
      Uint8Array.from(header(8, [2, 2]).slice(0, 11)),
    ],
    [
      'bytes: expected 00 00 and an element type, 08, 09 or 0b to 0e, got 00 00 0a 01: not an IDX file',
      Uint8Array.of(0, 0, 10, 1),
    ],
    [
      'bytes: expected 00 00 and an element type, 08, 09 or 0b to 0e, got 89 50 4e 47: not an IDX file',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0),
    ],
    ['bytes: expected at least 1 dimension, got 0', Uint8Array.of(0, 0, 8, 0, 1)],
    ['bytes: expected 16 bytes for 2 × 2 u8, got 15', Uint8Array.of(...header(8, [2, 2]), 1, 2, 3)],
    [
      'bytes: expected 40 bytes for 4 f64, got 39',
      Uint8Array.from([...header(14, [4]), ...new Uint8Array(31)]),
    ],
  ]
  it.each(cases)('%s', async (message, bytes) => {
    expect(await outcome(() => parseIdx(bytes))).toBe(`RangeError: ${message}`)
    expect(await outcome(() => readIdx(bytes))).toBe(`RangeError: ${message}`)
    expect(await outcome(() => readIdx(gzipSync(bytes)))).toBe(`RangeError: ${message}`)
  })

  const unlikeSizes: [string, string, Uint8Array][] = [
    [
      'bytes: expected 16 bytes for 2 × 2 u8, got 17',
      'bytes: expected 16 bytes for 2 × 2 u8, got more from gzip',
      Uint8Array.of(...header(8, [2, 2]), 1, 2, 3, 4, 5),
    ],
    [
      `bytes: expected 18446744065119617037 bytes for ${huge} × ${huge} u8, got 12`,
      `bytes: expected at most 2147483648 bytes (maxBytes), got ${huge} × ${huge} u8`,
      Uint8Array.from(header(8, [huge, huge])),
    ],
    [
      'bytes: expected 4294967335 bytes for 4294967295 × 1 × 1 × 1 × 1 × 1 × 1 × 1 × … u8, got 40',
      'bytes: expected at most 2147483648 bytes (maxBytes), got 4294967295 × 1 × 1 × 1 × 1 × 1 × 1 × 1 × … u8',
      Uint8Array.from(header(8, [huge, 1, 1, 1, 1, 1, 1, 1, 1])),
    ],
  ]
  it.each(unlikeSizes)('%s', async (message, packedMessage, bytes) => {
    expect(await outcome(() => parseIdx(bytes))).toBe(`RangeError: ${message}`)
    expect(await outcome(() => readIdx(gzipSync(bytes)))).toBe(`RangeError: ${packedMessage}`)
  })

  it('no elements, as one size is 0, are read', () => {
    expect(parseIdx(Uint8Array.from(header(14, [huge, huge, 0])))).toEqual({
      shape: [huge, huge, 0],
      values: new Float64Array(0),
    })
  })

  it('arguments', async () => {
    expect(() => parseIdx(any('abc'))).toThrow(new TypeError('bytes: expected a Uint8Array, got "abc"'))
    await expect(readIdx(any([0, 0]))).rejects.toThrow(
      new TypeError('bytes: expected a Uint8Array, got an array'),
    )
    await expect(readIdx(Uint8Array.of(0), any({ max: 1 }))).rejects.toThrow(
      new RangeError('options: expected one of maxBytes, got "max"'),
    )
    await expect(readIdx(Uint8Array.of(0), { maxBytes: 0.5 })).rejects.toThrow(
      new RangeError('maxBytes: expected an integer >= 1, got 0.5'),
    )
  })
})

describe('gzip', () => {
  const file = Uint8Array.from([
    ...header(8, [1000]),
    ...Array.from({ length: 1000 }, (_, i) => (i * i) % 251),
  ])
  const damaged = 'RangeError: bytes: expected gzip: cut off, or damaged'

  it('cut off anywhere is refused', async () => {
    const packed = gzipSync(file)
    for (let length = 2; length < packed.length; length += 13) {
      expect(await outcome(() => readIdx(packed.subarray(0, length)))).toBe(damaged)
    }
  })

  it('with a wrong checksum is refused', async () => {
    const packed = gzipSync(file)
    packed[packed.length - 8] ^= 1
    expect(await outcome(() => readIdx(packed))).toBe(damaged)
  })

  it('is not unpacked further than the header of the file promises', async () => {
    const bomb = gzipSync(Uint8Array.from([...header(8, [256]), ...new Uint8Array(2 ** 24)]))
    expect(await outcome(() => readIdx(bomb))).toBe(
      'RangeError: bytes: expected 264 bytes for 256 u8, got more from gzip',
    )
  })

  it('cannot promise more than its bytes hold, nor more than is allowed', async () => {
    const packed = gzipSync(Uint8Array.from(header(8, [2 ** 24 - 1])))
    expect(await outcome(() => readIdx(packed))).toBe(
      `RangeError: bytes: expected 16777215 u8, which ${packed.length} bytes of gzip cannot hold`,
    )
    expect(await outcome(() => readIdx(gzipSync(file), { maxBytes: 1007 }))).toBe(
      'RangeError: bytes: expected at most 1007 bytes (maxBytes), got 1000 u8',
    )
    expect(await outcome(() => readIdx(gzipSync(file), { maxBytes: 1008 }))).toHaveProperty('shape', [1000])
  })
})

it('damaged files are read or refused, packed or not', async () => {
  const sample = Uint8Array.from([...header(11, [2, 3]), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  const changes = fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { minLength: 1, maxLength: 4 })
  const property = fc.asyncProperty(changes, fc.nat(200), fc.boolean(), async (changes, end, isPacked) => {
    const bytes = Uint8Array.from(isPacked ? gzipSync(sample) : sample).slice(0, end)
    for (const [place, byte] of changes) if (bytes.length > 0) bytes[place % bytes.length] = byte
    const result = await outcome(() => readIdx(bytes))
    if (typeof result === 'string') expect(result).toMatch(/^RangeError: bytes: expected /)
  })
  await fc.assert(property, { numRuns: 500, seed: 2 })
})
