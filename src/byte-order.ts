/** Typed arrays have the byte order of the processor; files, hashes and WebAssembly are little-endian everywhere. */
import type { Floats } from './floats.js'

/** Whether numbers lie in typed arrays with their high bytes first. */
export function isBigEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 0
}

/** The bytes of numbers as on little-endian processors: those that lie in memory, but on big-endian ones, where it is a copy. */
export function littleEndian(values: Floats | Uint32Array): ArrayBufferView {
  if (!isBigEndian()) return values
  const size = values.BYTES_PER_ELEMENT
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice()
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return bytes
}
