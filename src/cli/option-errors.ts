/** Errors of the library, in the words of a command line. */
import type { Command } from 'commander'
import { NamedError } from '../node/file-errors.js'
import { commandMessage } from './command-message.js'
import { showFile } from './files.js'

/**
 * Runs what takes options of the library, and has errors that name one of them name that of the command: `labelSmoothing: …` becomes
 * `--label-smoothing: …`; those of a checkpoint begin with its file.
 */
export async function inOptions<T>(command: Command, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const [found, name, sign, rest] = /^([a-z]\w*)([:.]) ?([^]*)$/i.exec(commandMessage(error)) ?? []
    if (found === undefined) throw error
    if (name === 'checkpoint') {
      const { checkpoint } = command.opts<{ checkpoint?: string }>()
      throw new NamedError(showFile(checkpoint ?? name), error, rest.replace(/^path: /, ''))
    }
    const option = command.options.find((each) => each.attributeName() === name)
    if (sign !== ':' || option === undefined) throw error
    throw new NamedError(option.long ?? option.flags, error, rest)
  }
}
