/** What data are told apart by, in checkpoints. */
import { classesOf } from '../classes.js'
import { wordsOf } from '../engine/views.js'
import { RemediableError } from '../remedies.js'
import { areClassNumbers } from '../targets.js'
import type { Pair } from './split.js'

/** Of each array of some samples; undefined where there are no weights. */
export interface Fingerprint {
  readonly x: string
  readonly y: string
  readonly weights?: string | undefined
}

/** Of all data of a fit. */
export interface DataFingerprint extends Partial<Fingerprint> {
  /** of a validation that has data of its own */
  readonly validation?: Fingerprint | undefined
  /** of a stream: the pieces of an epoch that has been begun, as far as they have come */
  readonly pieces?: string | undefined
}

/**
 * Of samples as the network sees them, in its precision. Rows of one 1 and the numbers of classes are the same targets, and have the same
 * fingerprint.
 */
export function fingerprintOf(samples: Pair): Fingerprint {
  const [x, y] = [new Hash(), new Hash()]
  addInputs(x, samples)
  addTargets(y, samples)
  if (samples.weights === undefined) return { x: x.digest(), y: y.digest() }
  const weights = new Hash()
  addWeights(weights, samples)
  return { x: x.digest(), y: y.digest(), weights: weights.digest() }
}

/** Of pieces, one after the other. */
export class PiecesFingerprint {
  readonly #hash = new Hash()

  add(piece: Pair): void {
    addInputs(this.#hash, piece)
    addTargets(this.#hash, piece)
    addWeights(this.#hash, piece)
  }

  /** Of all pieces so far. */
  digest(): string {
    return this.#hash.digest()
  }
}

function addInputs(hash: Hash, { x }: Pair): void {
  hash.add(Uint32Array.of(x.rows, x.columns))
  hash.add(wordsOf(x.values))
}

function addTargets(hash: Hash, { y }: Pair): void {
  const classes = y.columns > 1 ? classesOf(y) : undefined
  hash.add(Uint32Array.of(y.rows, y.columns, Number(classes !== undefined)))
  if (classes !== undefined) hash.add(Uint32Array.from(classes))
  else if (!areClassNumbers(y)) hash.add(wordsOf(y.values))
}

function addWeights(hash: Hash, { weights }: Pair): void {
  hash.add(Uint32Array.of(Number(weights !== undefined)))
  if (weights !== undefined) hash.add(wordsOf(weights.values))
}

/**
 * What has been trained on must be what is here.
 *
 * @param there of a file; undefined where it has none, as those that were written before there were fingerprints
 * @throws RemediableError that names the first that differs
 */
export function checkSameData(here: DataFingerprint, there: unknown): void {
  if (there === undefined) return
  checkSameSamples('checkpoint.data', here, there, 'trained on')
  const judging = Object(there) as DataFingerprint
  checkSameSamples('checkpoint.data.validation', here.validation, judging.validation, 'judged by')
}

/** Data of which one is not as it was. */
export function otherData(place: string, what: string, got: string): RemediableError {
  return new RemediableError(`${place}: expected ${what}, got ${got}`, [
    { option: 'checkpoint', value: { otherData: true }, effect: 'goes on with these' },
  ])
}

function checkSameSamples(
  place: string,
  here: Partial<Fingerprint> | undefined,
  there: unknown,
  use: string,
): void {
  const [ours, theirs] = [here, there].map((each) => Object(each) as Partial<Fingerprint>)
  for (const [name, what] of [
    ['x', 'inputs'],
    ['y', 'targets'],
    ['weights', 'weights'],
  ] as const) {
    if (ours[name] === theirs[name]) continue
    const got = ours[name] === undefined ? 'none' : 'others'
    if (theirs[name] !== undefined) throw otherData(`${place}.${name}`, `the ${what} that it was ${use}`, got)
    throw otherData(`${place}.${name}`, 'none, as there were', 'some')
  }
}

/**
 * A hash of 64 bits of words of 32: two lanes of MurmurHash3 (Appleby 2011, public domain), one with the constants of its 32-bit
 * variant, one with those of the first lane of its 128-bit variant. Each round is a bijection of its word, so that a change of one
 * number is always seen; other data come to the same 64 bits once in 2⁶⁴. It is against mistakes, not against anybody who wants them
 * to collide. Of an f64 the low word comes first, wherever this runs.
 */
class Hash {
  #a = 0
  #b = 0
  #words = 0

  add(words: Uint32Array): void {
    let [a, b] = [this.#a, this.#b]
    for (let i = 0; i < words.length; ++i) {
      const word = words[i]
      let k = Math.imul(word, 0xcc9e2d51)
      k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
      a ^= k
      a = Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64
      k = Math.imul(word, 0x239b961b)
      k = Math.imul((k << 15) | (k >>> 17), 0xab0e9789)
      b ^= k
      b = Math.imul((b << 19) | (b >>> 13), 5) + 0x561ccd1b
    }
    this.#a = a
    this.#b = b
    this.#words += words.length
  }

  /** Of all words so far, in hexadecimal. */
  digest(): string {
    return [this.#a, this.#b].map((lane) => hex(finished(lane ^ this.#words))).join('')
  }
}

/** Every bit of a lane changes every other. */
function finished(lane: number): number {
  lane = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  lane = Math.imul(lane ^ (lane >>> 13), 0xc2b2ae35)
  return (lane ^ (lane >>> 16)) >>> 0
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}
