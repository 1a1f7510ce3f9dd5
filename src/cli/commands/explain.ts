/** `deltaprop explain`: one row through the derivation, with its numbers. */
import type { Command } from 'commander'
import { showName } from '../../check.js'
import { integer } from '../arguments.js'
import { inFile, showFile, STDIN } from '../files.js'
import { readRecord, type JSONRecord } from '../jsonl.js'
import { kindsOf, readModel } from '../models.js'
import { printJSON } from '../output.js'
import { reportExplanation } from '../reports/explanation.js'
import { batchesOf, recordAt, rowCount, type Format } from '../rows.js'
import { colors } from '../terminal.js'
import type { Model } from '../../model/index.js'
import { withRowNumbers } from '../../data/row-numbers.js'
import { fileOptions } from './train-options.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop explain iris.safetensors --data iris.csv --row 3
  deltaprop explain houses.safetensors '{"rooms": 5, "town": "Ulm"}'
  head -2 iris.csv | deltaprop explain iris.safetensors

Every line of the derivation has the number of its equation. It goes back to the
gradients if the row has the target, else it ends with the prediction.`

interface ExplainOptions {
  readonly data?: string
  readonly row: number
  readonly delimiter?: string
  readonly format?: Format
  readonly json?: boolean
}

export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .summary('show the derivation of one row, with its numbers')
    .description(
      'Shows how a model comes to its answer for one row, and how it would learn from it, with every number.',
    )
    .argument('<model>', 'a file of deltaprop train')
    .argument('[record]', 'the row as a JSON object, instead of --data')
    .option('-d, --data <file>', 'CSV or JSON lines; standard input unless given')
    .option('-r, --row <number>', 'of the data, 1 for the first', integer('--row', { min: 1 }), 1)
    .addHelpText('after', EXAMPLES)
  for (const option of fileOptions()) command.addOption(option)
  command.option('--json', 'print JSON').action(explain)
}

async function explain(modelPath: string, text: string | undefined, options: ExplainOptions): Promise<void> {
  const { data = STDIN } = options
  if (text !== undefined && options.data !== undefined) {
    throw new RangeError('--data: expected none beside a record')
  }
  const model = await readModel(modelPath)
  const { record, place } =
    text === undefined
      ? { record: await find(model, options), place: `row ${options.row} of ${showFile(data)}` }
      : { record: readRecord('record', text), place: 'the record given' }
  const explanation = await inFile(text === undefined ? data : 'record', () => {
    const rows = withRowNumbers([record], Uint32Array.of(options.row))
    const { x, y } = model.encode(rows)
    return { record, x, y, answer: model.predict(rows)[0] }
  })
  if (options.json !== true) {
    reportExplanation(model, place, explanation)
    return
  }
  const { x, y, answer } = explanation
  const trace = y === undefined ? undefined : model.network.trace(x, y)
  const layers = trace?.layers.map((layer) =>
    Object.fromEntries(
      Object.entries(layer).map(([name, values]) => [name, Array.from(values as ArrayLike<number>)]),
    ),
  )
  printJSON({
    record,
    x: Array.from(x),
    y: y === undefined ? null : Array.from(y),
    loss: trace?.loss ?? null,
    layers: layers ?? null,
    answer,
  })
}

/** The row that is asked for; what comes behind it is not read. */
async function find(
  model: Model,
  { data = STDIN, row, delimiter, format }: ExplainOptions,
): Promise<JSONRecord> {
  const kinds = kindsOf(model.inputs, model.outputs)
  let first = 0
  for await (const rows of batchesOf(data, { delimiter, format, kinds, missing: 'keep' })) {
    const count = rowCount(rows)
    if (row <= first + count) {
      return await inFile(data, () => withoutMissing(model, row, recordAt(rows, row - first - 1)))
    }
    first += count
  }
  throw new RangeError(`--row: expected a row of ${showFile(data)}, which has ${first}, got ${row}`)
}

/** A record without the values that a file has not got. @throws RangeError if the model needs one of them */
function withoutMissing({ inputs }: Model, row: number, record: JSONRecord): JSONRecord {
  const missing = new Set(Object.keys(record).filter((name) => isMissing(record[name])))
  const needed = inputs.find(({ name }) => missing.has(name))
  if (needed !== undefined) {
    const place = `row ${row}, column ${showName(needed.name)}`
    throw new RangeError(`${place}: expected a value, got a missing one`)
  }
  return Object.fromEntries(Object.entries(record).filter(([name]) => !missing.has(name)))
}

function isMissing(value: unknown): boolean {
  return value === '' || Number.isNaN(value)
}
