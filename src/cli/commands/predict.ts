/** `deltaprop predict`: streams rows in and answers out. */
import { rangeError } from '../../base/argument-error.js'
import type { Command } from 'commander'
import { showName } from '../../base/check.js'
import { number } from '../arguments.js'
import { csvFields } from '../csv-fields.js'
import { inFile, STDIN } from '../files.js'
import { knownColumns, isMissingIn, readModel } from '../models.js'
import { checkFiles } from '../named-files.js'
import { printNotes, write } from '../output.js'
import { isCategorical, isLabel } from '../../model/column.js'
import type { Answer, Model } from '../../model/index.js'
import { asData, batchesOf, delimiterOf, rowNumber, type FileOptions } from '../rows.js'
import type { Rows } from '../json-table.js'
import { colors, safeJSON } from '../terminal.js'
import { engineOption, fileOptions, type EngineOptions } from './shared-options.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop predict iris.safetensors flowers.csv > species.csv
  deltaprop predict iris.safetensors flowers.jsonl --json | head
  cat flowers.csv | deltaprop predict iris.safetensors

Writes a line for each row: the target and, for classes, how probable each is.
The file may have more columns than the model knows. Numbers of CSV have the 7
digits of an f32 network, those of JSON all there are.`

interface PredictOptions extends FileOptions, EngineOptions {
  readonly missing?: number
  readonly json?: boolean
  readonly escapeFormulas?: boolean
}

export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .summary('predict the target of rows')
    .description('Predicts the target of rows, as they come, in memory that does not grow with them.')
    .argument('<model>', 'a file of deltaprop train')
    .argument('[data]', 'CSV or JSON lines, packed by gzip or not; standard input unless given')
    .option('--missing <number>', 'what missing numbers are taken for', number('--missing'))
    .addHelpText('after', EXAMPLES)
  for (const option of fileOptions()) command.addOption(option)
  command
    .addOption(engineOption('that of the file'))
    .option('--json', 'print JSON lines')
    .option('--escape-formulas', "write ' before texts that a spreadsheet would take for formulas")
    .action(predict)
}

async function predict(modelPath: string, path = STDIN, options: PredictOptions): Promise<void> {
  await checkFiles([
    ['the model', modelPath],
    ['the data', path],
  ])
  const model = await readModel(modelPath, options)
  const { delimiter = delimiterOf(path) ?? ',', json = false, missing = 'keep' } = options
  const precision = model.network.layers[0].weights instanceof Float64Array ? 'f64' : 'f32'
  const field = csvFields(delimiter, options.escapeFormulas ?? false, warnOfFormula)
  const line = json ? jsonLine : csvLine(model, delimiter, precision, field)
  const header = json ? '' : csvHeader(model, delimiter, field)
  let isFirst = true
  for await (const rows of batchesOf(path, { ...options, missing, ...knownColumns(model.inputs) })) {
    const answers = await inFile(path, () => {
      checkNoneMissing(rows, model)
      return model.predict(asData(rows))
    })
    printNotes(rows)
    const lines = answers.map((answer) => `${line(answer)}\n`).join('')
    await write(isFirst ? header + lines : lines)
    isFirst = false
  }
  if (isFirst) await write(header)
}

/** @throws RangeError for a missing value, which was read as NaN, null or an empty text */
function checkNoneMissing(rows: Rows, { inputs }: Model): void {
  const known = new Map(inputs.map((column) => [column.name, column]))
  for (const { name, values } of rows.columns) {
    const column = known.get(name)
    if (column === undefined) continue
    for (let row = 0; row < rows.rows; ++row) {
      if (!isMissingIn(column, values[row])) continue
      const remedy = column.kind === 'number' ? '--missing takes a number for it' : ''
      throw rangeError({ row: rowNumber(rows, row + 1), column: name }, 'a value', 'a missing one', {
        hint: remedy,
      })
    }
  }
}

/** A class name chosen by a stranger may be executed by a spreadsheet that opens the output. */
function warnOfFormula(text: string): void {
  const note = `${showName(text)} is a formula to spreadsheets; --escape-formulas writes ' before it`
  printNotes({ notes: [note] })
}

/** The answer as JSON, with control characters escaped, as it may go to a terminal. */
function jsonLine(answer: Answer): string {
  return safeJSON(JSON.stringify(answer))
}

function csvHeader({ outputs }: Model, delimiter: string, field: (text: string) => string): string {
  const probabilities = probabilityNames(outputs).map((name) => `P(${name})`)
  const names = [...outputs.map(({ name }) => name), ...probabilities]
  return `${names.map(field).join(delimiter)}\n`
}

/**
 * A function that formats an answer: the target and its class probabilities, or the targets and the label
 * probabilities.
 */
function csvLine(
  { outputs }: Model,
  delimiter: string,
  precision: 'f32' | 'f64',
  field: (text: string) => string,
): (answer: Answer) => string {
  const number = (value: number): string => String(precision === 'f64' ? value : Number(value.toPrecision(7)))
  const text = (value: unknown): string =>
    typeof value === 'number' ? number(value) : field(showCategory(value))
  const names = probabilityNames(outputs)
  return (answer) => {
    const probabilities = names.map((name) => number(answer.probabilities?.[name] ?? NaN))
    return [...outputs.map(({ name }) => text(answer[name])), ...probabilities].join(delimiter)
  }
}

/** The names that have probabilities: the classes, or the labels. */
function probabilityNames(outputs: Model['outputs']): string[] {
  const [output] = outputs
  if (isCategorical(output)) return output.categories.map(String)
  return isLabel(output) ? outputs.map(({ name }) => name) : []
}

function showCategory(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : ''
}
