/** Typed arrays use the processor's byte order; files, hashes and WebAssembly are little-endian everywhere. */
import type { Floats } from './floats.js'

/**
 * Computed once: even a typed array of a few bytes per network, in addition to the network's memory, makes V8
 * collect garbage twice as often (measured).
 */
const firstByte = /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ Uint16Array.of(1).buffer)[0]

/** Whether typed arrays store the high bytes of numbers first. */
export function isBigEndian(): boolean {
  return firstByte === 0
}

/** The contents of a view, as bytes. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The same bytes, to read numbers from. */
export function dataOf({ buffer, byteOffset, byteLength }: ArrayBufferView): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** A part of it, from one byte to another. */
export function partOf({ buffer, byteOffset }: DataView, start: number, end: number): DataView {
  return new DataView(buffer, byteOffset + start, end - start)
}

/**
 * The bytes of numbers in little-endian order: a view of the numbers themselves, except on big-endian processors,
 * where it is a copy.
 */
export function littleEndian(values: Floats | Uint32Array): ArrayBufferView {
  if (!isBigEndian()) return values
  const size = values.BYTES_PER_ELEMENT
  const bytes = bytesOf(values).slice()
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return bytes
}
