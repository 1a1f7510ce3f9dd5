/** `deltaprop predict`: rows in, answers out, as they come. */
import type { Command } from 'commander'
import { showName } from '../../check.js'
import { number } from '../arguments.js'
import { inFile, STDIN } from '../files.js'
import { columnsOf, isMissing, readModel } from '../models.js'
import { tellNotes, write } from '../output.js'
import { isCategorical, isLabel } from '../../model/column.js'
import type { Answer, Model } from '../../model/index.js'
import { asData, batchesOf, delimiterOf, numberOf, type FileOptions, type Rows } from '../rows.js'
import { colors } from '../terminal.js'
import { fileOptions } from './train-options.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop predict iris.safetensors flowers.csv > species.csv
  deltaprop predict iris.safetensors flowers.jsonl --json | head
  cat flowers.csv | deltaprop predict iris.safetensors

Writes a line for each row: the target and, for classes, how probable each is.
The file may have more columns than the model knows. Numbers of CSV have the 7
digits of an f32 network, those of JSON all there are.`

interface PredictOptions extends FileOptions {
  readonly missing?: number
  readonly json?: boolean
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
  command.option('--json', 'print JSON lines').action(predict)
}

async function predict(modelPath: string, path = STDIN, options: PredictOptions): Promise<void> {
  const model = await readModel(modelPath)
  const { delimiter = delimiterOf(path) ?? ',', json = false, missing = 'keep' } = options
  const precision = model.network.layers[0].weights instanceof Float64Array ? 'f64' : 'f32'
  const line = json ? JSON.stringify : csvLine(model, delimiter, precision)
  const header = json ? '' : csvHeader(model, delimiter)
  let isFirst = true
  for await (const rows of batchesOf(path, { ...options, missing, ...columnsOf(model.inputs) })) {
    const answers = await inFile(path, () => {
      checkMissing(rows, model)
      return model.predict(asData(rows))
    })
    tellNotes(rows)
    const lines = answers.map((answer) => `${line(answer)}\n`).join('')
    await write(isFirst ? header + lines : lines)
    isFirst = false
  }
  if (isFirst) await write(header)
}

/** @throws RangeError for a value that is missing, which the file was read with NaN, null or an empty text for */
function checkMissing(rows: Rows, { inputs }: Model): void {
  const known = new Map(inputs.map((column) => [column.name, column]))
  for (const { name, values } of rows.columns) {
    const column = known.get(name)
    if (column === undefined) continue
    for (let row = 0; row < rows.rows; ++row) {
      if (!isMissing(column, values[row])) continue
      const place = `row ${numberOf(rows, row + 1)}, column ${showName(name)}`
      const remedy = column.kind === 'number' ? '; --missing takes a number for it' : ''
      throw new RangeError(`${place}: expected a value, got a missing one${remedy}`)
    }
  }
}

function csvHeader({ outputs }: Model, delimiter: string): string {
  const probabilities = probabilityNames(outputs).map((name) => `P(${name})`)
  const names = [...outputs.map(({ name }) => name), ...probabilities]
  return `${names.map((name) => quoted(name, delimiter)).join(delimiter)}\n`
}

/** What writes an answer: the target and the probabilities of its classes, or the targets, and the probabilities of labels. */
function csvLine(
  { outputs }: Model,
  delimiter: string,
  precision: 'f32' | 'f64',
): (answer: Answer) => string {
  const number = (value: number): string => String(precision === 'f64' ? value : Number(value.toPrecision(7)))
  const text = (value: unknown): string =>
    typeof value === 'number' ? number(value) : quoted(show(value), delimiter)
  const names = probabilityNames(outputs)
  return (answer) => {
    const probabilities = names.map((name) => number(answer.probabilities?.[name] ?? NaN))
    return [...outputs.map(({ name }) => text(answer[name])), ...probabilities].join(delimiter)
  }
}

/** Whose probabilities there are: the classes', or those of labels. */
function probabilityNames(outputs: Model['outputs']): string[] {
  const [output] = outputs
  if (isCategorical(output)) return output.categories.map(String)
  return isLabel(output) ? outputs.map(({ name }) => name) : []
}

function show(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : ''
}

/** A field of CSV, in quotes where it needs them. */
function quoted(field: string, delimiter: string): string {
  return /["\r\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field
}
