/** The command `deltaprop-cluster predict`. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { ScoringOptions } from 'deltaprop/scoring'
import type { ConnectionOptions } from './connection.js'
import { cluster } from './index.js'
import type { FileProgress } from './predict-file.js'

/** What is given on the command line, beside what all commands have. */
interface Given extends Omit<ScoringOptions, 'name'> {
  readonly out: string
  readonly piece: number
  readonly ahead: number
  readonly pathOnWorkers?: string
  readonly engine?: 'wasm' | 'baseline'
}

/** What the command has of others. */
interface Shell<Shared> {
  readonly connectionOf: (shared: Shared) => ConnectionOptions
  readonly interrupted: () => { readonly signal: AbortSignal; readonly end: () => void }
  /** a line that changes, and above it texts that stay */
  readonly newLine: () => { show(line: string, text?: string): void; end(): void }
}

const EXAMPLES = `
Examples:
  deltaprop-cluster predict iris.safetensors flowers.csv --out species.csv
  deltaprop-cluster predict iris.safetensors flowers.jsonl --json --out species.jsonl

Workers read the file themselves, from a disk that they share with this machine.
Killed or interrupted, and started again, it goes on where it was.`

/** @param command with the options that all commands have */
export function addPredict<Shared extends { readonly name: string }>(
  command: Command,
  { connectionOf, interrupted, newLine }: Shell<Shared>,
): void {
  const number = (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value)) return value
    throw new InvalidArgumentError('expected a number')
  }
  command
    .description('predict the rows of a large file, as deltaprop predict does, to the byte')
    .argument('<model>', 'a file of deltaprop train')
    .argument('<rows>', 'CSV or JSON lines, not packed')
    .requiredOption('-o, --out <file>', 'for the answers; complete when it is there')
    .addOption(new Option('--piece <megabytes>', 'of the file, a job').argParser(number).default(1))
    .addOption(
      new Option('--ahead <pieces>', 'that may be done before those before them')
        .argParser(number)
        .default(256),
    )
    .option('--path-on-workers <path>', 'of the rows, where workers have them elsewhere')
    .addOption(new Option('--format <name>', 'unless the file says it').choices(['csv', 'jsonl']))
    .addOption(
      new Option('--delimiter <character>', 'as the file has it, unless given; tab for a tab').argParser(
        (text) => (text === 'tab' ? '\t' : text),
      ),
    )
    .addOption(new Option('--decimal <character>', 'in numbers; as the file has it').choices(['.', ',']))
    .addOption(
      new Option('--thousands <character>', "between digits: . , ' or space").argParser((text) =>
        text === 'space' ? ' ' : text,
      ),
    )
    .addOption(
      new Option(
        '--missing-values <texts>',
        'what stands for a missing value, with commas between',
      ).argParser((text) => text.split(',')),
    )
    .addOption(new Option('--missing <number>', 'what missing numbers are taken for').argParser(number))
    .option('--encoding <name>', 'such as latin1; UTF-8 unless given')
    .addOption(new Option('--engine <name>', 'that predicts').choices(['wasm', 'baseline']))
    .option('--json', 'write JSON lines')
    .option('--escape-formulas', "write ' before texts that a spreadsheet would take for formulas")
    .addHelpText('after', EXAMPLES)
    .action(async (model: string, file: string, options: Given & Shared) => {
      const { signal, end } = interrupted()
      const line = newLine()
      let shown = ''
      const show = (progress: FileProgress, where = ''): void =>
        line.show((shown = progressText(progress) + where))
      const warn = (text: string): void => line.show(shown, text)
      let on: Awaited<ReturnType<typeof cluster>> | undefined
      const { out, piece, ahead, pathOnWorkers, engine, format, delimiter, decimal } = options
      const { thousands, missingValues, missing, encoding, json, escapeFormulas } = options
      try {
        on = await cluster({ ...connectionOf(options), name: options.name, warn })
        const done = await on.predict({
          ...{ model, file, out, piece, ahead, pathOnWorkers, engine, format, delimiter, decimal },
          ...{ thousands, missingValues, missing, encoding, json, escapeFormulas, signal },
          onProgress: show,
        })
        show(done, ` in ${out}`)
      } finally {
        line.end()
        end()
        await on?.close()
      }
    })
}

function progressText({ pieces, written, before }: FileProgress): string {
  const earlier = before === 0 ? '' : `, ${before} of them before`
  return `${written} of ${pieces} pieces${earlier}`
}
