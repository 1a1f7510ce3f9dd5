/** Errors of the library, in the words of a command line. */
import type { Command } from 'commander'
import { errorDetails } from '../base/argument-error.js'
import { NamedError } from '../node/files.js'
import { commandMessage } from './command-message.js'
import { showFile } from './files.js'

/** The beginning of a path into a checkpoint, or all of one of the option or its file. */
const ofCheckpoint = /^checkpoint(?:\.(?:path$)?|$)/

/**
 * Runs what takes options of the library, and has errors that name one of them name that of the command:
 * `labelSmoothing: …` becomes `--label-smoothing: …`; those of a checkpoint begin with its file.
 */
export async function inOptions<T>(command: Command, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const details = errorDetails(error)
    const { path } = details ?? {}
    if (details === undefined || path === undefined) throw error
    const say = (name: string, rest?: string): NamedError =>
      new NamedError(name, error, commandMessage(error, { ...details, path: rest }))
    const [start] = ofCheckpoint.exec(path) ?? []
    if (start !== undefined) {
      const { checkpoint = 'checkpoint' } = command.opts<{ checkpoint?: string }>()
      throw say(showFile(checkpoint), path.slice(start.length))
    }
    const option = command.options.find((each) => each.attributeName() === path)
    throw option === undefined ? error : say(option.long ?? option.flags)
  }
}
