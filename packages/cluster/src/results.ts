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

interface Unfinished {
  readonly index: number
  readonly parts: Map<number, Uint8Array>
}

/** Puts results together again. */
export class Assembly {
  /**
   * by index and number of parts, what has come of results that are not whole: where the server's max_payload has changed
   * meanwhile, another worker divides the same result otherwise
   */
  readonly #parts = new Map<string, Unfinished>()

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
    const key = `${index}.${count}`
    const { parts } = this.#parts.get(key) ?? { parts: new Map<number, Uint8Array>() }
    this.#parts.set(key, { index, parts })
    parts.set(part, bytes)
    if (parts.size < count) return undefined
    this.#forget((other) => other === index)
    return { index, bytes: joined(inOrder(parts)) }
  }

  /** Forgets results that nobody waits for. @param index those before it */
  forgetBefore(index: number): void {
    this.#forget((other) => other < index)
  }

  #forget(isOver: (index: number) => boolean): void {
    for (const [key, { index }] of this.#parts) if (isOver(index)) this.#parts.delete(key)
  }
}

function inOrder(parts: ReadonlyMap<number, Uint8Array>): Uint8Array[] {
  return Array.from(parts)
    .sort(([one], [other]) => one - other)
    .map(([, bytes]) => bytes)
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
