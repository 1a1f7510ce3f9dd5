/** Formats numbers and columns for printing. */
import { alignColumns } from '../base/columns.js'

/** Four significant digits; integers in full. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4)
}

/** A fixed number of decimals; exponential notation for numbers that would have ten digits before the point. */
export function formatDecimals(value: number, decimals: number): string {
  return Math.abs(value) < 1e9 ? value.toFixed(decimals) : value.toExponential(3)
}

/** The number of decimals, from 0 to 6, that gives a number this many significant digits. */
export function decimalsFor(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return digits
  return Math.min(6, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))))
}

/**
 * Formats a table as lines, with columns of numbers aligned to the right.
 *
 * @param head a header row
 */
export function alignNumbers(rows: readonly (readonly string[])[], head: readonly string[] = []): string[] {
  const isNumber = (column: number): boolean =>
    rows.every((row) => row.length <= column || Number.isFinite(Number(row[column])))
  return alignColumns(head.length === 0 ? rows : [head, ...rows], isNumber)
}
