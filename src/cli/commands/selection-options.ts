/** The options of `deltaprop search` and `deltaprop cross-validate`. */
import { Option, type Command } from 'commander'
import { rangeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import type { Part } from '../../selection/parts.js'
import { integer, number, numberOr } from '../arguments.js'
import { readTried, type Tried } from '../search-space.js'
import {
  learningOptions,
  networkOptions,
  tableOptions,
  targetOption,
  type LearningOptions,
  type NetworkOptions,
  type TableOptions,
} from './train-options.js'

/** What is trained, on what. */
export interface RecipeOptions extends TableOptions, NetworkOptions, LearningOptions {}

/** Options of both commands. */
export interface SelectionOptions extends RecipeOptions {
  readonly folds?: number
  readonly parallel: number | 'auto'
  readonly part?: Part
  readonly outPart?: string
  readonly json?: boolean
}

export interface SearchOptions extends SelectionOptions {
  readonly try: readonly Tried[]
  readonly trials?: number
  readonly holdout?: number
  readonly score?: string
  readonly out?: string
}

/** Options that change no result: parts may differ in them. */
export const indifferent: readonly string[] = ['parallel', 'part', 'out-part', 'out', 'json']

/** More parts are taken for a mistake. */
const MAX_PARTS = 100_000

export function addSearchOptions(command: Command): Command {
  command.addOption(targetOption())
  addAll(command, 'Search:', [
    new Option(
      '--try <option=values>',
      'values of an option of train, with / between them: hidden=8/16/16,8; with --trials a range, too: learning-rate=0.001..0.1. Once for each option; required',
    ).argParser(readTried),
    new Option('--trials <count>', 'so many choices at random, instead of every combination').argParser(
      integer('--trials', { min: 1, max: 100_000 }),
    ),
    new Option('--score <metric>', 'that ranks the trials, such as accuracy or r2; loss unless given'),
    foldsOption('each trial'),
    new Option('--holdout <fraction>', 'of the rows, to judge all trials by, instead of folds').argParser(
      number('--holdout', { above: 0, below: 1 }),
    ),
    parallelOption(),
  ])
  addRecipe(command)
  addAll(command, 'Output:', [
    new Option('-o, --out <file>', 'where a model is saved that the best choice is trained to, on all rows'),
    new Option('--json', 'print JSON'),
  ])
  return command
}

export function addValidationOptions(command: Command): Command {
  command.addOption(targetOption())
  addAll(command, 'Cross-validation:', [foldsOption('the network'), parallelOption()])
  addRecipe(command)
  addAll(command, 'Output:', [new Option('--json', 'print JSON')])
  return command
}

/** @throws RangeError for options that exclude or need one another */
export function checkSelection(options: SelectionOptions & Pick<SearchOptions, 'holdout' | 'out'>): void {
  const { folds, holdout, part, outPart, out, json } = options
  if (folds !== undefined && holdout !== undefined) throw rangeError('--folds', 'none beside --holdout')
  if (part === undefined && outPart !== undefined) throw rangeError('--out-part', '--part beside it')
  if (part !== undefined && outPart === undefined && json !== true) {
    throw rangeError('--part', '--out-part with a file, or --json, beside it')
  }
  if (part !== undefined && out !== undefined) {
    throw rangeError('--out', 'none beside --part', undefined, { hint: 'deltaprop merge has it' })
  }
}

function foldsOption(what: string): Option {
  return new Option(
    '--folds <count>',
    `of the rows: ${what} is trained on all but one and judged by that one, in turn; 5 unless given`,
  ).argParser(integer('--folds', { min: 2 }))
}

function parallelOption(): Option {
  return new Option(
    '--parallel <count>',
    'how many fits run at once, with the same results; auto: as many as there are cores',
  )
    .argParser(numberOr('--parallel', ['auto'], integer('--parallel', { min: 1, max: 64 })))
    .default('auto')
}

function addRecipe(command: Command): void {
  addAll(command, 'Data:', tableOptions())
  addAll(command, 'Network:', networkOptions())
  addAll(command, 'Training:', learningOptions())
  addAll(command, 'Parts:', [
    new Option(
      '--part <i/N>',
      'only part i of N, counted from 0, such as 0/8: on this machine or in this job; deltaprop merge joins them',
    ).argParser(readPart),
    new Option('--out-part <file>', 'where the results of the part are saved'),
  ])
}

function addAll(command: Command, group: string, options: readonly Option[]): void {
  command.optionsGroup(group)
  for (const option of options) command.addOption(option)
}

function readPart(text: string): Part {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text)
  const [index, of] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])]
  if (of < 1 || of > MAX_PARTS) {
    throw rangeError(
      '--part',
      `a part and the number of parts, such as 0/8; at most ${MAX_PARTS}`,
      show(text),
    )
  }
  if (index < of) return { index, of }
  throw rangeError('--part', `0/${of} to ${of - 1}/${of}`, text, { hint: 'parts count from 0' })
}
