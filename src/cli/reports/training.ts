/** The output of `deltaprop train`, from top to bottom. */
import type { History } from '../../index.js'
import { isCategorical, isLabel } from '../../model/column.js'
import type { Model } from '../../model/index.js'
import { drawCurves } from '../charts/curve.js'
import { extent, type Series } from '../charts/axes.js'
import type { TrainOptions } from '../commands/train-options.js'
import { optimizerOf } from '../commands/train-settings.js'
import { showFile } from '../files.js'
import type { Holdout } from '../holdout.js'
import { bytes, count, counted, duration, short } from '../format-numbers.js'
import { print } from '../output.js'
import { describeNetwork } from '../models.js'
import { columnOf } from '../rows.js'
import type { Rows } from '../../scoring/json-table.js'
import { field, printable, title } from '../terminal.js'

/** The most names listed; of more, only the first are. */
const LISTED = 12

/** The most distinct values with which a numeric target may be classes. */
const FEW = 10

export function reportPlan(
  path: string,
  rows: Rows,
  holdout: Holdout,
  model: Model,
  options: TrainOptions,
): void {
  const columns = counted(rows.columns.length, 'column')
  print(field('Data', `${showFile(path)}: ${counted(rows.rows, 'row')}, ${columns}`))
  for (const [i, note] of notesOf(rows, model).entries()) {
    print(field(i === 0 ? 'Note' : '', printable(note, Infinity)))
  }
  for (const [i, [kind, names]] of byKind(model.inputs).entries()) {
    print(field(i === 0 ? 'Inputs' : '', `${kind}: ${list(names)}`))
  }
  print(field('Target', describeTarget(model)))
  const values = options.task === undefined ? fewValues(rows, model.outputs) : 0
  if (values > 0) print(field('', `--task classification takes its ${values} values for classes`))
  const test = holdout.test === undefined ? 'none held out' : `${count(holdout.test.rows)} held out to test`
  print(field('Rows', `${count(holdout.train.rows)} to train, ${test}`))
  print(field('Network', describeNetwork(model.network)))
  const { type, learningRate } = optimizerOf(options)
  const { epochs, batchSize, seed, schedule } = options
  const rate = schedule === undefined ? `${learningRate}` : `${learningRate}, ${schedule}`
  print(
    field(
      'Training',
      `${counted(epochs, 'epoch')}, batches of ${count(batchSize)}, ${type} at ${rate}, seed ${seed}`,
    ),
  )
}

/** Notes on what was recognised in the file, or left out of it, and on what the model decided from its values. */
export function notesOf({ notes = [] }: Rows, model: Model): readonly string[] {
  return [...notes, ...model.notes]
}

export function lossSeries({ epochs }: History): Series[] {
  const training = { name: 'training', values: epochs.map(({ loss }) => loss) }
  const validation = epochs.flatMap((epoch) =>
    epoch.validation === undefined ? [] : [epoch.validation.loss],
  )
  return validation.length === 0 ? [training] : [training, { name: 'validation', values: validation }]
}

/**
 * @param restoredEpochs the number of epochs restored from a checkpoint
 * @param interruption what ended training early: `Ctrl-C`
 */
export function reportLosses(
  history: History,
  restoredEpochs: number,
  interruption: string | undefined,
  seconds: number,
): void {
  const series = lossSeries(history)
  const [least, most] = extent(series)
  if (history.epochs.length > 1 && most > least) {
    print(title('Loss', 'by epoch'))
    print(drawCurves(series))
  }
  const last = history.epochs.at(-1)
  const all = counted(history.epochs.length, 'epoch')
  const epochs = restoredEpochs === 0 ? all : `${all}, ${count(restoredEpochs)} of them before,`
  print()
  print(
    field(
      'Trained',
      `${epochs} in ${duration(seconds)}${why(history, interruption)}; last loss ${short(last?.loss ?? NaN)}`,
    ),
  )
}

/** Why training ended, if it was not the last epoch. */
function why({ ended, bestEpoch }: History, interruption: string | undefined): string {
  if (interruption !== undefined) return `, ended by ${interruption}`
  switch (ended) {
    case 'epochs':
      return bestEpoch === undefined ? '' : `, of which the best one is kept, epoch ${bestEpoch}`
    case 'earlyStopping':
      return `, no better any more; the best one is kept, epoch ${bestEpoch ?? 0}`
    case 'timeLimit':
      return ', the time is up'
    case 'onEpoch':
    case 'onBatch':
      return ''
  }
}

export function reportSaved(
  { out, plot, checkpoint }: TrainOptions,
  size: number,
  isInterrupted: boolean,
): void {
  print()
  const how = isInterrupted ? ', what was trained so far' : ''
  print(field('Saved', `${showFile(out)}, ${bytes(size)}${how}`))
  if (plot !== undefined) print(field('', `${showFile(plot)}, the loss by epoch`))
  if (checkpoint !== undefined && isInterrupted) {
    print(field('', `${showFile(checkpoint)}, the checkpoint: the same command with --resume goes on`))
  }
}

/** `species, 3 classes: setosa, versicolor, virginica` */
function describeTarget({ outputs }: Model): string {
  const [output] = outputs
  if (isCategorical(output)) {
    const { name, categories } = output
    return `${printable(name)}, ${counted(categories.length, 'class')}: ${list(categories.map(String))}`
  }
  const names = list(outputs.map(({ name }) => name))
  if (isLabel(output)) return `${names}, ${counted(outputs.length, 'label')}`
  return `${names}, ${outputs.length === 1 ? 'a number' : 'numbers'}`
}

/**
 * The number of distinct values of a single numeric target, if it has so few, all integers, that they may be classes;
 * otherwise 0.
 */
function fewValues(rows: Rows, outputs: Model['outputs']): number {
  const [output] = outputs
  if (outputs.length > 1 || isCategorical(output) || isLabel(output)) return 0
  const values = new Set<unknown>()
  const column = columnOf(rows, output.name) ?? []
  for (let row = 0; row < column.length && values.size <= FEW; ++row) values.add(column[row])
  return values.size <= FEW && Array.from(values).every(Number.isInteger) ? values.size : 0
}

/** The names of the columns, grouped into numbers, texts and booleans. */
function byKind(columns: Model['inputs']): [kind: string, names: string[]][] {
  const names = (kind: string): string[] =>
    columns.filter((column) => column.kind === kind).map(({ name }) => name)
  const all: [string, string[]][] = [
    ['numbers', names('number')],
    ['texts', names('text')],
    ['true/false', names('boolean')],
  ]
  return all.filter(([, some]) => some.length > 0)
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).map((name) => printable(name))
  return names.length > LISTED ? `${shown.join(', ')} … (${count(names.length)})` : shown.join(', ')
}
