/** Errors that know what can be done, in options of the library; the command line names its own in their place. */
import { rangeError, type ErrorPlace, type Remedy } from './argument-error.js'

/**
 * The error of data that an option would let pass:
 * `line 7, column age: expected …, got …; missingValues: ['unknown'] takes it for missing`.
 */
export function remediableError(
  where: string | ErrorPlace,
  expected: string,
  got: string | number,
  remedies: readonly Remedy[],
): RangeError {
  return rangeError(where, expected, got, { remedies: remedies.map(spoken) })
}

/** The same remedy, which says itself in a message: as it is written in JavaScript. */
function spoken(remedy: Remedy): Remedy {
  return Object.defineProperty({ ...remedy }, 'toString', { value: () => written(remedy) })
}

function written({ option, value, entry, effect }: Remedy): string {
  if (entry !== undefined) return `${option}: ${String(value)}, of ${entry}, ${effect}`
  return value === undefined ? `${option} ${effect}` : `${option}: ${literal(value)} ${effect}`
}

/** A value as it is written in JavaScript. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? `'${value.replace(/['\\]/g, String.raw`\$&`)}'` : String(value)
  }
  const entries = Object.entries(value).map(
    ([name, inner]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name)}: ${literal(inner)}`,
  )
  return `{ ${entries.join(', ')} }`
}
