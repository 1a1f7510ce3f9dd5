/** Reads options from a file, by the code that reads them from command lines. */
import { Command, CommanderError } from 'commander'
import { rangeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import {
  addSearchOptions,
  addValidationOptions,
  indifferent,
  type SearchOptions,
  type SelectionOptions,
} from '../commands/selection-options.js'
import { checkRequired } from '../commands/train-options.js'
import { optionsWithout } from '../given-options.js'

/** @throws TypeError or RangeError unless they are options of search */
export function readSearchOptions(given: readonly string[]): SearchOptions {
  return read(given, addSearchOptions, ['target', 'try']).opts()
}

/** @throws TypeError or RangeError unless they are options of cross-validate */
export function readValidationOptions(given: readonly string[]): SelectionOptions {
  return read(given, addValidationOptions, ['target']).opts()
}

function read(
  given: readonly string[],
  add: (command: Command) => Command,
  required: readonly string[],
): Command {
  const kept = new Set(optionsWithout(given, indifferent))
  const wrong = given.find((option) => !/^--[a-z0-9-]+=/.test(option) || !kept.has(option))
  if (wrong !== undefined) throw rangeError('part.options', 'options as --seed=1', show(wrong))
  const silent = new Command()
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  const command = add(silent)
  try {
    command.parse([...given], { from: 'user' })
    checkRequired(command, required)
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause
    throw rangeError('part.options', 'those of its command', cause.message, { cause })
  }
  return command
}
