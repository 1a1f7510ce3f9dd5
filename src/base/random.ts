import { log } from './elementary.js'
import { fmix32 } from './hash.js'

/** Streams whose names end in a number, `shuffle 3` and those after it. */
export interface NumberedStreams {
  /** of the name without the number */
  readonly hash: number
  readonly first: number
}

/** @param name of the streams, without the number */
export function numberedStreams(seed: number, name: string, first: number): NumberedStreams {
  return { hash: hashOf(seed, name), first }
}

function hashOf(seed: number, stream: string): number {
  let hash = fmix32((seed >>> 0) ^ fmix32(Math.floor(seed / 2 ** 32) + 0x9e3779b9))
  for (const character of stream) hash = fmix32((hash ^ (character.codePointAt(0) ?? 0)) + 0x9e3779b9)
  return hash
}

/**
 * Seeded random numbers that are the same in every runtime: only integer arithmetic, + − × ÷ and √.
 *
 * The generator is xoshiro128** (Blackman & Vigna 2018), with its state filled by SplitMix32 from the seed and the
 * name of the stream, so that drawing more numbers for one purpose never changes those for another.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number
  #spare = NaN

  /**
   * @param seed an integer from 0 to 2⁵³ − 1
   * @param stream what the numbers are for, such as `weights 0` or `shuffle 3`
   */
  constructor(seed: number, stream: string) {
    let hash = hashOf(seed, stream)
    this.#a = fmix32((hash += 0x9e3779b9))
    this.#b = fmix32((hash += 0x9e3779b9))
    this.#c = fmix32((hash += 0x9e3779b9))
    this.#d = fmix32((hash += 0x9e3779b9))
  }

  /** An integer from 0 to 2³² − 1, all equally likely. */
  bits(): number {
    const product = Math.imul(this.#b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const t = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= t
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result >>> 0
  }

  /** A number from 0 to 1, 1 excluded, with 53 random bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) * 2 ** -53
  }

  /**
   * An integer from 0 to n − 1, all equally likely, 0 < n < 2³²: the high word of the 64-bit product bits·n, with a
   * new draw for the low words that would occur once too often (Lemire 2019). The low word is exact; the product,
   * rounded to 53 bits, has an error of at most 2¹⁰, negligible against the unit of the high word.
   */
  below(n: number): number {
    for (;;) {
      const bits = this.bits()
      const low = Math.imul(bits, n) >>> 0
      if (low >= n || low >= 2 ** 32 % n) return ((bits * n - low) * 2 ** -32 + 0.5) >>> 0
    }
  }

  /** A number of mean 0 and variance 1, normally distributed: Marsaglia's polar method (1964), two at a time. */
  normal(): number {
    const spare = this.#spare
    if (!Number.isNaN(spare)) {
      this.#spare = NaN
      return spare
    }
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const scale = Math.sqrt((-2 * log(s)) / s)
      this.#spare = v * scale
      return u * scale
    }
  }

  /**
   * Shuffles the numbers, every order equally likely: Fisher and Yates. It goes from the last place to the first;
   * this call does those from `end` down to `begin`.
   */
  shuffle(numbers: Uint32Array, begin = 1, end = numbers.length): void {
    for (let i = end - 1; i >= begin; --i) {
      const j = this.below(i + 1)
      const swapped = numbers[i]
      numbers[i] = numbers[j]
      numbers[j] = swapped
    }
  }
}
