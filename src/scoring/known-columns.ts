/** Which columns of a file a model reads, and how. */
import { isCategorical, isLabel, type ModelColumn } from '../model/column.js'
import type { RecordOptions } from './json-table.js'

/** How to read the data columns that a model knows; the others are not read. */
export function knownColumns(
  ...known: readonly (readonly ModelColumn[])[]
): Pick<RecordOptions, 'columns' | 'kinds'> {
  const columns = new Map(known.flat().map((column) => [column.name, column]))
  return {
    columns: (names) => names.filter((name) => columns.has(name)),
    kinds(name) {
      const column = columns.get(name)
      return column !== undefined && isNumber(column) ? 'number' : 'text'
    },
  }
}

/** Whether a value read from a file stands for a missing one; an empty text is a category if the model knows it. */
export function isMissingIn(column: ModelColumn, value: unknown): boolean {
  if (value === '') return !(isCategorical(column) && column.categories.includes(''))
  return value === null || Number.isNaN(value)
}

function isNumber(column: ModelColumn): boolean {
  return isLabel(column) ? typeof column.labels[0] === 'number' : column.kind === 'number'
}
