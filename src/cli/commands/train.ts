/** `deltaprop train`: from a table to a model in a file. */
import type { Command } from 'commander'
import { show, showName } from '../../check.js'
import { Model, type ModelOptions } from '../../model/index.js'
import { parameterCount } from '../../architecture.js'
import { drawSvg } from '../charts/svg.js'
import { checkDestinations, type Destination } from '../destinations.js'
import { trainEpochs } from '../epochs.js'
import { messageOf } from '../../node/file-errors.js'
import { inFile, isThere, showFile, writeWhole } from '../files.js'
import { holdOut, type Holdout } from '../holdout.js'
import { INTERRUPTED } from '../interrupt.js'
import { checkTexts } from '../mistaken-texts.js'
import { describeNetwork, readModel } from '../models.js'
import { inOptions } from '../option-errors.js'
import { printJSON } from '../output.js'
import { reportEvaluation } from '../reports/evaluation.js'
import { lossSeries, reportLosses, reportPlan, reportSaved } from '../reports/training.js'
import { columnKinds, columnOf, readRows, rowCount, type Rows } from '../rows.js'
import { colors } from '../terminal.js'
import { addTrainOptions, checkRequired, type TrainOptions } from './train-options.js'
import { fitOptions, modelOptions } from './train-settings.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop train iris.csv --target species --out iris.safetensors
  deltaprop train houses.csv --target price --ignore id --hidden 64,32 \\
    --validation 0.1 --patience 20 --out houses.safetensors --plot loss.svg
  zcat clicks.csv.gz | deltaprop train - --target clicked \\
    --task classification --out clicks.safetensors

Ctrl-C ends training after the current epoch, tests the model and saves it; a
second one quits at once. With --checkpoint, the same command and --resume goes
on where a crash, a kill or Ctrl-C has stopped it.`

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train a model on a table, test it and save it')
    .description('Trains a model on the rows of a table, tests it on rows that were held out, and saves it.')
    .argument('<data>', 'CSV or JSON lines; - for standard input')
    .addHelpText('after', EXAMPLES)
  addTrainOptions(command).action(train)
}

async function train(path: string, options: TrainOptions, command: Command): Promise<void> {
  checkRequired(command)
  const { out, plot, json = false } = options
  const fitted = fitOptions(options)
  await checkDestinations(path, destinationsOf(options))
  const rows = await readRows(path, options)
  if (rowCount(rows) === 0) throw new RangeError(`${showFile(path)}: expected at least 1 row, got 0`)
  const features = featuresOf(rows, options)
  await inFile(path, () => checkTexts(rows, usedColumns(rows, features, options), options.texts ?? []))
  const classes = await inFile(path, () => classesOf(rows, options))
  const held = holdOut(rows, options.holdout, options.seed, classes)
  const chosen = modelOptions(options, features)
  const model = await inFile(path, () => inOptions(command, () => createModel(held, chosen)))
  if (fitted.checkpoint?.resume === true) await checkResumed(model, fitted.checkpoint.path)
  const { history, before, isInterrupted, seconds } = await inOptions(command, () =>
    trainEpochs(model, held.train.rows, { ...fitted, epochs: options.epochs }, out, () => {
      if (!json) reportPlan(path, rows, held, model, options)
    }),
  )
  const bytes = model.toBytes()
  await writeWhole(out, bytes)
  if (plot !== undefined) await writeWhole(plot, drawSvg(describeNetwork(model.network), lossSeries(history)))

  if (isInterrupted) process.exitCode = INTERRUPTED
  const test = held.test && model.evaluate(held.test.rows)
  if (json) {
    printJSON({
      data: {
        file: path,
        rows: rowCount(rows),
        columns: columnKinds(rows).map(({ name, kind }) => ({ name, kind })),
      },
      rows: {
        train: rowCount(held.train.rows),
        test: held.test === undefined ? 0 : rowCount(held.test.rows),
      },
      model: String(model),
      parameters: parameterCount(model.network),
      history,
      resumedAfter: before,
      isInterrupted,
      seconds,
      test: test ?? null,
      out,
    })
    return
  }
  reportLosses(history, before, isInterrupted, seconds)
  if (held.test !== undefined && test !== undefined) {
    reportEvaluation('Test', rowCount(held.test.rows), 'held out', test)
  }
  reportSaved(options, bytes.length, isInterrupted)
}

/** @throws TypeError or RangeError that names option, or row and column */
function createModel({ train, test }: Holdout, options: ModelOptions): Model {
  const model = Model.create(train.rows, options)
  // What the test would refuse is better known before the training too.
  if (test !== undefined) encodeTest(model, test.rows)
  return model
}

function encodeTest(model: Model, rows: Rows): void {
  try {
    model.encode(rows)
  } catch (error) {
    const message = messageOf(error)
    if (!message.includes(': expected one of ')) throw error
    const remedy = 'which is in no row to train on; --unknown zeros takes it for none of them'
    throw new RangeError(`${message}, ${remedy}`, { cause: error })
  }
}

function destinationsOf({ out, plot, checkpoint }: TrainOptions): Destination[] {
  const files = { '--out': out, '--plot': plot, '--checkpoint': checkpoint }
  return Object.entries(files).flatMap(([option, path]) => (path === undefined ? [] : [[option, path]]))
}

/** @throws Error if what there is to go on from is no model of this data; what else differs, fit knows */
async function checkResumed(model: Model, path: string): Promise<void> {
  if (!(await isThere(path))) return
  const saved = await readModel(path)
  if (saved.network.seed !== model.network.seed) return
  const columns = ({ inputs, outputs }: Model): string => JSON.stringify([inputs, outputs])
  if (columns(saved) === columns(model)) return
  throw new RangeError(
    `${showFile(path)}: expected a checkpoint of these rows and columns, got one of others: what is read, or chosen of it, has changed`,
  )
}

/** The target by row, if it is classes. @throws RangeError that names the row of what is none, for rows are held out by class */
function classesOf(rows: Rows, { target, task }: TrainOptions): ArrayLike<unknown> | undefined {
  const values = target.length === 1 ? columnOf(rows, target[0]) : undefined
  const kind = typeof values?.[0]
  const isClasses = task === undefined ? kind === 'string' : task === 'classification'
  // What is no target at all, the model says.
  if (values === undefined || !isClasses || (kind !== 'string' && kind !== 'number')) return undefined
  for (let row = 0; row < values.length; ++row) {
    const value: unknown = values[row]
    if (typeof value === kind) continue
    const place = `row ${row + 1}, column ${showName(target[0])}`
    throw new RangeError(`${place}: expected a ${kind === 'string' ? 'text' : kind}, got ${show(value)}`)
  }
  return values
}

/** The columns to predict from; undefined for all others. @throws RangeError for names that are not there */
function featuresOf(rows: Rows, { features, ignore, target }: TrainOptions): readonly string[] | undefined {
  if (ignore === undefined) return features
  if (features !== undefined) throw new RangeError('--ignore: expected none beside --features')
  const known = columnKinds(rows).map(({ name }) => name)
  const unknown = ignore.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new RangeError(`--ignore: expected columns of the data (${known.join(', ')}), got ${unknown}`)
  }
  return known.filter((name) => !ignore.includes(name) && !target.includes(name))
}

function usedColumns(
  rows: Rows,
  features: readonly string[] | undefined,
  { target }: TrainOptions,
): ReadonlySet<string> {
  return new Set([...(features ?? columnKinds(rows).map(({ name }) => name)), ...target])
}
