const RECENT = 256

/** UTF-8 to strings. Short ones that come again are the same string, which a column of classes has few of. */
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
    const place = (hash ^ (hash >>> 8)) & (RECENT - 1)
    const recent = this.#recent[place]
    if (isSame(recent, bytes, start, end)) return recent
    const text = this.#decode(bytes, start, end)
    if (text !== undefined) this.#recent[place] = text
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

function isSame(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let i = 0; i < text.length; ++i) if (text.charCodeAt(i) !== bytes[start + i]) return false
  return true
}
