/** What data are told apart by, in checkpoints. */
import { remediableError } from '../base/remedies.js'
import { littleEndian } from '../base/byte-order.js'
import { classesOf } from '../base/classes.js'
import { Hash } from '../base/hash.js'
import { areClassNumbers } from '../base/targets.js'
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
  hash.add(littleEndian(Uint32Array.of(x.rows, x.columns)))
  hash.add(littleEndian(x.values))
}

function addTargets(hash: Hash, { y }: Pair): void {
  const classes = y.columns > 1 ? classesOf(y) : undefined
  hash.add(littleEndian(Uint32Array.of(y.rows, y.columns, Number(classes !== undefined))))
  if (classes !== undefined) hash.add(littleEndian(Uint32Array.from(classes)))
  else if (!areClassNumbers(y)) hash.add(littleEndian(y.values))
}

function addWeights(hash: Hash, { weights }: Pair): void {
  hash.add(littleEndian(Uint32Array.of(Number(weights !== undefined))))
  if (weights !== undefined) hash.add(littleEndian(weights.values))
}

/**
 * What has been trained on must be what is here.
 *
 * @param there of a file; undefined where it has none, as those that were written before there were fingerprints
 * @throws RangeError that names the first that differs
 */
export function checkSameData(here: DataFingerprint, there: unknown): void {
  if (there === undefined) return
  checkSameSamples('checkpoint.data', here, there, 'trained on')
  const judging = Object(there) as DataFingerprint
  checkSameSamples('checkpoint.data.validation', here.validation, judging.validation, 'judged by')
}

/** Data of which one is not as it was. */
export function otherData(place: string, what: string, got: string): RangeError {
  return remediableError(place, what, got, [
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
