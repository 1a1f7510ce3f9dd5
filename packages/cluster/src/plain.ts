/**
 * Plain data as bytes: what deltaprop hands to a cluster and takes back. JSON, with what JSON lacks beside it:
 *
 *     4 bytes   length n of the text, little-endian
 *     n bytes   text, JSON, in which {"$": …} stands for something else: a number that JSON has not, a typed array by its
 *               kind, its first byte and its length, undefined, or an object that has a "$" of its own
 *     padding   to a multiple of 8
 *     the rest  the numbers of typed arrays, little-endian, each from a multiple of 8
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

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/** @throws TypeError for what is not plain: a function, an instance of a class */
export function encodePlain(value: unknown): Uint8Array<ArrayBuffer> {
  const arrays: Numbers[] = []
  let end = 0
  const text = new TextEncoder().encode(
    JSON.stringify(
      marked(value, (array) => {
        const at = end
        arrays.push(array)
        end = aligned(at + array.byteLength)
        return at
      }),
    ),
  )
  const start = aligned(LENGTH_BYTES + text.length)
  const bytes = new Uint8Array(start + end)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, LENGTH_BYTES)
  let at = start
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += aligned(array.byteLength)
  }
  return bytes
}

/** The value as JSON can say it. @param place makes room for the numbers of an array, and returns where */
function marked(value: unknown, place: (array: Numbers) => number): unknown {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $: '-0' }
    return Number.isFinite(value) ? value : { $: String(value) }
  }
  if (value === undefined) return { $: 'undefined' }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value !== 'object') throw notPlain(value)
  if (ArrayBuffer.isView(value)) {
    const kind = Object.prototype.toString.call(value).slice(8, -1)
    if (!(kind in kinds)) throw notPlain(value)
    const array = value as Numbers
    return { $: kind, at: place(array), length: array.length }
  }
  if (Array.isArray(value)) return value.map((each) => marked(each, place))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) throw notPlain(value)
  const entries = Object.entries(value)
  if ('$' in value)
    return { $: 'object', entries: entries.map(([name, each]) => [name, marked(each, place)]) }
  return Object.fromEntries(entries.map(([name, each]) => [name, marked(each, place)]))
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
  // Not a Buffer of Node, whose slices are no copies.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return unmarked(json, plain.subarray(Math.min(aligned(LENGTH_BYTES + length), bytes.length)), 0)
}

function unmarked(json: unknown, numbers: Uint8Array, depth: number): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (depth === MAX_DEPTH) throw broken(`they have more than ${MAX_DEPTH} brackets within one another`)
  if (Array.isArray(json)) return json.map((each) => unmarked(each, numbers, depth + 1))
  if ('$' in json) return special(json, numbers, depth)
  return objectOf(Object.entries(json), numbers, depth)
}

function special(
  { $: what, ...rest }: { readonly $: unknown; readonly [name: string]: unknown },
  numbers: Uint8Array,
  depth: number,
): unknown {
  if (what === 'undefined') return undefined
  if (typeof what === 'string' && /^(NaN|-?Infinity|-0)$/.test(what)) return Number(what)
  if (what === 'object' && Array.isArray(rest.entries)) {
    const entries = rest.entries.map((entry: unknown): [string, unknown] => {
      if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string')
        throw broken('an entry is none')
      return [entry[0], entry[1]]
    })
    return objectOf(entries, numbers, depth)
  }
  if (typeof what !== 'string' || !Object.hasOwn(kinds, what)) throw broken('they have something unknown')
  const { at, length } = rest
  const Kind = kinds[what as Kind]
  const isPlace =
    Number.isSafeInteger(at) && (at as number) >= 0 && Number.isSafeInteger(length) && (length as number) >= 0
  if (!isPlace) throw broken('an array is nowhere')
  const [start, count] = [at as number, length as number]
  const end = start + count * Kind.BYTES_PER_ELEMENT
  if (end > numbers.length) throw broken('they are cut off')
  // Of Node's buffers, whose own slice is a view.
  return new Kind(Uint8Array.from(numbers.subarray(start, end)).buffer)
}

function objectOf(
  entries: readonly [string, unknown][],
  numbers: Uint8Array,
  depth: number,
): Record<string, unknown> {
  if (entries.some(([name]) => name === '__proto__')) throw broken('they have a name that no data has')
  return Object.fromEntries(entries.map(([name, each]) => [name, unmarked(each, numbers, depth + 1)]))
}

function broken(why: string, options?: ErrorOptions): RangeError {
  return new RangeError(`expected data as deltaprop-cluster sends them, got other bytes: ${why}`, options)
}

/** The SHA-256 of some bytes, in hexadecimal: the name of data. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
