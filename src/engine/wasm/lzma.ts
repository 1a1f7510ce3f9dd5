import { allocate } from './reservation.js'

const PAGE = 65_536

/** What assembly/lzma/ may take for its probabilities. */
const PROBABILITIES_BYTES = 16_384
/** What it may read beyond a stream. */
const SLACK_BYTES = 64

/**
 * The first bytes of what is in an LZMA stream, which has no header:
 *
 *     ┌───────────────┬────────┬────────┐
 *     │ probabilities │ output │ stream │
 *     └───────────────┴────────┴────────┘
 *
 * @param module of assembly/lzma/: from the first byte to the last, it takes a twentieth of the time that this would take in JavaScript
 * @param alternative to more addresses, for the message
 * @throws RangeError if there is no memory for that; Error if the stream is damaged, and that can be seen
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
