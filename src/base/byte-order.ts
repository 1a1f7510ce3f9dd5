/** Typed arrays have the byte order of the processor; files, hashes and WebAssembly are little-endian everywhere. */
import type { Floats } from './floats.js'

/** As little as a typed array of some bytes for each network, with its memory beside it, has V8 collect garbage twice as often (measured). */
const firstByte = /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ Uint16Array.of(1).buffer)[0]

/** Whether numbers lie in typed arrays with their high bytes first. */
export function isBigEndian(): boolean {
  return firstByte === 0
}

/** All that a view shows, as bytes. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The bytes of numbers as on little-endian processors: those that lie in memory, but on big-endian ones, where it is a copy. */
export function littleEndian(values: Floats | Uint32Array): ArrayBufferView {
  if (!isBigEndian()) return values
  const size = values.BYTES_PER_ELEMENT
  const bytes = bytesOf(values).slice()
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return bytes
}
