import { showName } from '../base/check.js'
import type { Selectable } from './selectable.js'

/** Notes on classes with too few rows for every fold, or for both sides of a division, to have one. */
export function classNotes({ classes = [] }: Selectable, folds: number): string[] {
  return classes.flatMap(({ name, rows }) => {
    if (rows >= Math.max(2, folds)) return []
    const count = rows === 1 ? '1 row' : `${rows} rows`
    const why = folds > 1 ? `fewer than the ${folds} folds` : 'too few to train with and to be judged by'
    return [`class ${showName(name)} has ${count}, ${why}`]
  })
}
