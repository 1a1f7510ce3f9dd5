/** What a coordinator and workers say to each other, checked on both sides as files are. */
import { decodePlain, encodePlain } from './plain.js'
import { joined } from './results.js'

/** A result that is larger is packed; most are a tenth of it. */
const PACKED_BYTES = 32_768
/** A packed result that is larger when unpacked is none. */
const MAX_RESULT_BYTES = 2 ** 28

/** What a run is: its kind, and what all its jobs have in common. */
export interface Manifest {
  /** of its jobs: what a worker does with them, see Kind */
  readonly kind: string
  readonly [name: string]: unknown
}

/** What a job has come to: plain data, or why there is none. */
export type Result = Readonly<Record<string, unknown>> | Failure

export interface Failure {
  readonly failure: string
}

/** @throws RangeError, TypeError */
export function readManifest(bytes: Uint8Array): Manifest {
  const manifest = record(decodePlain(bytes))
  if (typeof manifest.kind !== 'string') throw unexpected('the kind of a run', manifest.kind)
  return manifest as Manifest
}

/** The name of data in a manifest. @throws TypeError */
export function digestOf(manifest: Manifest, name: string): string {
  const { [name]: digest } = manifest
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest))
    throw unexpected('the name of data', digest)
  return digest
}

/** A result as bytes: packed, if it is large. Its first byte says which. */
export async function writeResult(result: Result, isPacked = true): Promise<Uint8Array<ArrayBuffer>> {
  const plain = encodePlain(result)
  if (!isPacked || plain.length <= PACKED_BYTES) return prefixed(0, plain)
  const packed = new Blob([plain]).stream().pipeThrough(new CompressionStream('gzip'))
  return prefixed(1, new Uint8Array(await new Response(packed).arrayBuffer()))
}

function prefixed(first: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(1 + bytes.length)
  whole[0] = first
  whole.set(bytes, 1)
  return whole
}

/** @throws RangeError, TypeError; what is in it is checked by who takes it */
export async function readResult(bytes: Uint8Array): Promise<Result> {
  const [first] = bytes
  const rest = bytes.subarray(1)
  if (first === 0) return record(decodePlain(rest))
  if (first !== 1) throw unexpected('a result', `one that begins with ${first}`)
  return record(decodePlain(await unpacked(rest)))
}

/** @throws TypeError for other bytes, and for more than any result has, before there is memory for them */
async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'))
  try {
    for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
      length += part.length
      if (length > MAX_RESULT_BYTES) break
      parts.push(part)
    }
  } catch (cause) {
    throw unexpected('a packed result', 'other bytes', { cause })
  }
  if (length > MAX_RESULT_BYTES) throw unexpected(`at most ${MAX_RESULT_BYTES} bytes`, 'more')
  return joined(parts)
}

/** @throws TypeError unless it is an object */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw unexpected('an object', value)
}

export function unexpected(expected: string, got: unknown, options?: ErrorOptions): TypeError {
  const shown = typeof got === 'string' ? got.slice(0, 40) : typeof got
  return new TypeError(`message: expected ${expected}, got ${shown}`, options)
}
