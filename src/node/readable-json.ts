/**
 * JSON for people: indented, except that an innermost array or object, such as a row of weights, is one line.
 *
 * @param value as JSON.parse gives it
 */
export function readableJSON(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null || isFlat(value)) return JSON.stringify(value)
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const entries = Array.isArray(value)
    ? value.map((entry) => readableJSON(entry, inner))
    : Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}: ${readableJSON(entry, inner)}`)
  return `${open}\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}${close}`
}

/** Whether it contains no array or object. */
function isFlat(value: object): boolean {
  return Object.values(value).every((entry) => typeof entry !== 'object' || entry === null)
}
