/** Values as messages show them. */

/** A value as a message shows it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  // By no property of its own: its prototype may be null.
  if (ArrayBuffer.isView(value)) return article(typedArrayTag(value) ?? 'DataView')
  if (typeof value === 'object' && value !== null) return showObject(value)
  return String(value)
}

/** What has a kind of its own by that, of any realm: `a Date`, `an ArrayBuffer`, `a Promise`. */
function showObject(value: object): string {
  const kind = /^\w{1,40}/.exec(tagOf(value))?.[0] ?? 'Object'
  if (kind === 'Object') return 'an object'
  return article(kind)
}

/** The name of a kind with its article. */
export function article(kind: string): string {
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** The kind of a value as the engine has it, of any realm: `Date`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

/** A name that data has, in messages: as it is, if that can be read there, else in quotes. */
export function showName(name: string): string {
  return /^[\p{L}\p{N}_.-][\p{L}\p{N}_. -]{0,39}$/u.test(name) ? name : show(name)
}

/** A column in messages: its name, or its number where it has none. */
export function showColumn(column: string | number): string {
  return typeof column === 'string' ? showName(column) : String(column)
}

/** The kind of a typed array of any realm: `Float32Array`; undefined for all else. */
export function typedArrayTag(value: unknown): string | undefined {
  return Reflect.get(typedArray, Symbol.toStringTag, value) as string | undefined
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object
