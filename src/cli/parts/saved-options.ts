/** Reads options from a file, by the code that reads them from command lines. */
import { Command } from 'commander'
import { rangeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import {
  addSearchOptions,
  addValidationOptions,
  indifferent,
  type SearchOptions,
  type SelectionOptions,
} from '../commands/selection-options.js'

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
  const command = add(new Command().exitOverride())
  const known = command.options.map((option) => option.name()).filter((name) => !indifferent.includes(name))
  const wrong = given.find((option) => !known.includes(/^--([a-z0-9-]+)=/.exec(option)?.[1] ?? ''))
  if (wrong !== undefined) throw rangeError('part.options', 'those of its command, as --seed=1', show(wrong))
  command.parse([...given], { from: 'user' })
  const missing = required.find((name) => command.opts()[name] === undefined)
  if (missing === undefined) return command
  throw rangeError('part.options', `--${missing} among them`)
}
