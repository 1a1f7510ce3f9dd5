/** Bytes of any encoding that the runtime knows, as UTF-8. */
import { rangeError, typeError } from '../base/argument-error.js'
import { show } from '../base/check.js'

/** The default encoding, by TextDecoder's name. */
export const UTF_8 = 'utf-8'

/**
 * @returns the name of the encoding that TextDecoder has for the label;
 *
 * @throws TypeError or RangeError that names the option
 */
export function checkEncoding(label: unknown): string {
  const expected = "one that TextDecoder knows, such as 'latin1' or 'utf-16le'"
  if (typeof label !== 'string') throw typeError('encoding', expected, show(label))
  try {
    return new TextDecoder(label).encoding
  } catch (cause) {
    throw rangeError('encoding', expected, show(label), { cause })
  }
}

/**
 * The encoding of a file by its byte order mark, which takes precedence, as in browsers.
 *
 * @param head first bytes, each a character
 */
export function markedEncoding(head: string): string | undefined {
  if (head.startsWith('\xef\xbb\xbf')) return UTF_8
  if (head.startsWith('\xff\xfe')) return 'utf-16le'
  return head.startsWith('\xfe\xff') ? 'utf-16be' : undefined
}

/** The encoding of UTF-16 without a mark, in which every other byte of ASCII is 0. */
export function likelyEncoding(head: string): string | undefined {
  if (/^([^\0]\0){2}/.test(head)) return 'utf-16le'
  return /^(\0[^\0]){2}/.test(head) ? 'utf-16be' : undefined
}

/** A byte that UTF-8 never has, which replaces what is invalid in the encoding. */
const WRONG = 0xff

/**
 * Converts another encoding to UTF-8. A byte that UTF-8 never has replaces what is invalid, so that the reader can
 * report where it is.
 *
 * Half of a surrogate pair is U+FFFD, as it is where a text is given; only in UTF-16 may a file contain U+FFFD itself.
 */
export class Utf8Maker {
  readonly #decoder: TextDecoder
  readonly #encoder = new TextEncoder()

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding)
  }

  push(bytes: Uint8Array): Uint8Array {
    // Always with stream: true: without it Node 20 takes windows-1252 for ISO-8859-1.
    const text = this.#decoder.decode(bytes, { stream: true })
    return this.#encode(text, !this.#decoder.encoding.startsWith('utf-16'))
  }

  /** The character that the last chunk ended in the middle of. */
  end(): Uint8Array {
    return this.#encode(this.#decoder.decode(), true)
  }

  #encode(text: string, isChecked: boolean): Uint8Array {
    if (!isChecked || !text.includes('\ufffd')) return this.#encoder.encode(text)
    const [first, ...others] = text.split('\ufffd').map((part) => this.#encoder.encode(part))
    const bytes = new Uint8Array(others.reduce((sum, part) => sum + part.length + 1, first.length))
    bytes.set(first)
    let at = first.length
    for (const part of others) {
      bytes[at] = WRONG
      bytes.set(part, at + 1)
      at += part.length + 1
    }
    return bytes
  }
}
