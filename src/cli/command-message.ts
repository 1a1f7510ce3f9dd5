/** Translates the library's error messages into command-line terms. */
import { messageOf } from '../base/thrown.js'
import { errorDetails, errorText, type Remedy } from '../base/argument-error.js'
import { isOutOfAddresses, outOfAddresses } from '../engine/out-of-memory.js'
import { enclosed } from './csv-fields.js'

let known: readonly string[] = []

/** Sets the flags of the running command, so that messages do not suggest those of others. */
export function useFlags(flags: readonly string[]): void {
  known = flags
}

/**
 * An error's message, suggesting command-line options instead of the library's.
 *
 * @param details those of the error, unless others are given
 */
export function commandMessage(error: unknown, details = errorDetails(error)): string {
  // The other remedies apply only to the library.
  if (isOutOfAddresses(error)) return messageOf(outOfAddresses())
  if (details === undefined) return messageOf(error)
  return errorText(
    details,
    details.remedies?.flatMap((remedy) => describe(remedy) ?? []),
  )
}

/** A remedy as the option to type and its effect; undefined if the command has no such option. */
function describe(remedy: Remedy): string | undefined {
  const typed = typedOption(remedy)
  const [flag] = typed?.split(' ') ?? []
  return typed === undefined || !known.includes(flag) ? undefined : `${typed} ${remedy.effect}`
}

function typedOption({ option, value, column }: Remedy): string | undefined {
  switch (option) {
    case 'kinds':
      return `--texts ${listed(Object.keys(value as object))}`
    case 'texts':
      return `--texts ${listed(value as readonly string[])}`
    case 'columns':
    case 'features':
      return column === undefined ? undefined : `--ignore ${listed([column])}`
    case 'missingValues':
      return `--missing-values ${listed(value as readonly string[])}`
    case 'otherData':
      return '--other-data'
    case 'thousands':
      return `--thousands ${value === ' ' ? 'space' : quoted(String(value))}`
    case 'decimal':
    case 'delimiter':
    case 'encoding':
    case 'engine':
    case 'missing':
    case 'unknown':
    case 'task':
      return `--${option} ${quoted(String(value))}`
    default:
      return undefined
  }
}

/** Joins texts in the form that columnList parses, quoted for a shell. */
function listed(texts: readonly string[]): string {
  return quoted(texts.map((text) => (/[",]|^\s|\s$/.test(text) ? enclosed(text) : text)).join(','))
}

/** Quotes a text as one shell word. */
function quoted(text: string): string {
  return /^[\p{L}\p{N}_.,:/@%+=-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
