/** `deltaprop evaluate`: evaluates a model on rows whose target is known. */
import type { Command } from 'commander'
import { numberOr, number } from '../arguments.js'
import { inFile, showFile, STDIN } from '../files.js'
import { readModel } from '../models.js'
import { checkFiles } from '../named-files.js'
import { printJSON, printNotes } from '../output.js'
import { reportEvaluation } from '../reports/evaluation.js'
import { readAllRows } from '../rows.js'
import { knownColumns } from '../../scoring/known-columns.js'
import { asData, type FileOptions } from '../../scoring/rows.js'
import { colors } from '../terminal.js'
import { engineOption, fileOptions, type EngineOptions } from './shared-options.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop evaluate iris.safetensors iris.csv
  deltaprop evaluate iris.safetensors iris.csv --json

The metrics are those of scikit-learn.`

interface EvaluateOptions extends FileOptions, EngineOptions {
  readonly missing: 'error' | 'drop' | number
  readonly json?: boolean
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('measure a model on rows whose target is known')
    .description('Measures what a model is worth on rows whose target is known.')
    .argument('<model>', 'a file of deltaprop train')
    .argument('[data]', 'CSV or JSON lines, packed by gzip or not; standard input unless given')
    .option(
      '--missing <how>',
      'what is done about missing values: error, drop (their rows) or a number',
      numberOr('--missing', ['error', 'drop'], number('--missing')),
      'error',
    )
    .addHelpText('after', EXAMPLES)
  for (const option of fileOptions()) command.addOption(option)
  command.addOption(engineOption('that of the file')).option('--json', 'print JSON').action(evaluate)
}

async function evaluate(modelPath: string, path = STDIN, options: EvaluateOptions): Promise<void> {
  await checkFiles([
    ['the model', modelPath],
    ['the data', path],
  ])
  const model = await readModel(modelPath, options)
  // A model of pairs reads a name absent from a record as 0; the model reports what is missing.
  const absentIsMissing = options.missing !== 'error'
  const columns = knownColumns(model.inputs, model.outputs)
  const rows = await readAllRows(path, { ...options, ...columns, absentIsMissing })
  const evaluation = await inFile(path, () => model.evaluate(asData(rows)))
  if (options.json === true) {
    printJSON({ rows: rows.rows, ...evaluation })
    return
  }
  printNotes(rows)
  reportEvaluation('Evaluation', rows.rows, `of ${showFile(path)}`, evaluation)
}
