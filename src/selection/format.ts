/** Numbers and columns, as they are printed. */
import { alignColumns } from '../base/columns.js'

/** Four significant digits; whole numbers as they are. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4)
}

/** With so many decimals; numbers that would take ten digits before them with an exponent. */
export function formatDecimals(value: number, decimals: number): string {
  return Math.abs(value) < 1e9 ? value.toFixed(decimals) : value.toExponential(3)
}

/** Decimals with which a number has so many significant digits, from 0 to 6. */
export function decimalsFor(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return digits
  return Math.min(6, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))))
}

/**
 * A table as lines: columns of numbers are aligned to the right.
 *
 * @param head a row above them
 */
export function alignNumbers(rows: readonly (readonly string[])[], head: readonly string[] = []): string[] {
  const isNumber = (column: number): boolean =>
    rows.every((row) => row.length <= column || Number.isFinite(Number(row[column])))
  return alignColumns(head.length === 0 ? rows : [head, ...rows], isNumber)
}
