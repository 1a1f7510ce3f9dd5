/**
 * The options of `deltaprop train`.
 *
 * The defaults were chosen on the iris flowers: mean accuracy on held-out thirds over 200 seeds 0.9626; with hidden
 * layers of 16 and 8 units 0.9577, without l2 0.9606.
 */
import { type Command, Option } from 'commander'
import { activationNames, type ActivationName } from '../../definition/activations.js'
import { tasks, type Task } from '../../model/options.js'
import { optimizerNames, type OptimizerName } from '../../definition/optimizers.js'
import { integer, integers, number, numberOr, oneOf } from '../arguments.js'
import { columnsOption, type ColumnList } from '../choose-columns.js'
import type { FileOptions } from '../../scoring/rows.js'
import { engineOption, fileOptions, type EngineOptions } from './shared-options.js'

/** The table, and what is predicted of it from what. */
export interface TableOptions extends FileOptions {
  readonly target: ColumnList
  readonly task?: Task
  readonly features?: ColumnList
  readonly ignore?: ColumnList
  readonly texts?: ColumnList
  readonly scale: 'standardize' | 'minMax' | 'none'
  readonly unknown: 'error' | 'zeros'
  readonly missing: 'error' | 'drop' | number
}

export interface NetworkOptions extends EngineOptions {
  readonly hidden: number[]
  readonly activation: ActivationName
  readonly precision: 'f32' | 'f64'
  readonly seed: number
}

/** What a training does; its result depends on nothing else. */
export interface LearningOptions {
  readonly epochs: number
  readonly batchSize: number
  readonly optimizer: OptimizerName
  readonly learningRate?: number
  readonly l1?: number
  readonly l2: number
  readonly dropout?: number
  readonly classWeights?: 'balanced'
  readonly labelSmoothing?: number
  readonly maxGradientNorm?: number
  readonly validation?: number
  readonly patience?: number
  readonly schedule?: 'cosine'
}

/** How it is run. */
interface RunningOptions {
  readonly timeLimit?: number
  readonly threads?: number | 'auto'
  readonly checkpoint?: string
  readonly checkpointEvery?: number
  readonly resume?: boolean
  readonly otherData?: boolean
}

export interface TrainOptions extends TableOptions, NetworkOptions, LearningOptions, RunningOptions {
  readonly out: string
  readonly holdout: number
  readonly plot?: string
  readonly json?: boolean
}

/** Softmax is for the output only. */
const hiddenActivations = activationNames.filter((name) => name !== 'softmax')

const option = (flags: string, text: string): Option => new Option(flags, text)

export function targetOption(): Option {
  return option(
    '-t, --target <columns>',
    'the column to predict, or several of numbers or labels; required. Names have commas between them, a name with a comma is in quotes: \'"kg, net",age\'',
  ).argParser(columnsOption('--target'))
}

/** What is read of a table, and what is done with its values. */
export function tableOptions(): Option[] {
  return [
    option(
      '--task <name>',
      'classification or regression; texts are classes, numbers are not, unless given; multilabel: several targets of 0 and 1',
    ).argParser(oneOf('--task', tasks)),
    option('--features <columns>', 'the columns to predict from; all others unless given').argParser(
      columnsOption('--features'),
    ),
    option('--ignore <columns>', 'columns that are left out, whatever is in them').argParser(
      columnsOption('--ignore'),
    ),
    option('--texts <columns>', 'columns whose values are texts, numbers too').argParser(
      columnsOption('--texts'),
    ),
    option('--missing <how>', 'what is done about missing values: error, drop (their rows) or a number')
      .argParser(numberOr('--missing', ['error', 'drop'], number('--missing')))
      .default('error'),
    option('--scale <how>', 'of numbers: standardize, minMax or none')
      .argParser(oneOf('--scale', ['standardize', 'minMax', 'none']))
      .default('standardize'),
    option('--unknown <how>', 'what a text is that training had none of: error or zeros')
      .argParser(oneOf('--unknown', ['error', 'zeros']))
      .default('error'),
    ...fileOptions(),
  ]
}

export function networkOptions(): Option[] {
  return [
    option('--hidden <units>', 'of the hidden layers; none for none')
      .argParser(integers('--hidden', { min: 1 }))
      .default([16], '16'),
    option('--activation <name>', 'of the hidden layers')
      .argParser(oneOf('--activation', hiddenActivations))
      .default('tanh'),
    option('--precision <name>', 'f32 or f64')
      .argParser(oneOf('--precision', ['f32', 'f64']))
      .default('f32'),
    engineOption('wasm'),
    option('--seed <integer>', 'all random numbers follow from it')
      .argParser(integer('--seed', { min: 0 }))
      .default(1),
  ]
}

export function learningOptions(): Option[] {
  return [
    option('--epochs <count>', 'how many times every row is seen')
      .argParser(integer('--epochs', { min: 1 }))
      .default(200),
    option('--batch-size <rows>', 'rows of an update')
      .argParser(integer('--batch-size', { min: 1 }))
      .default(32),
    option('--optimizer <name>', optimizerNames.join(', '))
      .argParser(oneOf('--optimizer', optimizerNames))
      .default('adam'),
    option('--learning-rate <number>', '0.01 unless given, 1 with adadelta').argParser(
      number('--learning-rate', { min: 0 }),
    ),
    option('--schedule <name>', 'cosine: the learning rate falls to 0 over all epochs').argParser(
      oneOf('--schedule', ['cosine']),
    ),
    option('--l1 <number>', 'λ: the loss grows by λ·Σ|w|').argParser(number('--l1', { min: 0 })),
    option('--l2 <number>', 'λ: the loss grows by ½·λ·Σw²')
      .argParser(number('--l2', { min: 0 }))
      .default(0.001),
    option('--dropout <fraction>', 'of the hidden neurons, left out of each step').argParser(
      number('--dropout', { min: 0, below: 1 }),
    ),
    option('--max-gradient-norm <number>', 'larger gradients are scaled down to it').argParser(
      number('--max-gradient-norm', { above: 0 }),
    ),
    option('--class-weights <how>', 'balanced: rare classes count as much as frequent ones').argParser(
      oneOf('--class-weights', ['balanced']),
    ),
    option('--label-smoothing <fraction>', 'classes are trained a little less sure').argParser(
      number('--label-smoothing', { min: 0, max: 1 }),
    ),
    option('--validation <fraction>', 'of the rows for training, to judge each epoch by').argParser(
      number('--validation', { above: 0, below: 1 }),
    ),
    option(
      '--patience <epochs>',
      'ends after so many without an improvement, and takes the best one',
    ).argParser(integer('--patience', { min: 1 })),
  ]
}

export function addTrainOptions(command: Command): Command {
  const add = (...options: Option[]): void => options.forEach((each) => command.addOption(each))
  add(targetOption(), option('-o, --out <file>', 'where the model is saved; required'))
  command.optionsGroup('Data:')
  add(
    ...tableOptions(),
    option('--holdout <fraction>', 'of the rows, held out to test the model with; 0 for none')
      .argParser(number('--holdout', { min: 0, below: 1 }))
      .default(0.33),
  )
  command.optionsGroup('Network:')
  add(...networkOptions())
  command.optionsGroup('Training:')
  add(
    ...learningOptions(),
    option('--time-limit <seconds>', 'ends training when they are over').argParser(
      number('--time-limit', { above: 0 }),
    ),
    option('--threads <count>', 'workers that train together, with the same bits; or auto').argParser(
      numberOr('--threads', ['auto'], integer('--threads', { min: 1 })),
    ),
  )
  command.optionsGroup('Checkpoints:')
  add(
    option('--checkpoint <file>', 'what training can go on from, whatever stops it'),
    option('--checkpoint-every <epochs>', 'after how many it is written; 1 unless given').argParser(
      integer('--checkpoint-every', { min: 1 }),
    ),
    option('--resume', 'goes on from the checkpoint, if it is there, to the same bits'),
    option('--other-data', 'with --resume: the rows are meant to be others than those of the checkpoint'),
  )
  command.optionsGroup('Output:')
  add(option('--plot <file>', 'the loss by epoch, as a picture in SVG'), option('--json', 'print JSON'))
  return command
}

/**
 * @param required the names of options
 * @throws CommanderError unless all of them are present; checked after unknown options, which may be misspellings of
 *   these
 */
export function checkRequired(command: Command, required: readonly string[]): void {
  for (const option of command.options) {
    const name = option.attributeName()
    if (required.includes(name) && command.opts()[name] === undefined)
      command.error(`error: required option '${option.flags}' not specified`)
  }
}
