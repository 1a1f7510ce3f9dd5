/** What an error of the library says, in the words of a command line. */
import { messageOf } from '../base/thrown.js'
import { errorDetails, errorText, type Remedy } from '../base/argument-error.js'
import { isOutOfAddresses, outOfAddresses } from '../engine/out-of-memory.js'
import { enclosed } from './csv-fields.js'

let known: readonly string[] = []

/** Says which flags the command that runs has: those of others are no help. */
export function useFlags(flags: readonly string[]): void {
  known = flags
}

/**
 * What an error says, with options of the command line in the place of those of the library that would help.
 *
 * @param details those of the error, unless others are to be said
 */
export function commandMessage(error: unknown, details = errorDetails(error)): string {
  // What else would help is said of the library.
  if (isOutOfAddresses(error)) return messageOf(outOfAddresses())
  if (details === undefined) return messageOf(error)
  return errorText(
    details,
    details.remedies?.flatMap((remedy) => describe(remedy) ?? []),
  )
}

/** An option as it is typed, and what comes of it; undefined where the command has none. */
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
    case 'checkpoint':
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

/** Texts as columnList reads them, as a shell takes them. */
function listed(texts: readonly string[]): string {
  return quoted(texts.map((text) => (/[",]|^\s|\s$/.test(text) ? enclosed(text) : text)).join(','))
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return /^[\p{L}\p{N}_.,:/@%+=-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
