/** Formats fields of CSV, some of which spreadsheets would read as formulas. */

/** Text that begins like a formula, after anything that spreadsheets skip; some of them accept full-width signs. */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}"]*[=+\-@＝＋－＠]|\p{Cc})/u

const NUMBER = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?$/i

/** Whether a spreadsheet may evaluate or execute a text instead of showing it. */
export function isFormula(text: string): boolean {
  return FORMULA.test(text) && !NUMBER.test(text)
}

/**
 * Returns a function that formats texts as CSV fields, quoted if necessary. CSV is read by programs, which should get
 * the text unchanged: formulas are turned into text, by an apostrophe, only on request.
 *
 * @param escapes whether to turn formulas into text
 * @param warn called once, for the first formula left as it is
 * @param shown replaces what the destination must not get: a terminal, control characters
 */
export function csvFields(
  delimiter: string,
  escapes: boolean,
  warn: (formula: string) => void,
  shown: (text: string) => string = (text) => text,
): (text: string) => string {
  let hasWarned = false
  return (text) => {
    if (!isFormula(text)) return csvQuoted(shown(text), delimiter)
    if (escapes) return inQuotes(`'${shown(text)}`)
    if (!hasWarned) warn(text)
    hasWarned = true
    return csvQuoted(shown(text), delimiter)
  }
}

function csvQuoted(field: string, delimiter: string): string {
  return /["\r\n]/.test(field) || field.includes(delimiter) ? inQuotes(field) : field
}

/** A quoted field. */
export function inQuotes(field: string): string {
  return `"${field.replaceAll('"', '""')}"`
}
