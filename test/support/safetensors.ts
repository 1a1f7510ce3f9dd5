/** Files of Network.toBytes, in parts. */
import * as checksum from '../../src/formats/checksum.js'

export interface Parts {
  /** `__metadata__` and the tensors */
  readonly header: Record<string, unknown> & { __metadata__: Record<string, string> }
  readonly data: Uint8Array
}

export function split(bytes: Uint8Array): Parts {
  const start = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as Parts['header']
  return { header, data: bytes.subarray(start) }
}

/** @param header or its text, or the bytes of that */
export function join(
  header: object | string | Uint8Array,
  data: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const text = header instanceof Uint8Array ? header : new TextEncoder().encode(textOf(header))
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

function textOf(header: object | string): string {
  return typeof header === 'string' ? header : JSON.stringify(header)
}

/** The same file as versions wrote it that had no checksum, and as other tools may write it. */
export function withoutChecksum(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { header, data } = split(bytes)
  return join({ ...header, __metadata__: checksum.withoutChecksum(header.__metadata__) }, data)
}
