/** `deltaprop convert`: models of other tools in, models for other tools out. */
import type { Command } from 'commander'
import { rangeError } from '../../base/argument-error.js'
import { checkObject, show } from '../../base/check.js'
import { activationNames, type ActivationName } from '../../definition/activations.js'
import type { Network, Precision } from '../../index.js'
import { toBrain, toC, toNumPy, toONNX, toStateDict, type FileOptions } from '../../interop/index.js'
import { parseJSONBytes } from '../../node/format.js'
import { save } from '../../node/save.js'
import { number, oneOf, texts } from '../arguments.js'
import { inFile, readWhole, showFile, writeWhole } from '../files.js'
import { inspectFile } from '../models.js'
import { checkFiles } from '../named-files.js'
import { print, printNotes } from '../output.js'
import { colors } from '../terminal.js'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop convert model.onnx model.safetensors
  deltaprop convert weights.safetensors model.safetensors --activation relu --output softmax
  deltaprop convert model.keras model.onnx
  deltaprop convert iris.safetensors iris.onnx
  deltaprop convert iris.safetensors weights.safetensors --to state-dict
  deltaprop convert iris.safetensors iris.h

It reads ONNX, state_dicts of PyTorch in safetensors, .keras and .h5 of Keras, layers models of TensorFlow.js and
ml5, JSON of brain.js, synaptic and ConvNetJS, FANN; and what deltaprop writes.`

/** What is written, by name; the endings of files that mean it. */
const targets = {
  deltaprop: ['safetensors', 'json'],
  onnx: ['onnx'],
  'state-dict': [],
  brain: [],
  c: ['h'],
  numpy: ['py'],
} as const

type Target = keyof typeof targets

export function addConvert(program: Command): void {
  program
    .command('convert')
    .summary('bring in a model of another tool, or take one out')
    .description('Reads a model, whoever wrote it, and writes it as the name of the new file says.')
    .argument('<in>', 'a model of deltaprop or of another tool')
    .argument('<out>', 'the new file: .safetensors or .json for deltaprop, .onnx, .h for C, .py for NumPy')
    .addHelpText('after', EXAMPLES)
    .option(
      '--to <name>',
      `${Object.keys(targets).join(', ')}; by the name of the file unless given`,
      oneOf('--to', Object.keys(targets)),
    )
    .option(
      '--activation <name>',
      'of the hidden layers, where the file has weights alone',
      oneOf('--activation', activationNames),
    )
    .option(
      '--output <name>',
      'the activation of the output, where the file ends without one',
      oneOf('--output', activationNames),
    )
    .option('--columns <names>', 'of the inputs, in their order, with commas between', texts('--columns'))
    .option('--classes <names>', 'of the outputs, in their order, with commas between', texts('--classes'))
    .option('--target <name>', 'of what is predicted', texts('--target'))
    .option('--order <names>', 'of the modules of a state_dict, in their order', texts('--order'))
    .option(
      '--epsilon <number>',
      'of batch normalisation in a state_dict; 1e-5 unless given',
      number('--epsilon', { min: 0 }),
    )
    .option(
      '--slope <number>',
      'of the leaky relus of brain.js 1; 0.01 unless given',
      number('--slope', { min: 0, max: 1 }),
    )
    .option('--meta <file>', 'model_meta.json of ml5, with its names, scales and classes')
    .option(
      '--config <file>',
      'the layers of weights of Keras: JSON, as model.to_json() returns it in Python',
    )
    .option('--fold', 'put what scales the inputs into the first layer')
    .option(
      '--precision <name>',
      'f32 or f64; that of the file unless given, in ONNX f32',
      oneOf('--precision', ['f32', 'f64']),
    )
    .action(convert)
}

interface ConvertOptions {
  readonly to?: string
  readonly activation?: ActivationName
  readonly output?: ActivationName
  readonly columns?: readonly string[]
  readonly classes?: readonly string[]
  readonly target?: readonly string[]
  readonly order?: readonly string[]
  readonly epsilon?: number
  readonly slope?: number
  readonly meta?: string
  readonly config?: string
  readonly fold?: boolean
  readonly precision?: Precision
}

async function convert(
  from: string,
  to: string,
  { to: name, target: targetNames, meta, config, ...options }: ConvertOptions,
): Promise<void> {
  await checkFiles([['the model', from]])
  const target = name === undefined ? targetOf(to) : (name as Target)
  const given: FileOptions = {
    ...options,
    ...(targetNames !== undefined && { targets: targetNames }),
    ...(meta !== undefined && { meta: await readObject(meta) }),
    ...(config !== undefined && { config: await readObject(config) }),
  }
  const { network, model, notes } = await inspectFile(from, {}, given)
  for (const option of notes === undefined ? Object.keys(given) : []) {
    if (option === 'precision' && target === 'onnx') continue
    throw rangeError(
      `--${option === 'targets' ? 'target' : option}`,
      `none, as ${showFile(from)} is a file of deltaprop`,
    )
  }
  if (target === 'deltaprop') await save(to, network)
  else await writeWhole(to, written(network, target, options.precision))
  printNotes({ notes: notes ?? [] })
  print(`${showFile(to)}: ${String(model ?? network)}`)
}

/** @throws Error that names the file, unless it is an object of JSON */
async function readObject(path: string): Promise<object> {
  const bytes = await readWhole(path)
  return await inFile(path, () => checkObject('json', parseJSONBytes(bytes)))
}

function written(
  network: Network,
  target: Exclude<Target, 'deltaprop'>,
  precision: Precision = 'f32',
): string | Uint8Array {
  switch (target) {
    case 'onnx':
      return toONNX(network, { precision })
    case 'state-dict':
      return toStateDict(network)
    case 'brain':
      return `${JSON.stringify(toBrain(network))}\n`
    case 'c':
      return toC(network)
    case 'numpy':
      return toNumPy(network)
  }
}

/** What a file's name asks for. */
function targetOf(path: string): Target {
  const ending = /\.(\w+)$/.exec(path)?.[1].toLowerCase()
  const found = Object.entries(targets).find(([, endings]) =>
    (endings as readonly string[]).includes(ending ?? ''),
  )
  if (found !== undefined) return found[0] as Target
  const known = Object.values(targets)
    .flat()
    .map((each) => `.${each}`)
  throw rangeError('<out>', `a name that ends in ${known.join(', ')}, or --to`, show(path))
}
