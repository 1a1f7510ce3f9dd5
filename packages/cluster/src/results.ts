/** Results as messages: one that is larger than a message may be comes in parts, in subjects of their own. */
import { placeOf, type Names } from './names.js'

/** A message of a result. */
export interface Part {
  readonly subject: string
  readonly bytes: Uint8Array
}

/** A result as messages: each is published once, whoever is first, so parts of two workers, which are alike, may be mixed. */
export function partsOf(names: Names, run: string, index: number, bytes: Uint8Array, most: number): Part[] {
  const count = Math.ceil(bytes.length / most)
  if (count <= 1) return [{ subject: names.result(run, index), bytes }]
  return Array.from({ length: count }, (_, part) => ({
    subject: names.part(run, index, count, part),
    bytes: bytes.subarray(part * most, (part + 1) * most),
  }))
}

/** More parts than any result has: one of a gigabyte, at a megabyte each. */
const MAX_PARTS = 1024

/** Puts results together again. */
export class Assembly {
  /** by index, the parts that have come of results that are not whole */
  readonly #parts = new Map<number, (Uint8Array | undefined)[]>()

  /** @returns a result, if this was the last of its parts; undefined, too, for what is no part of one */
  add(
    subject: string,
    bytes: Uint8Array,
  ): { readonly index: number; readonly bytes: Uint8Array } | undefined {
    const place = placeOf(subject)
    if (place === undefined) return undefined
    const { index, parts: count, part } = place
    if (count === 1) return { index, bytes }
    if (count > MAX_PARTS || part >= count) return undefined
    const parts = this.#parts.get(index) ?? new Array<undefined>(count).fill(undefined)
    if (parts.length !== count) return undefined
    this.#parts.set(index, parts)
    parts[part] = bytes
    const all = parts.filter((each) => each !== undefined)
    if (all.length < count) return undefined
    this.#parts.delete(index)
    return { index, bytes: joined(all) }
  }

  /** Forgets results that nobody waits for. @param index those before it */
  forgetBefore(index: number): void {
    for (const each of this.#parts.keys()) if (each < index) this.#parts.delete(each)
  }
}

/** @returns all of them, one after the other */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
