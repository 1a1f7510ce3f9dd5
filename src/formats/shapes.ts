/** Reads plain data of a known shape from JSON; numbers that JSON lacks are texts there. */
import { typeError } from '../base/argument-error.js'
import { checkBoolean, checkInteger, checkKeys, checkName, checkObject, show } from '../base/check.js'
import type { Evaluation } from '../metrics/evaluate.js'
import { numberOfText } from './numbers.js'
import { evaluations } from './saved-metrics.js'

/** The shape of a value; keys that end in ? may be missing. */
export type Shape = 'number' | 'count' | 'boolean' | 'any' | 'metrics' | readonly [Shape] | Fields

/** The shape of an object. */
export interface Fields {
  readonly [key: string]: Shape
}

/** The shape of a T in which `Late` may be missing, as files have it that were written before these were. */
export type ShapeOf<T, Late extends keyof T = never> = T extends number
  ? 'number' | 'count'
  : T extends string
    ? 'any'
    : T extends readonly (infer Entry)[]
      ? readonly [ShapeOf<Entry>]
      : { readonly [Key in Exclude<keyof T, Late>]: ShapeOf<T[Key]> } & {
          readonly [Key in Late as `${Key & string}?`]: ShapeOf<T[Key]>
        }

/** @throws TypeError or RangeError unless the value has this shape, and nothing else */
export function readShape(name: string, value: unknown, shape: Shape): unknown {
  if (shape === 'any') return value
  if (shape === 'count') return checkInteger(name, value, { min: 0 })
  if (shape === 'boolean') return checkBoolean(name, value)
  if (shape === 'metrics') {
    const kinds = Object.keys(evaluations) as Evaluation['kind'][]
    const kind = checkName(`${name}.kind`, checkObject(name, value).kind, kinds)
    return readShape(name, value, evaluations[kind])
  }
  if (shape === 'number') {
    if (typeof value === 'number') return value
    const special = numberOfText(value)
    if (special !== undefined) return special
    throw typeError(name, 'a number', show(value))
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) throw typeError(name, 'an array', show(value))
    return value.map((entry: unknown, i) => readShape(`${name}[${i}]`, entry, shape[0]))
  }
  const keys = Object.keys(shape)
  const given = checkKeys(
    name,
    value,
    keys.map((key) => key.replace('?', '')),
  )
  const read: Record<string, unknown> = {}
  for (const key of keys) {
    const field = key.replace('?', '')
    if (key === field || Object.hasOwn(given, field)) {
      read[field] = readShape(`${name}.${field}`, given[field], shape[key])
    }
  }
  return read
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape)
}
