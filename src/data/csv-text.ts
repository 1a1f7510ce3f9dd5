const RECENT = 256

/**
 * The most characters of a text that is made without the decoder: V8 keeps longer concatenations as ropes, which take
 * more memory.
 */
const MAX_SHORT = 12

/** UTF-8 to strings. Short texts that recur share one string, as in a column of classes. */
export class TextReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  /** by hash, of ASCII characters only */
  readonly #recent: string[] = new Array<string>(RECENT).fill('')

  /** @returns undefined for bytes that are not UTF-8 */
  read(bytes: Uint8Array, start: number, end: number): string | undefined {
    let bits = 0
    let hash = end - start
    for (let at = start; at < end; ++at) {
      bits |= bytes[at]
      hash = (Math.imul(hash, 31) + bytes[at]) | 0
    }
    if (bits > 0x7f) return this.#decode(bytes, start, end)
    const slot = (hash ^ (hash >>> 8)) & (RECENT - 1)
    const recent = this.#recent[slot]
    if (isSame(recent, bytes, start, end)) return recent
    const text = end - start > MAX_SHORT ? this.#decode(bytes, start, end) : shortText(bytes, start, end)
    if (text !== undefined) this.#recent[slot] = text
    return text
  }

  #decode(bytes: Uint8Array, start: number, end: number): string | undefined {
    try {
      return this.#decoder.decode(bytes.subarray(start, end))
    } catch {
      return undefined
    }
  }
}

/** ASCII, four characters in one call. */
function shortText(bytes: Uint8Array, start: number, end: number): string {
  const { fromCharCode } = String
  let text = ''
  let at = start
  for (; at + 4 <= end; at += 4) {
    text += fromCharCode(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
  }
  for (; at < end; ++at) text += fromCharCode(bytes[at])
  return text
}

function isSame(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let i = 0; i < text.length; ++i) if (text.charCodeAt(i) !== bytes[start + i]) return false
  return true
}
