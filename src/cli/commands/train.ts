/** `deltaprop train`: turns a table into a model file. */
import { rangeError } from '../../base/argument-error.js'
import type { Command } from 'commander'
import type { History } from '../../index.js'
import { Model, type ModelOptions } from '../../model/index.js'
import { parameterCount } from '../../definition/architecture.js'
import { drawSvg } from '../charts/svg.js'
import { trainModel } from '../train-model.js'
import { inFile, exists, showFile, writeWhole } from '../files.js'
import { holdOutRows, type Holdout } from '../holdout.js'
import { describeNetwork, readModel } from '../models.js'
import { checkFiles, writtenFiles } from '../named-files.js'
import { continueWithoutOutput, printJSON } from '../output.js'
import { reportEvaluation } from '../reports/evaluation.js'
import { lossSeries, notesOf, reportLosses, reportPlan, reportSaved } from '../reports/training.js'
import { asData } from '../../scoring/rows.js'
import { colors } from '../terminal.js'
import { readUsed, targetClasses } from '../training-table.js'
import { addTrainOptions, checkRequired, type TrainOptions } from './train-options.js'
import { fitOptions, inOptions, modelOptions } from './train-settings.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop train iris.csv --target species --out iris.safetensors
  deltaprop train houses.csv --target price --ignore id --hidden 64,32 \\
    --validation 0.1 --patience 20 --out houses.safetensors --plot loss.svg
  zcat clicks.csv.gz | deltaprop train - --target clicked \\
    --task classification --out clicks.safetensors

Ctrl-C ends training after the current epoch, tests the model and saves it; a
second one quits at once. SIGTERM, and SIGHUP of a terminal that closes, end it
as well. With --checkpoint, the same command and --resume goes on where a crash,
a kill or Ctrl-C has stopped it. A reader that leaves stops nothing.`

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train a model on a table, test it and save it')
    .description('Trains a model on the rows of a table, tests it on rows that were held out, and saves it.')
    .argument('<data>', 'CSV or JSON lines, packed by gzip or not; - for standard input')
    .addHelpText('after', EXAMPLES)
  addTrainOptions(command).action(train)
}

async function train(path: string, options: TrainOptions, command: Command): Promise<void> {
  checkRequired(command, ['target', 'out'])
  continueWithoutOutput()
  const { out, plot, checkpoint, json = false } = options
  const files = { '--out': out, '--plot': plot, '--checkpoint': checkpoint }
  const libraryOptions = fitOptions(options)
  await checkFiles([['the data', path]], writtenFiles(files))
  const { rows, columns } = await readUsed(path, options)
  const classes = await inFile(path, () => targetClasses(rows, columns, options.task))
  const holdout = holdOutRows(rows, options.holdout, options.seed, classes)
  const model = await inFile(path, () =>
    inOptions(command, () => createModel(holdout, modelOptions(options, columns))),
  )
  if (options.resume === true) await checkResumed(model, options)
  let size = 0
  const save = async (history: History): Promise<void> => {
    const bytes = model.toBytes()
    size = bytes.length
    await writeWhole(out, bytes)
    if (plot !== undefined)
      await writeWhole(plot, drawSvg(describeNetwork(model.network), lossSeries(history)))
  }
  const { history, restoredEpochs, interruption, seconds } = await inOptions(command, () => {
    const onStart = (): void => {
      if (!json) reportPlan(path, rows, holdout, model, options)
    }
    return trainModel(model, holdout.train, { ...libraryOptions, epochs: options.epochs }, out, onStart, save)
  })

  // An exit code set by a failure of standard output takes precedence.
  if (interruption !== undefined) process.exitCode ??= interruption.exitCode
  const test = holdout.test && model.evaluate(asData(holdout.test))
  if (json) {
    printJSON({
      data: {
        file: path,
        rows: rows.rows,
        columns: [...model.inputs, ...model.outputs].map(({ name, kind }) => ({ name, kind })),
        notes: notesOf(rows, model),
      },
      rows: { train: holdout.train.rows, test: holdout.test?.rows ?? 0 },
      model: String(model),
      parameters: parameterCount(model.network),
      history,
      resumedAfter: restoredEpochs,
      isInterrupted: interruption !== undefined,
      seconds,
      test: test ?? null,
      out,
    })
    return
  }
  reportLosses(history, restoredEpochs, interruption?.cause, seconds)
  if (holdout.test !== undefined && test !== undefined) {
    reportEvaluation('Test', holdout.test.rows, 'held out', test)
  }
  reportSaved(options, size, interruption !== undefined)
}

/** @throws TypeError or RangeError that names option, or row and column */
function createModel({ train, test }: Holdout, options: ModelOptions): Model {
  const model = Model.create(asData(train), options)
  // Detects before training any rows that the test would reject.
  if (test !== undefined) model.encode(asData(test))
  return model
}

/** @throws Error if the checkpoint to resume from is not a model of this data; fit detects any other difference */
async function checkResumed(model: Model, options: TrainOptions): Promise<void> {
  const { checkpoint: path } = options
  if (path === undefined || !(await exists(path))) return
  const saved = await readModel(path, options)
  if (saved.network.seed !== model.network.seed) return
  const columns = ({ inputs, outputs }: Model): string => JSON.stringify([inputs, outputs])
  if (columns(saved) === columns(model)) return
  throw rangeError(
    showFile(path),
    'a checkpoint of these rows and columns',
    'one of others: what is read, or chosen of it, has changed',
    { hint: 'delete it or give another path; --resume left out overwrites it' },
  )
}
