/** How messages show values. */

/** A value, as shown in a message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  // Not by a property of the value: its prototype may be null.
  if (ArrayBuffer.isView(value)) return article(typedArrayTag(value) ?? 'DataView')
  if (typeof value === 'object' && value !== null) return showObject(value)
  return String(value)
}

/**
 * An object by its kind, if it has a special one, from any realm: `a Date`, `an ArrayBuffer`. A promise is nowhere what
 * was meant.
 */
function showObject(value: object): string {
  const kind = /^\w{1,40}/.exec(tagOf(value))?.[0] ?? 'Object'
  if (kind === 'Object') return 'an object'
  return kind === 'Promise' ? 'a Promise; await it' : article(kind)
}

/** The name of a kind with its article. */
export function article(kind: string): string {
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** The runtime's name for the kind of a value, from any realm: `Date`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

/** A name from the data, for messages: bare if it is readable there, else in quotes. */
export function showName(name: string): string {
  return /^[\p{L}\p{N}_.-][\p{L}\p{N}_. -]{0,39}$/u.test(name) ? name : show(name)
}

/** A column, for messages: its name, or its number if it has none. */
export function showColumn(column: string | number): string {
  return typeof column === 'string' ? showName(column) : String(column)
}

/** The kind of a typed array from any realm: `Float32Array`; undefined for anything else. */
export function typedArrayTag(value: unknown): string | undefined {
  return Reflect.get(typedArray, Symbol.toStringTag, value) as string | undefined
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object
