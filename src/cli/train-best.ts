/** Trains the best choice of a search on all rows, as `deltaprop train --holdout 0` does, and saves it. */
import { Model } from '../model/index.js'
import type { RecipeOptions } from './commands/selection-options.js'
import { learningSettings } from './commands/train-settings.js'
import { inFile, writeWhole } from './files.js'
import { reportSavedModel } from './reports/selection.js'
import { asData } from '../scoring/rows.js'
import { recipeOf, type SelectionTable } from './selection-table.js'
import { trainModel } from './train-model.js'

/** @param options with those of the best choice */
export async function trainBest(
  options: RecipeOptions,
  table: SelectionTable,
  out: string,
  isSilent: boolean,
): Promise<void> {
  const { rows, data } = table
  const model = await inFile(data.file, () => Model.create(asData(rows), recipeOf(options, table).model))
  const fit = { ...learningSettings(options), epochs: options.epochs }
  let size = 0
  const save = async (): Promise<void> => {
    const bytes = model.toBytes()
    size = bytes.length
    await writeWhole(out, bytes)
  }
  const { interruption } = await trainModel(model, rows, fit, out, () => undefined, save)
  if (interruption !== undefined) process.exitCode ??= interruption.exitCode
  if (!isSilent) reportSavedModel(out, size, interruption !== undefined)
}
