/** Argument checks. Every message names the argument, the expected value and the actual one. */
import { argumentError, rangeError, typeError, type ErrorPlace } from './argument-error.js'
import { article, show, tagOf, typedArrayTag } from './show.js'
import { suggestion, type OtherNames } from './suggest.js'

export { show, showName, tagOf, typedArrayTag } from './show.js'

/**
 * Whether a value is a Uint8Array, judged by its tag, so that one from another realm (jsdom, an iframe, node:vm)
 * counts too. The tag comes from the runtime's own getter, which no property of the value can imitate.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return typedArrayTag(value) === 'Uint8Array'
}

/** @throws TypeError saying how to turn the value into bytes, if that is known */
export function checkBytes(name: string, value: unknown): Uint8Array {
  if (isBytes(value)) return value
  throw typeError(name, 'a Uint8Array', showNoBytes(value))
}

/** Shows a value that is not bytes, with the expression that converts it to bytes. */
export function showNoBytes(value: unknown): string {
  const tag = typedArrayTag(value) ?? tagOf(value)
  switch (tag) {
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
      return `${article(tag)}; new Uint8Array(buffer) has its bytes`
    case 'Blob':
    case 'File':
    case 'Response':
    case 'Request':
      return `a ${tag}; new Uint8Array(await ${tag.toLowerCase()}.arrayBuffer()) has its bytes`
    case 'URL':
      return 'a URL; give what is there'
    default:
      if (!ArrayBuffer.isView(value)) return show(value)
      return `${article(tag)}; new Uint8Array(array.buffer, array.byteOffset, array.byteLength) has its bytes`
  }
}

/**
 * @param others the meanings of other names
 * @throws TypeError or RangeError unless value is one of the known names.
 */
export function checkName<Name extends string>(
  name: string | ErrorPlace,
  value: unknown,
  known: readonly Name[],
  others?: OtherNames,
): Name {
  const found = known.find((candidate) => candidate === value)
  if (found !== undefined) return found
  const Kind = typeof value === 'string' ? RangeError : TypeError
  throw argumentError(Kind, name, `one of ${known.join(', ')}`, show(value), {
    hint: suggestion(value, known, others),
  })
}

/**
 * @param others its entry '' says what the object should look like
 * @throws TypeError unless value is an object whose entries count: not an array, nor a Promise, a Map or a Date.
 */
export function checkObject(
  name: string | ErrorPlace,
  value: unknown,
  others?: OtherNames,
): Record<string, unknown> {
  if (isRecord(value) && (Object.keys(value).length > 0 || tagOf(value) === 'Object')) return value
  throw typeError(name, 'an object', show(value), { hint: suggestion(undefined, [], others) })
}

/** Whether value is an object of any kind, an array too. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Whether value is an object and not an array; all that is looked at of each row of data. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value) && !ArrayBuffer.isView(value)
}

/** Whether value is an object that inherits from no other: all that counts in it are its own properties. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype
}

/**
 * @param others the meanings of other keys
 * @throws TypeError unless value is an object; RangeError if it has an unknown key.
 */
export function checkKeys(
  name: string | ErrorPlace,
  value: unknown,
  known: readonly string[],
  others?: OtherNames,
): Record<string, unknown> {
  const object = checkObject(name, value, others)
  const unknown = Object.keys(object).find((key) => !known.includes(key))
  if (unknown === undefined) return object
  const expected = known.length === 0 ? 'no options' : `one of ${known.join(', ')}`
  const isOther = known.every((key) => !(key in object))
  const hint = suggestion(unknown, known, others) || (isOther && others?.['*']) || ''
  throw rangeError(name, expected, show(unknown), { hint })
}

/** @throws TypeError unless value is a function or undefined */
export function checkFunction(
  name: string | ErrorPlace,
  value: unknown,
): ((argument: unknown) => unknown) | undefined {
  if (value === undefined || typeof value === 'function') {
    return value as ((argument: unknown) => unknown) | undefined
  }
  throw typeError(name, 'a function', show(value))
}

/** A value of deltaprop that is imported to be given to another part of it, which knows it by its name alone. */
export interface Imported<Value extends { readonly name: string }> {
  /** under which it is exported, and which it has itself */
  readonly name: Value['name']
  /** which it has, too */
  readonly member: keyof Value & string
  /** what is expected; its name unless given */
  readonly expected?: string
  /** of the entry that exports it */
  readonly from?: string
}

/** Whether a value is that one. */
export function isImported<Value extends { readonly name: string }>(
  value: unknown,
  { name, member }: Imported<Value>,
): value is Value {
  return isObject(value) && 'name' in value && value.name === name && member in value
}

/**
 * An option that takes an imported value, so that bundlers drop the code of those that nobody imports.
 *
 * @throws TypeError or RangeError unless it is that one, or undefined
 */
export function checkImported<Value extends { readonly name: string }>(
  option: string,
  value: unknown,
  imported: Imported<Value>,
): Value | undefined {
  if (value === undefined || isImported(value, imported)) return value
  const { name, expected = name, from = 'deltaprop' } = imported
  const Kind = typeof value === 'string' ? RangeError : TypeError
  throw argumentError(Kind, option, `${expected}, which is imported`, show(value), {
    hint: `import { ${name} } from '${from}'`,
  })
}

/**
 * @throws TypeError unless the option signal is undefined, or behaves like an AbortSignal, of whatever realm or
 *   library
 */
export function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || isSignal(signal)) return signal
  const hint = tagOf(signal) === 'AbortController' ? 'give its signal' : ''
  throw typeError('signal', 'an AbortSignal', show(signal), { hint })
}

function isSignal(value: unknown): value is AbortSignal {
  return (
    typeof value === 'object' &&
    value !== null &&
    'aborted' in value &&
    typeof value.aborted === 'boolean' &&
    'addEventListener' in value &&
    typeof value.addEventListener === 'function' &&
    'removeEventListener' in value &&
    typeof value.removeEventListener === 'function'
  )
}

/** The permitted range of a number. */
export interface Bounds {
  readonly min?: number
  /** exclusive lower bound */
  readonly above?: number
  readonly max?: number
  /** exclusive upper bound */
  readonly below?: number
}

/** @throws TypeError unless value is a number; RangeError unless it is finite and within the bounds. */
export function checkNumber(name: string | ErrorPlace, value: unknown, bounds: Bounds = {}): number {
  return checked(name, value, 'a number', Number.isFinite, bounds)
}

/** @throws TypeError unless value is a number; RangeError unless it is a safe integer within the bounds. */
export function checkInteger(name: string | ErrorPlace, value: unknown, bounds: Bounds = {}): number {
  return checked(name, value, 'an integer', Number.isSafeInteger, bounds)
}

/** @throws TypeError unless value is true or false. */
export function checkBoolean(name: string | ErrorPlace, value: unknown): boolean {
  if (typeof value !== 'boolean') throw typeError(name, 'true or false', show(value))
  return value
}

function checked(
  name: string | ErrorPlace,
  value: unknown,
  kind: string,
  isKind: (value: number) => boolean,
  bounds: Bounds,
): number {
  const { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity } = bounds
  if (typeof value === 'number' && isKind(value) && value >= min && value > above) {
    if (value <= max && value < below) return value
  }
  const limits = [
    min > -Infinity ? `>= ${min}` : '',
    above > -Infinity ? `> ${above}` : '',
    max < Infinity ? `<= ${max}` : '',
    below < Infinity ? `< ${below}` : '',
  ].filter((bound) => bound !== '')
  const expected = [kind, limits.join(' and ')].filter((part) => part !== '').join(' ')
  const Kind = typeof value === 'number' ? RangeError : TypeError
  throw argumentError(Kind, name, expected, show(value))
}
