/** `deltaprop inspect`: shows what a file holds. */
import type { Command } from 'commander'
import { parameterCount } from '../../definition/architecture.js'
import { inspectFile } from '../models.js'
import { checkFiles } from '../named-files.js'
import { printJSON } from '../output.js'
import { reportInspection, statistics } from '../reports/inspection.js'
import { colors } from '../terminal.js'
import { engineOption, type EngineOptions } from './shared-options.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop inspect iris.safetensors
  deltaprop inspect iris.safetensors --json

Files of Network.toBytes and JSON of toJSON are read too.`

export function addInspect(program: Command): void {
  program
    .command('inspect')
    .summary('show what a model is made of, and its weights')
    .description(
      'Shows what a model is made of: columns, layers, the state of its training, how its weights are spread.',
    )
    .argument('<model>', 'a file of deltaprop train, or of a network')
    .addHelpText('after', EXAMPLES)
    .addOption(engineOption('that of the file'))
    .option('--json', 'print JSON')
    .action(inspect)
}

interface InspectOptions extends EngineOptions {
  readonly json?: boolean
}

async function inspect(path: string, options: InspectOptions): Promise<void> {
  await checkFiles([['the model', path]])
  const inspected = await inspectFile(path, options)
  if (options.json !== true) {
    reportInspection(path, inspected)
    return
  }
  const { network, model, progress, bytes } = inspected
  printJSON({
    file: path,
    bytes,
    kind: model === undefined ? 'network' : 'model',
    network: String(network),
    parameters: parameterCount(network),
    seed: network.seed,
    inputs: model?.inputs ?? network.inputs,
    outputs: model?.outputs ?? network.outputs,
    training: progress,
    layers: network.layers.map(({ inputs, units, activation, weights, biases }) => ({
      inputs,
      units,
      activation,
      weights: statistics(weights),
      biases: statistics(biases),
    })),
  })
}
