/** The decoder in which the core is delivered: assembly/lzma/, against an encoder. */
import fc from '../support/fast-check.js'
import LZMA from 'lzma'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { exactBytes, exactCore } from '../../src/engine/wasm/core.generated.js'
import { relaxedBytes, relaxedStream } from '../../src/engine/wasm/relaxed-core.generated.js'
import { decoder } from '../../src/engine/wasm/lzma.generated.js'
import { decodeLzma } from '../../src/engine/wasm/unpack.js'
import { predictionBytes, predictionCore } from '../../src/engine/wasm/prediction-core.generated.js'

const module = new WebAssembly.Module(Buffer.from(decoder, 'base64'))
const decode = (stream: Uint8Array, length: number): Uint8Array => decodeLzma(module, stream, length)

/** Without a header, and without the first byte of the range code, as scripts/build-core.js has it. */
const encode = (bytes: Uint8Array): Uint8Array => Uint8Array.from(LZMA.compress(bytes, 9)).subarray(14)

/** Bytes with repetitions near and far: pieces of a few kinds, one after the other, some of them again and again. */
const compressible = fc
  .array(fc.tuple(fc.nat(40), fc.uint8Array({ maxLength: 40 }), fc.nat(30)), { maxLength: 40 })
  .map((pieces) => {
    const bytes: number[] = []
    for (const [back, fresh, count] of pieces) {
      bytes.push(...fresh)
      const from = Math.max(0, bytes.length - 7 * back)
      for (let i = 0; i < 3 * count && from < bytes.length; ++i) bytes.push(bytes[from + i])
    }
    return Uint8Array.from(bytes)
  })

describe('decodeLzma', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.oneof(compressible, fc.uint8Array({ maxLength: 2000 })), (bytes) => {
        expect(decode(encode(bytes), bytes.length)).toEqual(bytes)
      }),
    )
  })

  it('gives the first bytes alone, as many as asked for', () => {
    fc.assert(
      fc.property(compressible, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, part) => {
        const length = Math.floor(part * bytes.length)
        expect(decode(encode(bytes), length)).toEqual(bytes.subarray(0, length))
      }),
    )
  })

  it('of matches of every distance and length', () => {
    const bytes = Array.from({ length: 70_000 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 13) % 251)
    for (const [distance, length] of [
      [1, 2],
      [2, 3],
      [5, 9],
      [100, 10],
      [129, 17],
      [3000, 18],
      [66_000, 273],
      [69_000, 1000],
    ]) {
      for (let i = 0; i < length; ++i) bytes.push(bytes[bytes.length - distance])
      bytes.push(distance % 256)
    }
    const expected = Uint8Array.from(bytes)
    expect(Buffer.compare(decode(encode(expected), expected.length), expected)).toBe(0)
  })

  it('of a damaged stream it makes an error or as many bytes as were asked for', () => {
    let errors = 0
    fc.assert(
      fc.property(compressible, fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, damage, at) => {
        const stream = encode(bytes)
        stream.set(damage.subarray(0, Math.max(0, stream.length - (at % stream.length))), at % stream.length)
        try {
          expect(decode(stream, 5000)).toHaveLength(5000)
        } catch (error) {
          if (!(error instanceof Error) || error.message !== 'lzma: expected a whole stream') throw error
          ++errors
        }
      }),
    )
    expect(errors).toBeGreaterThan(0)
  })

  it('of a stream that was cut off it makes an error', () => {
    const stream = encode(readFileSync('build/core.wasm').subarray(0, 5000))
    for (let length = 4; length < stream.length - 10; ++length) {
      expect(() => decode(stream.subarray(0, length), 5000)).toThrow('lzma: expected a whole stream')
    }
  })
})

it('the cores are delivered in one stream', () => {
  const bytes = decode(Buffer.from(exactCore + relaxedStream, 'base64'), exactBytes + relaxedBytes)
  const files = ['build/core.dist.wasm', 'build/core.relaxed.dist.wasm'].map((file) => readFileSync(file))
  expect(Buffer.compare(bytes, Buffer.concat(files))).toBe(0)
  expect(exactBytes).toBe(files[0].length)
})

it('the core that predicts alone is delivered in another', () => {
  const bytes = decode(Buffer.from(predictionCore, 'base64'), predictionBytes)
  expect(Buffer.compare(bytes, readFileSync('build/inference.wasm'))).toBe(0)
})
