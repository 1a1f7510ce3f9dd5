/** `deltaprop predict`: streams rows in and answers out. */
import type { Command } from 'commander'
import { showName } from '../../base/check.js'
import { AnswerWriter, answerTexts } from '../../scoring/answers.js'
import { knownColumns } from '../../scoring/known-columns.js'
import { delimiterOf, type FileOptions } from '../../scoring/rows.js'
import { number } from '../arguments.js'
import { inFile, STDIN } from '../files.js'
import { readModel } from '../models.js'
import { checkFiles } from '../named-files.js'
import { printNotes, write } from '../output.js'
import { batchesOf } from '../rows.js'
import { colors, isTerminal, printable } from '../terminal.js'
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
  const { delimiter = delimiterOf(path) ?? ',', json = false, escapeFormulas = false } = options
  const { missing = 'keep' } = options
  const writer = new AnswerWriter(
    model,
    { json, delimiter, escapeFormulas },
    { onFormula: warnOfFormula, onNotes: printNotes },
    isTerminal(process.stdout) ? (text) => printable(text, Infinity) : undefined,
  )
  const batches = batchesOf(path, { ...options, missing, ...knownColumns(model.inputs) })
  const texts = answerTexts(model, batches, writer)
  let { header } = writer
  for (;;) {
    const { done, value } = await inFile(path, () => texts.next())
    if (done === true) break
    await write(header + value)
    header = ''
  }
  if (header !== '') await write(header)
}

/** A class name chosen by a stranger may be executed by a spreadsheet that opens the output. */
function warnOfFormula(text: string): void {
  const note = `${showName(text)} is a formula to spreadsheets; --escape-formulas writes ' before it`
  printNotes({ notes: [note] })
}
