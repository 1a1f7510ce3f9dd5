/** `deltaprop explain`: takes one row through the derivation, with its numbers. */
import { amended, rangeError } from '../../base/argument-error.js'
import type { Command } from 'commander'
import { showName } from '../../base/check.js'
import { integer } from '../arguments.js'
import { inFile, showFile, STDIN } from '../files.js'
import { tableOf } from '../../scoring/json-table.js'
import { readRecord, type JSONRecord } from '../../scoring/jsonl.js'
import { readModel } from '../models.js'
import { checkFiles } from '../named-files.js'
import { printJSON } from '../output.js'
import { reportExplanation } from '../reports/explanation.js'
import { batchesOf, recordAt, selectRows } from '../rows.js'
import { knownColumns, isMissingIn } from '../../scoring/known-columns.js'
import { asData, rowNumber, type FileOptions } from '../../scoring/rows.js'
import type { Rows } from '../../scoring/json-table.js'
import { colors } from '../terminal.js'
import type { Model } from '../../model/index.js'
import { engineOption, fileOptions, type EngineOptions } from './shared-options.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop explain iris.safetensors --data iris.csv --row 3
  deltaprop explain houses.safetensors '{"rooms": 5, "town": "Ulm"}'
  head -2 iris.csv | deltaprop explain iris.safetensors

Every line of the derivation has the number of its equation. It goes back to the
gradients if the row has the target, else it ends with the prediction.`

interface ExplainOptions extends FileOptions, EngineOptions {
  readonly data?: string
  readonly row: number
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
    .option('-d, --data <file>', 'CSV or JSON lines, packed by gzip or not; standard input unless given')
    .option('-r, --row <number>', 'of the data, 1 for the first', integer('--row', { min: 1 }), 1)
    .addHelpText('after', EXAMPLES)
  for (const option of fileOptions()) command.addOption(option)
  command.addOption(engineOption('that of the file')).option('--json', 'print JSON').action(explain)
}

async function explain(modelPath: string, text: string | undefined, options: ExplainOptions): Promise<void> {
  const { data = STDIN } = options
  if (text !== undefined && options.data !== undefined) {
    throw rangeError('--data', 'none beside a record')
  }
  const read = text === undefined ? [['the data', data] as const] : []
  await checkFiles([['the model', modelPath], ...read])
  const model = await readModel(modelPath, options)
  const { rows, place } =
    text === undefined
      ? { rows: await findRow(model, options), place: `row ${options.row} of ${showFile(data)}` }
      : { rows: tableOf([readGiven(text)], 0, {}), place: 'the record given' }
  const explanation = await inFile(text === undefined ? data : 'record', () => {
    const { x, y } = model.encode(asData(rows))
    return { record: recordAt(rows, 0), x, y, answer: model.predict(asData(rows))[0] }
  })
  if (options.json !== true) {
    reportExplanation(model, place, explanation)
    return
  }
  const { record, x, y, answer } = explanation
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

/** A record of the command line. @throws RangeError that says how a file is given, as readRecord */
function readGiven(text: string): JSONRecord {
  try {
    return readRecord('record', text)
  } catch (error) {
    throw /^\s*[[{]/.test(text) ? error : amended(error, () => ({ hint: '--data reads a file' }))
  }
}

/** Finds the requested row; the file is not read beyond it. */
async function findRow(model: Model, { data = STDIN, row, ...options }: ExplainOptions): Promise<Rows> {
  const columns = knownColumns(model.inputs, model.outputs)
  let last = 0
  for await (const rows of batchesOf(data, { ...options, ...columns, missing: 'keep' })) {
    last = rowNumber(rows, rows.rows)
    if (row > last) continue
    const first = rowNumber(rows, 1)
    return await inFile(data, () => withoutMissingValues(model, selectRows(rows, [row - first])))
  }
  throw rangeError('--row', `a row of ${showFile(data)}, which has ${last}`, row)
}

/** The row without the values missing from the file. @throws RangeError if the model needs one of them */
function withoutMissingValues({ inputs, outputs }: Model, row: Rows): Rows {
  const known = new Map([...inputs, ...outputs].map((column) => [column.name, column]))
  const needed = new Set(inputs.map(({ name }) => name))
  const columns = row.columns.filter(({ name, values }) => {
    const column = known.get(name)
    return values[0] !== undefined && (column === undefined || !isMissingIn(column, values[0]))
  })
  const kept = new Set(columns)
  const missing = row.columns.find(
    (column) => !kept.has(column) && column.values[0] !== undefined && needed.has(column.name),
  )
  if (missing === undefined) return { ...row, columns }
  const place = `row ${rowNumber(row, 1)}, column ${showName(missing.name)}`
  throw rangeError(place, 'a value', 'a missing one')
}
