import { allocate } from './reservation.js'

const PAGE = 65_536

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
