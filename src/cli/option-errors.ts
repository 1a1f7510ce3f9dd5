/** Translates errors of the library into command-line terms. */
import type { Command } from 'commander'
import { errorDetails } from '../base/argument-error.js'
import { NamedError } from '../node/files.js'
import { commandMessage } from './command-message.js'
import { showFile } from './files.js'

/** Matches the start of a path inside a checkpoint, or exactly the option or its file. */
const ofCheckpoint = /^checkpoint(?:\.(?:path$)?|$)/

/**
 * Runs a function that takes options of the library. If an error names one, it is changed to the command's name:
 * `labelSmoothing: …` becomes `--label-smoothing: …`. Errors about a checkpoint begin with its file.
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
