/** `deltaprop search`: tries options of a model on a table, and says which are best. */
import type { Command } from 'commander'
import { rangeError } from '../../base/argument-error.js'
import type { ModelRecipe } from '../../selection/index.js'
import { judgeTrials, sharesOf } from '../../selection/parts.js'
import { directionOf } from '../../selection/estimate.js'
import type { JudgedTrial } from '../../selection/judged.js'
import { prepareSearch, scoreTrial } from '../../selection/search.js'
import type { Chosen } from '../../selection/space.js'
import { commandMessage } from '../errors.js'
import { finishSearch } from '../finish-search.js'
import { inFile } from '../files.js'
import { counted, short } from '../format-numbers.js'
import { optionsWithout, recordOptions } from '../given-options.js'
import { checkFiles, writtenFiles } from '../named-files.js'
import { continueWithoutOutput, printJSON } from '../output.js'
import { savePart, writePart, type SearchPart } from '../parts/part-file.js'
import { searchOutcome, WHOLE } from '../parts/results.js'
import { reportPart, reportSearchPlan, reportTrials } from '../reports/selection.js'
import { asData } from '../../scoring/rows.js'
import { choicesOf, triableNames } from '../search-space.js'
import { checkHoldout, readTable, recipeOf, type SelectionTable } from '../selection-table.js'
import { colors } from '../terminal.js'
import { watchFits } from '../watch-fits.js'
import { addSearchOptions, checkSelection, indifferent, type SearchOptions } from './selection-options.js'
import { checkRequired } from './train-options.js'
import { inOptions } from './train-settings.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop search iris.csv --target species \\
    --try hidden=8/16/16,8 --try learning-rate=0.003/0.01 --score accuracy
  deltaprop search houses.csv --target price --try hidden=8..64 \\
    --try learning-rate=0.001..0.1 --trials 20 --out houses.safetensors
  deltaprop search houses.csv --target price --try epochs=50/100/200 \\
    --part 0/3 --out-part part-0.json

Options that can be tried, with values as for train:
  ${triableNames.slice(0, 8).join(', ')},
  ${triableNames.slice(8).join(', ')}
From a range, whole numbers are drawn for hidden (units of one layer), epochs,
batch-size and patience; for learning-rate, l1, l2 and max-gradient-norm, each
order of magnitude is equally likely. The result follows from the rows and the
options, whatever --parallel and the number of parts.`

export function addSearch(program: Command): void {
  const command = program
    .command('search')
    .summary('try options of train on a table, and rank them')
    .description('Tries options of train on a table, every combination or some at random, and ranks them.')
    .argument('<data>', 'CSV or JSON lines, packed by gzip or not; - for standard input')
    .addHelpText('after', EXAMPLES)
  addSearchOptions(command)
  const given = recordOptions(command)
  command.action((path: string, options: SearchOptions) =>
    search(path, options, command, optionsWithout(given(), indifferent)),
  )
}

async function search(
  path: string,
  options: SearchOptions,
  command: Command,
  given: readonly string[],
): Promise<void> {
  checkRequired(command, ['target', 'try'])
  checkSelection(options)
  checkTried(options, command)
  const { out, outPart, json = false, part = WHOLE } = options
  const choices = choicesOf(options.try, options.trials, options.seed)
  if (out !== undefined || outPart !== undefined) continueWithoutOutput()
  await checkFiles([['the data', path]], writtenFiles({ '--out': out, '--out-part': outPart }))
  const table = await readTable(path, options)
  checkHoldout(options, table.data.rows)
  const done = await runTrials(table, options, choices, command)
  if (done === undefined) return
  const { data } = table
  const found: SearchPart = {
    ...{ part: part.index, of: part.of, data, options: given, notes: done.notes },
    command: 'search',
    trials: done.trials,
  }
  if (options.part === undefined) {
    await finishSearch(searchOutcome([found], options), table, out, json)
    return
  }
  if (outPart !== undefined) await savePart(outPart, found)
  if (json) {
    printJSON(writePart(found))
    return
  }
  if (done.trials.length > 0) reportTrials(searchOutcome([found], options))
  reportPart(part, counted(done.trials.length, 'trial'), outPart)
}

/** @throws RangeError for an option that is tried, and has a value, too */
function checkTried({ try: tried }: SearchOptions, command: Command): void {
  for (const { name, key } of tried) {
    if (command.getOptionValueSource(key) !== 'cli') continue
    throw rangeError(`--${name}`, `none beside --try ${name}`)
  }
}

/**
 * Trains the trials of the part.
 *
 * @returns undefined if a signal ended it
 * @throws Error that names the file or an option, before any training
 */
async function runTrials(
  table: SelectionTable,
  options: SearchOptions,
  choices: readonly Chosen[],
  command: Command,
): Promise<{ trials: readonly JudgedTrial[]; notes: readonly string[] } | undefined> {
  const { part = WHOLE, folds, holdout, score, seed, parallel, json = false } = options
  const { data, rows } = table
  return await watchFits(async (signal, start) => {
    const build = (choice: Chosen): ModelRecipe => recipeOf({ ...options, ...choice }, table)
    const given = { build, folds, validation: holdout, score, seed, parallel, signal }
    const prepared = await inFile(data.file, () =>
      inOptions(command, () => prepareSearch(asData(rows), given, choices)),
    )
    if (!json) reportSearchPlan(data, choices.length, options)
    const total = sharesOf(part, choices.length).length
    const advance = start(total)
    const best = bestOf(prepared.metric)
    let done = 0
    const trials = await judgeTrials(prepared, { part, parallel, message: commandMessage }, (judged) => {
      done += 1
      const { score } = scoreTrial(choices[judged.trial - 1], judged, prepared.metric)
      advance(`trial ${done}/${total}  best ${prepared.metric} ${short(best(score))}`)
    })
    return { trials, notes: prepared.notes }
  })
}

/** Returns a function that takes scores, and returns the best so far; NaN before there is one. */
function bestOf(metric: string): (score: number) => number {
  const direction = directionOf(metric)
  let best = NaN
  return (score) => {
    if (!(direction * best >= direction * score) && !Number.isNaN(score)) best = score
    return best
  }
}
