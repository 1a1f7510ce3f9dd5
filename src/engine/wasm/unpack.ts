/** The cores lie in the bundle as LZMA streams, written in base64. */
import { compile } from './compile.js'
import { decoder } from './lzma.generated.js'
import { allocate, PAGE } from './reservation.js'

/**
 * Decodes the first `length` bytes of an LZMA stream given in base64; undefined where this runtime has no
 * WebAssembly.
 *
 * @throws as compile; RangeError if there is not enough memory to decode
 */
export function unpack(
  stream: string,
  length: number,
  alternative?: string,
): Uint8Array<ArrayBuffer> | undefined {
  const module = compile(decodeBase64(decoder), alternative)
  return module && decodeLzma(module, decodeBase64(stream), length, alternative)
}

/** Space that assembly/lzma/ may use for its probabilities. */
const PROBABILITIES_BYTES = 16_384
/** How far it may read beyond the end of a stream. */
const SLACK_BYTES = 64

/**
 * Decodes the first `length` bytes of an LZMA stream without a header:
 *
 *     ┌───────────────┬────────┬────────┐
 *     │ probabilities │ output │ stream │
 *     └───────────────┴────────┴────────┘
 *
 * @param module of assembly/lzma/: from start to finish it takes a twentieth of the time that JavaScript would
 * @param alternative to more address space, for the message
 * @throws RangeError if there is not enough memory to decode; Error if the stream is damaged in a way that can be
 *   detected
 */
export function decodeLzma(
  module: WebAssembly.Module,
  stream: Uint8Array,
  length: number,
  alternative?: string,
): Uint8Array<ArrayBuffer> {
  const start = PROBABILITIES_BYTES + length
  const end = start + stream.length
  const memory = allocate({ pages: Math.ceil((end + SLACK_BYTES) / PAGE) }, 'own', alternative)
  const bytes = new Uint8Array(memory.buffer)
  bytes.set(stream, start)
  const { decode } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports
  if (decode(PROBABILITIES_BYTES, length, start, end) === 0) throw new Error('lzma: expected a whole stream')
  return bytes.slice(PROBABILITIES_BYTES, start)
}

interface Exports {
  /** 0 or 1 */
  readonly decode: (out: number, n: number, stream: number, end: number) => number
}

/**
 * Decodes padded base64. Audio worklets and contexts of node:vm have no atob. In a newly started process the core's
 * 25,000 characters take 1 to 2 ms, with atob 1 ms (Node 20, 26, Bun 1.4).
 */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((base64.replace(/=+$/, '').length * 3) >> 2)
  for (let i = 0, k = 0; k < bytes.length; i += 4) {
    const group =
      (bits(base64, i) << 18) | (bits(base64, i + 1) << 12) | (bits(base64, i + 2) << 6) | bits(base64, i + 3)
    // Writes past the end of a typed array are ignored.
    bytes[k++] = group >> 16
    bytes[k++] = group >> 8
    bytes[k++] = group
  }
  return bytes
}

/** Six bits, from A–Z, a–z, 0–9, + or /. For padding they are wrong, but those bits belong to no byte. */
function bits(base64: string, i: number): number {
  const code = base64.charCodeAt(i)
  if (code > 96) return code - 71
  if (code > 64) return code - 65
  if (code > 47) return code + 4
  return code === 43 ? 62 : 63
}
