/** Fingerprints by which checkpoints tell data apart. */
import { remediableError } from '../base/remedies.js'
import { littleEndian } from '../base/byte-order.js'
import { classesOf } from '../base/classes.js'
import { Hash } from '../base/hash.js'
import { areClassNumbers } from '../base/targets.js'
import type { DataFingerprint, Fingerprint, PiecesFingerprint } from './features.js'
import type { SampleSet } from './sample-set.js'

/**
 * Of samples as the network sees them, in its precision. Class numbers have the same fingerprint as rows of one 1, for
 * they are the same targets.
 */
export function fingerprintOf(samples: SampleSet): Fingerprint {
  const [x, y] = [new Hash(), new Hash()]
  addInputs(x, samples)
  addTargets(y, samples)
  if (samples.weights === undefined) return { x: x.digest(), y: y.digest() }
  const weights = new Hash()
  addWeights(weights, samples)
  return { x: x.digest(), y: y.digest(), weights: weights.digest() }
}

/** Of the pieces of a stream, one after the other. */
export class PiecesHash implements PiecesFingerprint {
  readonly #hash = new Hash()

  add(piece: SampleSet): void {
    addInputs(this.#hash, piece)
    addTargets(this.#hash, piece)
    addWeights(this.#hash, piece)
  }

  digest(): string {
    return this.#hash.digest()
  }
}

function addInputs(hash: Hash, { x }: SampleSet): void {
  hash.add(littleEndian(Uint32Array.of(x.rows, x.columns)))
  hash.add(littleEndian(x.values))
}

function addTargets(hash: Hash, { y }: SampleSet): void {
  const classes = y.columns > 1 ? classesOf(y) : undefined
  hash.add(littleEndian(Uint32Array.of(y.rows, y.columns, Number(classes !== undefined))))
  if (classes !== undefined) hash.add(littleEndian(Uint32Array.from(classes)))
  else if (!areClassNumbers(y)) hash.add(littleEndian(y.values))
}

function addWeights(hash: Hash, { weights }: SampleSet): void {
  hash.add(littleEndian(Uint32Array.of(Number(weights !== undefined))))
  if (weights !== undefined) hash.add(littleEndian(weights.values))
}

/**
 * Compares the data with those that a checkpoint was trained on.
 *
 * @param saved undefined in files from before there were fingerprints
 * @throws RangeError that names the first array that differs
 */
export function checkSameData(current: DataFingerprint, saved: unknown): void {
  if (saved === undefined) return
  const { validation, shards } = Object(saved) as DataFingerprint
  checkSameShards(current.shards, shards)
  checkSameSamples('checkpoint.data', current, saved, 'trained on')
  checkSameSamples('checkpoint.data.validation', current.validation, validation, 'judged by')
}

function checkSameShards(current: readonly string[] | undefined, saved: unknown): void {
  const before: readonly unknown[] | undefined = Array.isArray(saved) ? saved : undefined
  if (current?.length !== before?.length) {
    const what = before === undefined ? 'no shards' : `${before.length} shards`
    throw changedData(
      'checkpoint.data',
      `${what}, as there were`,
      current === undefined ? 'none' : `${current.length}`,
    )
  }
  const changed = current?.findIndex((shard, i) => shard !== before?.[i]) ?? -1
  if (changed >= 0)
    throw changedData(`checkpoint.data[${changed}]`, 'the samples that it was trained on', 'others')
}

/** The error that data have changed. */
export function changedData(place: string, what: string, got: string): RangeError {
  return remediableError(place, what, got, [
    { option: 'otherData', value: true, effect: 'goes on with these' },
  ])
}

function checkSameSamples(
  place: string,
  current: Partial<Fingerprint> | undefined,
  saved: unknown,
  use: string,
): void {
  const [now, before] = [current, saved].map((each) => Object(each) as Partial<Fingerprint>)
  for (const [name, what] of [
    ['x', 'inputs'],
    ['y', 'targets'],
    ['weights', 'weights'],
  ] as const) {
    if (now[name] === before[name]) continue
    const got = now[name] === undefined ? 'none' : 'others'
    if (before[name] !== undefined)
      throw changedData(`${place}.${name}`, `the ${what} that it was ${use}`, got)
    throw changedData(`${place}.${name}`, 'none, as there were', 'some')
  }
}
