/** `deltaprop cross-validate`: how well a model does on rows of a table that it has not seen. */
import type { Command } from 'commander'
import { judgeFolds, sharesOf, type NumberedFold } from '../../selection/parts.js'
import { prepareFits } from '../../selection/prepare.js'
import { commandMessage } from '../errors.js'
import { inFile } from '../files.js'
import { counted } from '../format-numbers.js'
import { optionsWithout, recordOptions } from '../given-options.js'
import { checkFiles, writtenFiles } from '../named-files.js'
import { continueWithoutOutput, printJSON } from '../output.js'
import { savePart, writePart, type ValidationPart } from '../parts/part-file.js'
import { foldsOf, validationOutcome, WHOLE } from '../parts/results.js'
import { reportFolds, reportPart, reportValidationPlan, validationJSON } from '../reports/selection.js'
import { asData } from '../../scoring/rows.js'
import { readTable, recipeOf, type SelectionTable } from '../selection-table.js'
import { colors } from '../terminal.js'
import { watchFits } from '../watch-fits.js'
import {
  addValidationOptions,
  checkSelection,
  indifferent,
  type SelectionOptions,
} from './selection-options.js'
import { checkRequired } from './train-options.js'
import { inOptions } from './train-settings.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop cross-validate iris.csv --target species --hidden 8
  deltaprop cross-validate houses.csv --target price --folds 10 \\
    --part 0/2 --out-part part-0.json

Each metric is the mean over the folds, and its deviation. The result follows
from the rows and the options, whatever --parallel and the number of parts.`

export function addCrossValidate(program: Command): void {
  const command = program
    .command('cross-validate')
    .summary('measure what options of train are worth on a table')
    .description(
      'Trains on all folds of a table but one, tests on that one, in turn, and prints the mean metrics.',
    )
    .argument('<data>', 'CSV or JSON lines, packed by gzip or not; - for standard input')
    .addHelpText('after', EXAMPLES)
  addValidationOptions(command)
  const given = recordOptions(command)
  command.action((path: string, options: SelectionOptions) =>
    validate(path, options, command, optionsWithout(given(), indifferent)),
  )
}

async function validate(
  path: string,
  options: SelectionOptions,
  command: Command,
  given: readonly string[],
): Promise<void> {
  checkRequired(command, ['target'])
  checkSelection(options)
  const { outPart, json = false, part = WHOLE } = options
  if (outPart !== undefined) continueWithoutOutput()
  await checkFiles([['the data', path]], writtenFiles({ '--out-part': outPart }))
  const table = await readTable(path, options)
  const done = await runFolds(table, options, command)
  if (done === undefined) return
  const { folds, notes } = done
  const { data } = table
  const found: ValidationPart = {
    ...{ part: part.index, of: part.of, data, options: given, notes },
    command: 'cross-validate',
    folds,
  }
  if (outPart !== undefined) await savePart(outPart, found)
  if (json) {
    printJSON(
      options.part === undefined ? validationJSON(validationOutcome([found], options)) : writePart(found),
    )
    return
  }
  if (folds.length > 0) reportFolds(validationOutcome([found], options))
  if (options.part !== undefined) reportPart(part, counted(folds.length, 'fold'), outPart)
}

/**
 * Trains the folds of the part.
 *
 * @returns undefined if a signal ended it
 * @throws Error that names the file or an option, before any training; or the fold that failed
 */
async function runFolds(
  table: SelectionTable,
  options: SelectionOptions,
  command: Command,
): Promise<{ folds: readonly NumberedFold[]; notes: readonly string[] } | undefined> {
  const { part = WHOLE, seed, parallel, json = false } = options
  const { data, rows } = table
  return await watchFits(async (signal, start) => {
    const folds = foldsOf(options)
    const given = { ...recipeOf(options, table), seed, parallel, signal }
    const prepared = await inFile(data.file, () =>
      inOptions(command, () => prepareFits(asData(rows), given, [given], { folds })),
    )
    if (!json) reportValidationPlan(data, options)
    const total = sharesOf(part, folds).length
    const advance = start(total)
    let done = 0
    const judged = await judgeFolds(prepared, { part, parallel, message: commandMessage }, () => {
      done += 1
      advance(`fold ${done}/${total}`)
    })
    return { folds: judged, notes: prepared.notes }
  })
}
