/** `deltaprop train`: from a table to a model in a file. */
import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import type { EpochReport, History } from '../../index.js'
import { Model } from '../../model/index.js'
import { drawSvg } from '../charts/svg.js'
import { inFile, showFile, writeWhole } from '../files.js'
import { holdOut, type Holdout } from '../holdout.js'
import { Interrupt, INTERRUPTED } from '../interrupt.js'
import { duration, short } from '../numbers.js'
import { describeNetwork } from '../models.js'
import { printJSON } from '../output.js'
import { showProgress, type Progress } from '../progress.js'
import { reportEvaluation } from '../reports/evaluation.js'
import { lossSeries, reportLosses, reportPlan, reportSaved } from '../reports/training.js'
import { columnKinds, columnOf, numbered, readRows, rowCount, type Rows } from '../rows.js'
import { colors } from '../terminal.js'
import {
  addTrainOptions,
  checkRequired,
  fitOptions,
  modelOptions,
  type TrainOptions,
} from './train-options.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop train iris.csv --target species --out iris.safetensors
  deltaprop train houses.csv --target price --ignore id --hidden 64,32 \\
    --validation 0.1 --patience 20 --out houses.safetensors --plot loss.svg
  zcat clicks.csv.gz | deltaprop train - --target clicked \\
    --task classification --out clicks.safetensors

Ctrl-C ends training after the current epoch, tests the model and saves it; a
second one quits at once.`

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
  for (const file of [out, plot]) if (file !== undefined) await checkFolder(file)
  const rows = await readRows(path, options)
  if (rowCount(rows) === 0) throw new RangeError(`${showFile(path)}: expected at least 1 row, got 0`)
  const held = split(rows, options)
  const chosen = modelOptions(options, featuresOf(rows, options))
  const model = await inFile(path, () => {
    const { train, test } = held
    const model = numbered(train.numberOf, () => Model.create(train.rows, chosen))
    // What the test would refuse is better known before the training too.
    if (test !== undefined) numbered(test.numberOf, () => model.encode(test.rows))
    return model
  })
  const started = performance.now()
  const { history, isInterrupted } = await fit(model, held.train.rows, options, () => {
    if (!json) reportPlan(path, rows, held, model, options)
  })
  const seconds = (performance.now() - started) / 1000
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
      parameters: model.network.layers.reduce(
        (sum, { weights, biases }) => sum + weights.length + biases.length,
        0,
      ),
      history,
      isInterrupted,
      seconds,
      test: test ?? null,
      out,
    })
    return
  }
  reportLosses(history, isInterrupted, seconds)
  if (held.test !== undefined && test !== undefined) {
    reportEvaluation('Test', rowCount(held.test.rows), 'held out', model, test)
  }
  reportSaved(out, bytes.length, plot, isInterrupted)
}

/**
 * Epochs with a bar, until they are done, or Ctrl-C ends them.
 *
 * @param onStart called when Ctrl-C is listened to
 */
async function fit(
  model: Model,
  rows: Rows,
  options: TrainOptions,
  onStart: () => void,
): Promise<{ history: History; isInterrupted: boolean }> {
  let progress: Progress | undefined
  let finished = 0
  const interrupt = new Interrupt(() => {
    progress?.stop()
    process.stderr.write('ending after this epoch; Ctrl-C again quits at once\n')
  })
  try {
    onStart()
    progress = showProgress(options.epochs)
    const started = performance.now()
    const history = await model.fit(rows, {
      ...fitOptions(options),
      onEpoch: (report) => {
        finished = report.epoch
        if (interrupt.isAsked) return false
        progress?.update(report.epoch, describe(report, options.epochs, performance.now() - started))
        return true
      },
    })
    return { history, isInterrupted: interrupt.isAsked && history.ended === 'onEpoch' }
  } catch (error) {
    if (finished === 0) throw error
    // The weights are those of the last epoch that went well.
    await writeWhole(options.out, model.toBytes())
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(`${message}; ${showFile(options.out)} has the model of epoch ${finished}`, {
      cause: error,
    })
  } finally {
    progress?.stop()
    interrupt.end()
  }
}

/** `epoch 12/200  loss 0.1234  validation 0.1321  8.12 s left` */
function describe({ epoch, loss, validation }: EpochReport, epochs: number, milliseconds: number): string {
  const left = (milliseconds / 1000 / epoch) * (epochs - epoch)
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${short(loss)}`,
    ...(validation === undefined ? [] : [`validation ${short(validation.loss)}`]),
    `${duration(left)} left`,
  ].join('  ')
}

function split(rows: Rows, { target, task, holdout, seed }: TrainOptions): Holdout {
  const values = target.length === 1 ? columnOf(rows, target[0]) : undefined
  const isClasses = task === undefined ? typeof values?.[0] === 'string' : task === 'classification'
  return holdOut(rows, holdout, seed, isClasses ? values : undefined)
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

/** A file that cannot be written is better known before than after the training. */
async function checkFolder(file: string): Promise<void> {
  try {
    // With a slash at the end a file is no folder.
    await access(`${dirname(file)}/`, constants.W_OK)
  } catch (cause) {
    throw new Error(`${showFile(file)}: expected a file in a folder that can be written`, { cause })
  }
}
