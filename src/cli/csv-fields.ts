/** Fields of CSV, of which spreadsheets take some for formulas. */
import { isTerminal, printable } from './terminal.js'

/** What begins as formulas do, behind what spreadsheets pass over; full-width forms are signs to some of them. */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}"]*[=+\-@＝＋－＠]|\p{Cc})/u

const NUMBER = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?$/i

/** Whether a spreadsheet may calculate a text, or do what it says, where it is meant to be shown. */
export function isFormula(text: string): boolean {
  return FORMULA.test(text) && !NUMBER.test(text)
}

/**
 * What writes texts as fields of CSV, in quotes where they need them. CSV is for programs, to which a text is to be what it was: formulas
 * are made texts, by an apostrophe, only where that is asked for; and only a terminal is spared control characters.
 *
 * @param escapes whether formulas are made texts
 * @param tell what is called when one is not, once
 */
export function csvFields(
  delimiter: string,
  escapes: boolean,
  tell: (formula: string) => void,
): (text: string) => string {
  const isShown = isTerminal(process.stdout)
  let isTold = false
  return (text) => {
    const shown = isShown ? printable(text, Infinity) : text
    if (!isFormula(text)) return quoted(shown, delimiter)
    if (escapes) return enclosed(`'${shown}`)
    if (!isTold) tell(text)
    isTold = true
    return quoted(shown, delimiter)
  }
}

function quoted(field: string, delimiter: string): string {
  return /["\r\n]/.test(field) || field.includes(delimiter) ? enclosed(field) : field
}

/** A field in quotes. */
export function enclosed(field: string): string {
  return `"${field.replaceAll('"', '""')}"`
}
