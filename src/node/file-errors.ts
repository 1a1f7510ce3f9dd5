import { errorDetails, errorText, type ErrorDetails } from '../base/argument-error.js'
import { isError, messageOf } from '../base/thrown.js'

export { messageOf } from '../base/thrown.js'

/** An error whose message begins with the name of a file or an option. */
export class NamedError extends Error {
  constructor(name: string, cause: unknown, message = contentMessage(cause)) {
    super(`${name}: ${message}`, { cause })
  }
}

/** Arguments that have all of a file: its name says more. */
const contents: readonly (string | undefined)[] = ['source', 'data', 'bytes', 'json']

/** The details of an error, without the argument that it names, if that is all of a file. */
export function contentDetails(error: unknown): ErrorDetails | undefined {
  const details = errorDetails(error)
  return contents.includes(details?.path) ? details && { ...details, path: undefined } : details
}

function contentMessage(error: unknown): string {
  const details = contentDetails(error)
  return details === undefined ? messageOf(error) : errorText(details)
}

/**
 * What the system has against a file.
 *
 * @param file its name, as a message has it
 */
export function fileError(file: string, use: 'read' | 'written', cause: unknown): NamedError {
  return new NamedError(file, cause, `expected a file that can be ${use}, got ${reason(cause)}`)
}

/** What the system says: `no such file or directory`. */
function reason(error: unknown): string {
  if (isError(error) && 'code' in error && error.code === 'EISDIR') return 'a directory'
  const message = messageOf(error)
  // eslint-disable-next-line no-restricted-syntax -- of the system, without details: `ENOENT: no such file, open 'x'`
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message
}
