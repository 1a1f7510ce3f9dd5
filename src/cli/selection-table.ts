/** The table of a search or a cross-validation, and what is made of it. */
import { rangeError } from '../base/argument-error.js'
import type { ModelOptions } from '../model/index.js'
import type { ModelRecipe } from '../selection/index.js'
import type { RecipeOptions, SearchOptions } from './commands/selection-options.js'
import { learningSettings, modelOptions } from './commands/train-settings.js'
import { digestOf } from './data-digest.js'
import { inFile } from './files.js'
import type { PartData } from './parts/part-file.js'
import { readUsed, targetClasses, type TrainingTable } from './training-table.js'

export interface SelectionTable extends TrainingTable {
  readonly data: PartData
  /** whether the target is of classes */
  readonly isClasses: boolean
}

/** @throws Error that names the file, or an option */
export async function readTable(path: string, options: RecipeOptions): Promise<SelectionTable> {
  const { rows, columns } = await readUsed(path, options)
  const classes = await inFile(path, () => targetClasses(rows, columns, options.task))
  const data = {
    file: path,
    rows: rows.rows,
    columns: rows.columns.length,
    notes: rows.notes ?? [],
    digest: digestOf(rows),
  }
  return { rows, columns, data, isClasses: classes !== undefined }
}

/** @throws RangeError unless the part held out leaves rows on both sides */
export function checkHoldout({ holdout }: Pick<SearchOptions, 'holdout'>, rows: number): void {
  if (holdout === undefined) return
  const count = Math.round(holdout * rows)
  if (count > 0 && count < rows) return
  throw rangeError('--holdout', 'a fraction that leaves rows on both sides', `${holdout} of ${rows}`)
}

/** The model that options of train make of the table, and how they train it. */
export function recipeOf(options: RecipeOptions, { columns, isClasses }: SelectionTable): ModelRecipe {
  // Of files whose columns have no kinds, nothing else says that folds are to have their share of each class.
  const task: Pick<ModelOptions, 'task'> = isClasses ? { task: 'classification' } : {}
  return { model: { ...modelOptions(options, columns), ...task }, fit: learningSettings(options) }
}
