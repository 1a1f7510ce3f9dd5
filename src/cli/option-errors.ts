/** Errors of the library, in the words of a command line. */
import type { Command } from 'commander'
import { amended, errorDetails } from '../base/argument-error.js'
import { NamedError } from '../node/files.js'
import { commandMessage } from './command-message.js'
import { showFile } from './files.js'

/** Entries of a checkpoint, and the option itself. */
const ofCheckpoint = /^checkpoint(?:\.(?:path$)?|$)/

/**
 * Runs what takes options of the library, and has errors that name one of them name that of the command: `labelSmoothing: …` becomes
 * `--label-smoothing: …`; those of a checkpoint begin with its file.
 */
export async function inOptions<T>(command: Command, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const path = errorDetails(error)?.path
    if (path === undefined) throw error
    const [all] = ofCheckpoint.exec(path) ?? []
    if (all !== undefined) {
      const { checkpoint = 'checkpoint' } = command.opts<{ checkpoint?: string }>()
      throw named(showFile(checkpoint), error, path.slice(all.length))
    }
    const option = command.options.find((each) => each.attributeName() === path)
    throw option === undefined ? error : named(option.long ?? option.flags, error)
  }
}

/** @param path what is left of it, behind the name */
function named(name: string, error: unknown, path?: string): NamedError {
  return new NamedError(name, error, commandMessage(amended(error, () => ({ path }))))
}
