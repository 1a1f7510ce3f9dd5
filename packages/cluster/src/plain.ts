/**
 * Plain data as bytes: what deltaprop hands to a cluster and takes back. JSON, with what JSON lacks beside it:
 *
 *     4 bytes   length n of the text, little-endian
 *     n bytes   text, JSON, in which {"$": …} stands for something else: a number that JSON has not, a typed array by its
 *               kind and its length, undefined, or an object that has a "$" of its own
 *     padding   to a multiple of 8
 *     the rest  the numbers of typed arrays in the order of the text, little-endian, each padded to a multiple of 8
 *
 * The same data gives the same bytes, so that their hash is its name.
 */

const kinds = {
  Float32Array,
  Float64Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8ClampedArray,
} as const

type Kind = keyof typeof kinds
type Numbers = InstanceType<(typeof kinds)[Kind]>

const LENGTH_BYTES = 4
const ALIGNMENT = 8
/** Brackets within one another; data and options need about ten. */
const MAX_DEPTH = 32
const TOO_DEEP = `more than ${MAX_DEPTH} brackets within one another`

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/**
 * @throws TypeError for what is not plain: a function, an instance of a class, an object that has itself in it
 */
export function encodePlain(value: unknown): Uint8Array<ArrayBuffer> {
  const arrays: Numbers[] = []
  const text = new TextEncoder().encode(JSON.stringify(marked(value, arrays, 0)))
  const start = aligned(LENGTH_BYTES + text.length)
  const bytes = new Uint8Array(arrays.reduce((end, { byteLength }) => end + aligned(byteLength), start))
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, LENGTH_BYTES)
  let at = start
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += aligned(array.byteLength)
  }
  return bytes
}

/** The value as JSON can say it. @param arrays gets its arrays, in the order in which they are named */
function marked(value: unknown, arrays: Numbers[], depth: number): unknown {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $: '-0' }
    return Number.isFinite(value) ? value : { $: String(value) }
  }
  if (value === undefined) return { $: 'undefined' }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value !== 'object') throw notPlain(value)
  if (ArrayBuffer.isView(value)) {
    const kind = Object.prototype.toString.call(value).slice(8, -1)
    if (!Object.hasOwn(kinds, kind)) throw notPlain(value)
    const array = value as Numbers
    arrays.push(array)
    return { $: kind, length: array.length }
  }
  if (depth === MAX_DEPTH) throw new TypeError(`expected plain data, got ${TOO_DEEP}`)
  const each = (inner: unknown): unknown => marked(inner, arrays, depth + 1)
  // Not map, which leaves out what is not there.
  if (Array.isArray(value)) return Array.from(value, each)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) throw notPlain(value)
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [name, each(inner)])
  return Object.hasOwn(value, '$') ? { $: 'object', entries } : Object.fromEntries(entries)
}

function notPlain(value: unknown): TypeError {
  return new TypeError(`expected plain data, got ${Object.prototype.toString.call(value)}`)
}

/**
 * @returns the data; its arrays are copies
 * @throws RangeError for bytes that are not such data; allocates no more than there are bytes for
 */
export function decodePlain(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length < LENGTH_BYTES ? Infinity : view.getUint32(0, true)
  if (length > bytes.length - LENGTH_BYTES) throw broken('they are cut off')
  const text = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch (cause) {
    throw broken('their text is not JSON', { cause })
  }
  const numbers = new NumbersOf(bytes, aligned(LENGTH_BYTES + length))
  const value = unmarked(json, numbers, 0)
  numbers.end()
  return value
}

/** Of a message: each array comes after the one before, so that all together are no larger than it is. */
class NumbersOf {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  next(kind: Kind, length: unknown): Numbers {
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0)
      throw broken('an array has no length')
    const Kind = kinds[kind]
    const start = this.#at
    const end = start + length * Kind.BYTES_PER_ELEMENT
    if (end > this.#bytes.length) throw broken('they are cut off')
    this.#at = aligned(end)
    // Of Node's buffers, whose own slice is a view.
    return new Kind(Uint8Array.from(this.#bytes.subarray(start, end)).buffer)
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw broken('their length is another')
  }
}

function unmarked(json: unknown, numbers: NumbersOf, depth: number): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) {
    checkDepth(depth)
    return json.map((each) => unmarked(each, numbers, depth + 1))
  }
  return Object.hasOwn(json, '$')
    ? special(json as Special, numbers, depth)
    : objectOf(Object.entries(json), numbers, depth)
}

interface Special {
  readonly $: unknown
  readonly entries?: unknown
  readonly length?: unknown
}

function special({ $: what, entries, length }: Special, numbers: NumbersOf, depth: number): unknown {
  if (what === 'undefined') return undefined
  if (typeof what !== 'string') throw broken('they have something unknown')
  if (/^(NaN|-?Infinity|-0)$/.test(what)) return Number(what)
  if (what === 'object' && Array.isArray(entries)) return objectOf(entries.map(entryOf), numbers, depth)
  if (!Object.hasOwn(kinds, what)) throw broken('they have something unknown')
  return numbers.next(what as Kind, length)
}

function entryOf(entry: unknown): [string, unknown] {
  if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string')
    throw broken('an entry is none')
  return [entry[0], entry[1]]
}

/** A name may be __proto__: fromEntries makes a property of it as of any other, and changes no prototype. */
function objectOf(
  entries: readonly [string, unknown][],
  numbers: NumbersOf,
  depth: number,
): Record<string, unknown> {
  checkDepth(depth)
  return Object.fromEntries(entries.map(([name, each]) => [name, unmarked(each, numbers, depth + 1)]))
}

function checkDepth(depth: number): void {
  if (depth === MAX_DEPTH) throw broken(`they have ${TOO_DEEP}`)
}

function broken(why: string, options?: ErrorOptions): RangeError {
  return new RangeError(`expected data as deltaprop-cluster sends them, got other bytes: ${why}`, options)
}

/** The SHA-256 of some bytes, in hexadecimal: the name of data. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
