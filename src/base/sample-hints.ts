/** Guesses what data unsuitable for a network was meant to be. Evaluated only when an error is built from it. */
import { tagOf, typedArrayTag } from './check.js'

/**
 * `JSON.parse reads it`: how to get numbers from a value that is not numbers and contains none as it is; '' if that
 * is not known.
 *
 * @param isPart whether it is part of an array, where text or nothing at all is a missing value, or is meant for a
 *   model
 */
export function hintFor(value: unknown, isPart: boolean): string {
  return hintOf(value, isPart) ?? ''
}

const missing = 'a missing value: leave its sample out, or put a number in its place'
const toNumber = 'Number(…) makes a number of it'
const named = 'values with names are for Model of deltaprop/model'

function hintOf(value: unknown, isPart: boolean): string | undefined {
  if (typeof value === 'string') return ofText(value.trim(), isPart)
  if (typeof value === 'bigint' || typeof value === 'boolean') return toNumber
  if (typeof value === 'function') return 'call it and pass what it returns'
  if (typeof value === 'object' && value !== null) return ofObject(value)
  if (typeof value === 'number') return isPart ? undefined : 'such as [1, 2]'
  return isPart ? missing : undefined
}

function ofText(text: string, isPart: boolean): string | undefined {
  const isNumber = (part: string): boolean => part !== '' && Number.isFinite(Number(part))
  if (isNumber(text)) return toNumber
  if (/^[[{]/.test(text)) return 'JSON.parse(…) reads it'
  const between = /[,;\s]/.exec(text)?.[0] ?? ','
  const parts = text.split(between).map((part) => part.trim())
  if (parts.length > 1 && parts.every(isNumber))
    return `split(${JSON.stringify(between)}) and map(Number) make a row of it`
  if (!isPart) return undefined
  return text === '' ? missing : 'texts are for Model of deltaprop/model'
}

function ofObject(value: object): string {
  const parts = value as Readonly<Record<string, unknown>>
  const held = ['x', 'dataSync', 'data', 'then'].find((name) => holds(parts[name]))
  if (held === 'then') return tagOf(value) === 'Promise' ? '' : 'await it'
  if (held !== undefined) return `its ${held}${held === 'dataSync' ? '()' : ''} has the numbers`
  if (typedArrayTag(value)?.startsWith('Big') === true)
    return 'Float64Array.from(…, Number) makes numbers of it'
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'flat() takes a level of arrays away'
  if (tagOf(value) === 'Date') return toNumber
  if (tagOf(value) === 'ArrayBuffer') return 'new Float32Array(…) reads numbers from it'
  // A typed array after a round trip through JSON.
  if ('0' in value) return 'Object.values(…) makes an array of it'
  return Symbol.iterator in value ? 'Array.from(…) makes an array of it' : named
}

/** Whether it contains numbers, or returns some. */
function holds(part: unknown): boolean {
  return typeof part === 'function' || Array.isArray(part) || ArrayBuffer.isView(part)
}

/** The likely reason why rows are too short or too long: they are columns, or together they are one sample. */
export function hintForWidth(name: string, rows: readonly unknown[], columns: number): string {
  const widths = new Set(rows.map((row) => (row as ArrayLike<unknown>).length))
  const [width] = widths
  if (widths.size > 1) return ''
  if (rows.length === columns) return `${name} seems to be transposed: each sample is a row`
  return rows.length * width === columns ? 'flat() makes one sample of all rows' : ''
}

/** How to get rows from something nested one level too deep; for other values as hintFor. */
export function hintForRow(name: string, row: unknown, columns: number): string {
  if (!Array.isArray(row)) return hintFor(row, true)
  const isTooDeep = (row[0] as ArrayLike<unknown>).length === columns
  return isTooDeep
    ? `${name}.flat() has a row for each sample`
    : `${name}.map((sample) => sample.flat(Infinity)) makes a row of each`
}
