/** Columns that are texts because of a few values among numbers: a typo, a unit, a mark for what is missing. */
import { show, showName } from '../check.js'
import { isTable, type Rows } from './rows.js'

/**
 * @param names of the columns that are looked at
 * @param texts columns that are said to be texts
 * @throws RangeError that names the first value which is no number, in a column of texts most of which are
 */
export function checkTexts(rows: Rows, names: ReadonlySet<string>, texts: readonly string[]): void {
  if (!isTable(rows)) return
  for (const { name, kind, values } of rows.columns) {
    if (kind === 'number' || !names.has(name) || texts.includes(name)) continue
    const numbers = values.filter(isNumber).length
    if (2 * numbers <= values.length) continue
    const row = values.findIndex((value) => !isNumber(value))
    if (row < 0) continue
    const place = `row ${row + 1}, column ${showName(name)}`
    throw new RangeError(
      `${place}: expected a number, as in ${numbers} of ${values.length} rows, got ${show(values[row])}; --texts ${showName(name)} takes all as texts`,
    )
  }
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && !Number.isNaN(Number(text))
}
