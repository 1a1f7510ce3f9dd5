/** What a checkpoint says of the training that wrote it, compared with the one that resumes. */
import { rangeError } from '../base/argument-error.js'
import { isObject, show } from '../base/check.js'

/** A value as JSON has it. */
export function asJSON(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

/** The options that a file was written with, and the fingerprints of the data, if it has them. */
export function splitOptions(options: unknown): { readonly basis: unknown; readonly data: unknown } {
  if (!isObject(options) || !Object.hasOwn(options, 'data')) {
    return { basis: options, data: undefined }
  }
  const { data, ...basis } = options as { readonly data: unknown }
  return { basis, data }
}

/**
 * Compares a saved value with the current one, both as JSON has them.
 *
 * @throws RangeError that names the first entry that differs
 */
export function checkSame(name: string, current: unknown, saved: unknown): void {
  if (isObject(current) && isObject(saved)) {
    for (const key of new Set([...Object.keys(current), ...Object.keys(saved)])) {
      const path = Array.isArray(current) ? `${name}[${key}]` : `${name}.${key}`
      checkSame(path, own(current, key), own(saved, key))
    }
  } else if (!Object.is(current, saved)) {
    throw rangeError(name, `${show(current)} as here`, show(saved))
  }
}

function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined
}
