/**
 * Errors that know how to fix the problem, in terms of the library's options; the command line substitutes its own.
 */
import { rangeError, type ErrorPlace, type Remedy } from './argument-error.js'

/**
 * The error for data that an option would make acceptable: `line 7, column age: expected …, got …; missingValues:
 * ['unknown'] takes it for missing`.
 */
export function remediableError(
  where: string | ErrorPlace,
  expected: string,
  got: string | number,
  remedies: readonly Remedy[],
): RangeError {
  return rangeError(where, expected, got, { remedies: remedies.map(spoken) })
}

/** A remedy with a toString for messages, written as in JavaScript. */
export function spoken(remedy: Remedy): Remedy {
  return Object.defineProperty({ ...remedy }, 'toString', { value: () => written(remedy) })
}

function written({ option, value, entry, effect }: Remedy): string {
  if (entry !== undefined) return `${option}: ${String(value)}, of ${entry}, ${effect}`
  return value === undefined ? `${option} ${effect}` : `${option}: ${literal(value)} ${effect}`
}

/** A value as a JavaScript literal. */
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
