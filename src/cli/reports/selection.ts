/** The output of `deltaprop search`, `deltaprop cross-validate`, and `deltaprop merge` of their parts. */
import type { Part } from '../../selection/parts.js'
import { metricsText, searchText } from '../../selection/result-tables.js'
import type { SearchOptions, SelectionOptions } from '../commands/selection-options.js'
import { shellQuoted } from '../errors.js'
import { showFile } from '../files.js'
import { bytes, count, counted } from '../format-numbers.js'
import { asWords, optionsWithout } from '../given-options.js'
import { print } from '../output.js'
import type { PartData } from '../parts/part-file.js'
import { foldsOf, scoreOf, type SearchOutcome, type ValidationOutcome } from '../parts/results.js'
import { choiceOptions } from '../search-space.js'
import { clipped, field, printable } from '../terminal.js'

/** Options of search that train does not have, or that mean something else there. */
const ofSearch = ['try', 'trials', 'score', 'folds', 'holdout']

/** @param trials how many there are */
export function reportSearchPlan(data: PartData, trials: number, options: SearchOptions): void {
  reportData(data)
  const { holdout, seed } = options
  const by =
    holdout === undefined
      ? `in ${foldsOf(options)} folds`
      : `on ${count(Math.round(holdout * data.rows))} rows held out`
  print(
    field(
      'Search',
      `${counted(trials, 'trial')}, judged by ${printable(scoreOf(options))} ${by}, seed ${seed}`,
    ),
  )
}

export function reportValidationPlan(data: PartData, options: SelectionOptions): void {
  reportData(data)
  print(
    field(
      'Training',
      `${counted(foldsOf(options), 'fold')}, ${counted(options.epochs, 'epoch')} each, seed ${options.seed}`,
    ),
  )
}

function reportData({ file, rows, columns, notes }: PartData): void {
  print(field('Data', `${showFile(file)}: ${counted(rows, 'row')}, ${counted(columns, 'column')}`))
  for (const [i, note] of notes.entries()) print(field(i === 0 ? 'Note' : '', printable(note, Infinity)))
}

/** Prints the trials, best first. */
export function reportTrials({ trials, score, notes }: SearchOutcome): void {
  printTable(searchText(trials, score, notes))
}

/** Prints the best choice, and the command that trains it. */
export function reportBest(outcome: SearchOutcome, out: string | undefined): void {
  const command = trainCommand(outcome, out)
  if (command === undefined) return
  print()
  print(`${field('Best', `trial ${outcome.best?.trial}, on all rows:`)}\n\n${printable(command, Infinity)}`)
}

export function reportFolds({ metrics, folds, notes }: ValidationOutcome): void {
  const rows = folds.reduce((sum, fold) => sum + fold.rows, 0)
  printTable(metricsText(metrics, folds.length, rows, notes))
}

/** Lines that may contain texts of files. */
function printTable(text: string): void {
  print()
  print(
    clipped(
      text
        .split('\n')
        .map((line) => printable(line, Infinity))
        .join('\n'),
    ),
  )
}

export function reportSavedModel(out: string, size: number, isInterrupted: boolean): void {
  print()
  const how = isInterrupted ? ', what was trained so far' : ''
  print(field('Saved', `${showFile(out)}, ${bytes(size)}${how}`))
}

/** @param what how many trials or folds it has: `2 trials` */
export function reportPart({ index, of }: Part, what: string, file: string | undefined): void {
  print()
  const where = file === undefined ? '' : `${showFile(file)}, `
  print(field('Saved', `${where}part ${index} of ${of}: ${what}`))
}

/** The command that trains the best choice on all rows; undefined if there is none. */
export function trainCommand(
  { best, data, given, options }: SearchOutcome,
  out = 'model.safetensors',
): string | undefined {
  if (best === undefined) return undefined
  const shared = asWords(optionsWithout(given, ofSearch))
  const words = [
    data.file,
    ...shared,
    ...choiceOptions(options.try, best.choice),
    '--holdout',
    '0',
    '--out',
    out,
  ]
  return ['deltaprop', 'train', ...words.map(shellQuoted)].join(' ')
}

export function searchJSON(outcome: SearchOutcome, out: string | undefined): unknown {
  const { data, score, trials, best, notes } = outcome
  return {
    data,
    score,
    trials,
    best:
      best === undefined
        ? null
        : { trial: best.trial, choice: best.choice, command: trainCommand(outcome, out) },
    notes,
    ...(out === undefined ? {} : { out }),
  }
}

export function validationJSON({ data, folds, metrics, notes }: ValidationOutcome): unknown {
  return { data, folds, metrics, notes }
}
