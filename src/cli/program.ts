/** The commands, and the messages for an invalid command line. */
import { CommanderError, type Argument, type Command } from 'commander'
import { addBench } from './commands/bench.js'
import { addConvert } from './commands/convert.js'
import { addCrossValidate } from './commands/cross-validate.js'
import { addEvaluate } from './commands/evaluate.js'
import { addExplain } from './commands/explain.js'
import { addInspect } from './commands/inspect.js'
import { addMerge } from './commands/merge.js'
import { addPredict } from './commands/predict.js'
import { addSearch } from './commands/search.js'
import { addTrain } from './commands/train.js'
import { version } from '../index.js'
import { commandMessage, useFlags } from './errors.js'
import { ForgivingCommand } from './forgiving-command.js'
import { colors, printable, width } from './terminal.js'

const SUMMARY =
  'Trains small neural networks on tables, and puts them to work. Same data, same seed: same bits.'

const EXAMPLES = `
${colors.bold('Examples:')}
  deltaprop train iris.csv --target species --out iris.safetensors
  deltaprop predict iris.safetensors flowers.csv
  deltaprop evaluate iris.safetensors iris.csv
  deltaprop inspect iris.safetensors
  deltaprop explain iris.safetensors --data iris.csv --row 3
  deltaprop search iris.csv --target species --try hidden=8/16/16,8
  deltaprop convert iris.onnx iris.safetensors
  deltaprop <command> --help`

/** What adds each command, in the order of the help. */
export const commands: readonly ((program: Command) => void)[] = [
  ...[addTrain, addPredict, addEvaluate, addInspect, addExplain, addSearch, addCrossValidate, addMerge],
  ...[addConvert, addBench],
]

/**
 * Runs a command line. @returns the exit code: 0; 1 after an error, which has been reported; or 2 for an invalid
 * command line
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    // The message says what is wrong; a stack trace would not help the user.
    process.stderr.write(`deltaprop: ${printable(commandMessage(error), Infinity)}\n`)
    return 1
  }
}

function createProgram(): Command {
  const program = new ForgivingCommand('deltaprop')
    .description(SUMMARY)
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this, or the help of a command')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureHelp({
      helpWidth: Math.min(width, 100),
      minWidthToWrap: 20,
      styleTitle: (title) => colors.bold(title),
      styleCommandText: (text) => colors.cyan(text),
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
      styleSubcommandTerm: (term) => colors.cyan(term),
      styleOptionTerm: (term) => colors.cyan(term),
    })
    .hook('preAction', (_, { options }) => useFlags(options.flatMap(({ long }) => long ?? [])))
    .configureOutput({ outputError: (text, write) => write(usageError(text)) })
  for (const add of commands) add(program)
  return program
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

/** Puts Commander's `error: unknown option '--sed'\n(Did you mean --seed?)` on one line. */
function usageError(text: string): string {
  const [message, hint = ''] = text
    .replace(/^error: /, '')
    .trimEnd()
    .split('\n')
  return `deltaprop: ${printable([message, hint].join(' ').trimEnd(), Infinity)}\n`
}
