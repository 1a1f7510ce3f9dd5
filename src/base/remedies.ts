/** Errors that know what can be done about them, in options of the library; the command line names its own in their place. */
import { isError } from './thrown.js'

/** An option that helps, and what comes of it. */
export interface Remedy {
  /** of the library */
  readonly option: string
  /** what the option is to be, in the words of JSON; undefined where that is for the reader to say */
  readonly value?: unknown
  /** the column that the option is about, where its value does not say so */
  readonly column?: string
  /** what comes of it: `takes it for missing` */
  readonly effect: string
}

/** An error of data that an option would let pass: `line 7, column age: expected …, got …; missingValues: ["unknown"] takes it for missing`. */
export class RemediableError extends RangeError {
  /** what is wrong, without what helps */
  readonly fact: string
  readonly remedies: readonly Remedy[]

  constructor(fact: string, remedies: readonly Remedy[], options?: ErrorOptions) {
    super(`${fact}; ${remedies.map(describe).join(', ')}`, options)
    this.fact = fact
    this.remedies = remedies
  }
}

/** Whether an error is one, also of another bundle that has the class too. */
export function isRemediable(error: unknown): error is RemediableError {
  return isError(error) && 'fact' in error && 'remedies' in error
}

function describe({ option, value, effect }: Remedy): string {
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
