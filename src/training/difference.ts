import { rangeError } from '../base/argument-error.js'
import { show } from '../base/check.js'

/**
 * What is there must be what is here, both as JSON has them.
 *
 * @throws RangeError that names the first entry that differs
 */
export function checkSame(name: string, here: unknown, there: unknown): void {
  if (isObject(here) && isObject(there)) {
    for (const key of new Set([...Object.keys(here), ...Object.keys(there)])) {
      const path = Array.isArray(here) ? `${name}[${key}]` : `${name}.${key}`
      checkSame(path, own(here, key), own(there, key))
    }
  } else if (!Object.is(here, there)) {
    throw rangeError(name, `${show(here)} as here`, show(there))
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined
}
