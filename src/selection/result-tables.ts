/** The results of a cross-validation or a search as text. */
import { alignColumns, largest } from '../base/columns.js'
import type { Estimate } from './estimate.js'
import type { Chosen } from './space.js'

const MAX_WIDTH = 120
const MAX_CELL = 24

interface TrialRow {
  readonly trial: number
  readonly choice: unknown
  readonly score: number
  readonly deviation: number
  readonly epochs: number
  readonly seconds: number
  readonly error: string | undefined
}

/** A table of at least one trial, in the order given, and a line for each note. */
export function searchText(trials: readonly TrialRow[], score: string, notes: readonly string[]): string {
  return withNotes(searchTable(trials, score), notes)
}

/** One line per trial, in the order given, best first: its number, what was chosen, and its score or why it failed. */
export function searchTable(trials: readonly TrialRow[], score: string): string {
  const names = Array.from(new Set(trials.flatMap(({ choice }) => Object.keys(choice as Chosen))))
  const hasDeviation = trials.some(({ deviation }) => !Number.isNaN(deviation))
  const head = ['trial', ...names, score, ...(hasDeviation ? ['±'] : []), 'epochs', 'seconds']
  const decimals = decimalsFor(trials[0].score, 4)
  const secondDecimals = decimalsFor(largest(trials.map(({ seconds }) => seconds)), 3)
  const rows = trials.map(({ trial, choice, error, ...numbers }) => {
    const cells = [String(trial), ...names.map((name) => showChoice((choice as Chosen)[name]))]
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

/** The number of folds and rows, one line per metric: `accuracy  0.9667 ± 0.02357`, and one for each note. */
export function metricsText(
  metrics: Readonly<Record<string, Estimate>>,
  folds: number,
  rows: number,
  notes: readonly string[],
): string {
  const lines = Object.entries(metrics).map(([name, { mean, deviation }]) => [
    name,
    formatNumber(mean),
    `± ${formatNumber(deviation)}`,
  ])
  return withNotes([`${folds} folds of ${rows} rows`, ...alignNumbers(lines)].join('\n'), notes)
}

function withNotes(text: string, notes: readonly string[]): string {
  return [text, ...notes.map((note) => `note: ${note}`)].join('\n')
}

function showChoice(value: unknown): string {
  if (typeof value === 'string') return shorten(value, MAX_CELL)
  if (typeof value === 'function') return value.name === '' ? 'a function' : shorten(value.name, MAX_CELL)
  if (typeof value === 'object' && value !== null && 'type' in value) return showChoice(value.type)
  const text: string | undefined = JSON.stringify(value)
  return shorten(text.replaceAll('"', '').replaceAll(',', ', '), MAX_CELL)
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

/** Four significant digits; integers in full. */
function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4)
}

/** A fixed number of decimals; exponential notation for numbers that would have ten digits before the point. */
function formatDecimals(value: number, decimals: number): string {
  return Math.abs(value) < 1e9 ? value.toFixed(decimals) : value.toExponential(3)
}

/** The number of decimals, from 0 to 6, that gives a number this many significant digits. */
function decimalsFor(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return digits
  return Math.min(6, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))))
}

/**
 * Formats a table as lines, with columns of numbers aligned to the right.
 *
 * @param head a header row
 */
function alignNumbers(rows: readonly (readonly string[])[], head: readonly string[] = []): string[] {
  const isNumber = (column: number): boolean =>
    rows.every((row) => row.length <= column || Number.isFinite(Number(row[column])))
  return alignColumns(head.length === 0 ? rows : [head, ...rows], isNumber)
}
