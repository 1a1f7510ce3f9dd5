/** `deltaprop merge`: joins the parts of a search or a cross-validation to the result of the whole. */
import type { Command } from 'commander'
import { rangeError } from '../../base/argument-error.js'
import { NamedError } from '../../node/files.js'
import { inFile, showFile } from '../files.js'
import { finishSearch } from '../finish-search.js'
import { checkFiles, writtenFiles, type NamedFile } from '../named-files.js'
import { continueWithoutOutput, printJSON } from '../output.js'
import { checkAlike, checkShares, listParts, missingParts, type FoundPart } from '../parts/check-parts.js'
import { readPartFile, type AnyPart, type SearchPart, type ValidationPart } from '../parts/part-file.js'
import { foldsOf, searchOutcome, validationOutcome } from '../parts/results.js'
import { readSearchOptions, readValidationOptions } from '../parts/saved-options.js'
import { reportFolds, reportSearchPlan, reportValidationPlan, validationJSON } from '../reports/selection.js'
import { choicesOf } from '../search-space.js'
import { readTable, type SelectionTable } from '../selection-table.js'
import { colors } from '../terminal.js'
import type { SearchOptions } from './selection-options.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop merge part-*.json
  deltaprop merge part-*.json --data iris.csv --out iris.safetensors

Prints what the whole would have printed, to the bit, but for the seconds. Parts
are refused that are of other data, options or versions of deltaprop, that are
there twice, and that are missing.`

interface MergeOptions {
  readonly data?: string
  readonly out?: string
  readonly partial?: boolean
  readonly json?: boolean
}

export function addMerge(program: Command): void {
  program
    .command('merge')
    .summary('join the parts of a search or a cross-validation')
    .description('Joins the parts of a search or a cross-validation, and prints the result of the whole.')
    .argument('<parts...>', 'files of --part, in any order')
    .option('--data <file>', 'the data of a search, to train its best choice on')
    .option('-o, --out <file>', 'with --data: where the model is saved')
    .option('--partial', 'does without the parts that are missing')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(merge)
}

async function merge(paths: readonly string[], options: MergeOptions): Promise<void> {
  const { data, out } = options
  if ((data === undefined) !== (out === undefined)) {
    throw data === undefined
      ? rangeError('--out', '--data beside it')
      : rangeError('--data', '--out beside it')
  }
  const read = paths.map((path, i): NamedFile => [`file ${i + 1}`, path])
  if (data !== undefined) read.push(['--data', data])
  if (out !== undefined) continueWithoutOutput()
  await checkFiles(read, writtenFiles({ '--out': out }))
  const found: FoundPart[] = []
  for (const path of paths) found.push({ path, part: await readPartFile(path) })
  const parts = checkAlike(found)
  const missing = missingParts(parts, options.partial === true)
  const which = `without part${missing.length > 1 ? 's' : ''} ${listParts(missing)} of ${parts[0].part.of}`
  const notes = missing.length === 0 ? [] : [which]
  if (isOf('search', parts)) await mergeSearch(parts, notes, options)
  else if (isOf('cross-validate', parts)) await mergeValidation(parts, notes, options)
}

/** checkAlike has checked that all are as the first. */
function isOf<Name extends AnyPart['command']>(
  command: Name,
  parts: readonly FoundPart[],
): parts is readonly FoundPart<Extract<AnyPart, { command: Name }>>[] {
  return parts.every(({ part }) => part.command === command)
}

async function mergeSearch(
  found: readonly FoundPart<SearchPart>[],
  notes: readonly string[],
  { data, out, json = false }: MergeOptions,
): Promise<void> {
  const [first] = found
  const options = await inFile(first.path, () => readSearchOptions(first.part.options))
  const choices = await inFile(first.path, () => choicesOf(options.try, options.trials, options.seed))
  for (const each of found) checkTrials(each, choices.length, foldsOf(options))
  checkAny(found.some(({ part }) => part.trials.length > 0))
  const table = data === undefined ? undefined : await readSame(data, options, first)
  if (!json) reportSearchPlan(first.part.data, choices.length, options)
  const parts = found.map(({ part }) => part)
  await finishSearch(searchOutcome(parts, options, notes), table, out, json)
}

async function mergeValidation(
  found: readonly FoundPart<ValidationPart>[],
  notes: readonly string[],
  { data, json = false }: MergeOptions,
): Promise<void> {
  const [{ path, part }] = found
  if (data !== undefined) throw rangeError('--data', 'parts of a search beside it', `a ${part.command}`)
  const options = await inFile(path, () => readValidationOptions(part.options))
  for (const each of found) {
    const numbers = each.part.folds.map(({ fold }) => fold)
    checkShares(each, 'folds', numbers, foldsOf(options))
  }
  checkAny(found.some((each) => each.part.folds.length > 0))
  const outcome = validationOutcome(
    found.map((each) => each.part),
    options,
    notes,
  )
  if (json) {
    printJSON(validationJSON(outcome))
    return
  }
  reportValidationPlan(part.data, options)
  reportFolds(outcome)
}

/** @throws NamedError unless the part has all its trials, and each trial that did not fail all its folds */
function checkTrials(found: FoundPart<SearchPart>, total: number, folds: number): void {
  const { path, part } = found
  checkShares(
    found,
    'trials',
    part.trials.map(({ trial }) => trial - 1),
    total,
  )
  for (const [i, trial] of part.trials.entries()) {
    if (trial.failure !== undefined || trial.folds.length === folds) continue
    throw new NamedError(
      showFile(path),
      rangeError(`part.trials[${i}].folds`, `${folds}`, trial.folds.length),
    )
  }
}

/** @throws RangeError if there is nothing to sum up: only parts beyond the last trial or fold are there */
function checkAny(isAny: boolean): void {
  if (!isAny) throw rangeError('parts', 'at least one that is not empty', 'none')
}

/** Reads the data of the parts again. @throws NamedError if it is not the same */
async function readSame(
  path: string,
  options: SearchOptions,
  { path: partPath, part }: FoundPart,
): Promise<SelectionTable> {
  const table = await readTable(path, options)
  const { digest } = table.data
  if (digest === part.data.digest) return table
  const expected = `the data of ${showFile(partPath)}, with digest ${part.data.digest}`
  throw new NamedError(showFile(path), rangeError({}, expected, `others, with digest ${digest}`))
}
