import { largest } from '../base/columns.js'
import { alignNumbers, decimalsFor, formatDecimals } from './format.js'
import type { Chosen } from './space.js'

const MAX_WIDTH = 120
const MAX_CELL = 24

interface Row {
  readonly trial: number
  readonly choice: unknown
  readonly score: number
  readonly deviation: number
  readonly epochs: number
  readonly seconds: number
  readonly error: string | undefined
}

/** One line per trial, in the order given, best first: its number, what was chosen, and its score or why it failed. */
export function searchTable(trials: readonly Row[], score: string): string {
  const names = Array.from(new Set(trials.flatMap(({ choice }) => Object.keys(choice as Chosen))))
  const hasDeviation = trials.some(({ deviation }) => !Number.isNaN(deviation))
  const head = ['trial', ...names, score, ...(hasDeviation ? ['±'] : []), 'epochs', 'seconds']
  const decimals = decimalsFor(trials[0].score, 4)
  const secondDecimals = decimalsFor(largest(trials.map(({ seconds }) => seconds)), 3)
  const rows = trials.map(({ trial, choice, error, ...numbers }) => {
    const cells = [String(trial), ...names.map((name) => showValue((choice as Chosen)[name]))]
    if (error !== undefined) return cells
    return [
      ...cells,
      formatDecimals(numbers.score, decimals),
      ...(hasDeviation ? [formatDecimals(numbers.deviation, decimals)] : []),
      numbers.epochs.toFixed(trials.every(({ epochs }) => !(epochs % 1 > 0)) ? 0 : 1),
      numbers.seconds.toFixed(secondDecimals),
    ]
  })
  const [first, ...lines] = alignNumbers(rows, head)
  // Errors do not affect column widths.
  const failures = trials.map(({ error }) => (error === undefined ? '' : `  failed: ${error}`))
  return [first, ...lines.map((line, i) => line + failures[i])]
    .map((line) => shorten(line, MAX_WIDTH))
    .join('\n')
}

function showValue(value: unknown): string {
  if (typeof value === 'string') return shorten(value, MAX_CELL)
  if (typeof value === 'function') return value.name === '' ? 'a function' : shorten(value.name, MAX_CELL)
  if (typeof value === 'object' && value !== null && 'type' in value) return showValue(value.type)
  const text: string | undefined = JSON.stringify(value)
  return shorten(text.replaceAll('"', '').replaceAll(',', ', '), MAX_CELL)
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
