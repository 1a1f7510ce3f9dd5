/** Errors on the command line: their messages in its terms, and which ones no file is to blame for. */
import { messageOf } from '../base/thrown.js'
import { errorDetails, errorText, type Remedy } from '../base/argument-error.js'
import { isOutOfAddresses, outOfAddresses } from '../engine/out-of-memory.js'
import { inQuotes } from '../scoring/csv-fields.js'

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
    details.remedies?.flatMap((remedy) => remedyText(remedy) ?? []),
  )
}

/** A remedy as the option to type and its effect; undefined if the command has no such option. */
function remedyText(remedy: Remedy): string | undefined {
  const typed = typedOption(remedy)
  const [flag] = typed?.split(' ') ?? []
  return typed === undefined || !known.includes(flag) ? undefined : `${typed} ${remedy.effect}`
}

function typedOption({ option, value, column }: Remedy): string | undefined {
  switch (option) {
    case 'kinds':
      return `--texts ${listOption(Object.keys(value as object))}`
    case 'texts':
      return `--texts ${listOption(value as readonly string[])}`
    case 'columns':
    case 'features':
      return column === undefined ? undefined : `--ignore ${listOption([column])}`
    case 'missingValues':
      return `--missing-values ${listOption(value as readonly string[])}`
    case 'otherData':
      return '--other-data'
    case 'config':
      return '--config model.json'
    case 'resume':
      return '--resume'
    case 'thousands':
      return `--thousands ${value === ' ' ? 'space' : shellQuoted(String(value))}`
    case 'missing':
      return typeof value === 'string' ? `--missing ${value}` : '--missing'
    case 'activation':
    case 'output':
    case 'decimal':
    case 'delimiter':
    case 'encoding':
    case 'engine':
    case 'unknown':
    case 'task':
      return `--${option} ${shellQuoted(String(value))}`
    default:
      return undefined
  }
}

/** Joins texts in the form that columnList parses, quoted for a shell. */
function listOption(texts: readonly string[]): string {
  return shellQuoted(texts.map((text) => (/[",]|^\s|\s$/.test(text) ? inQuotes(text) : text)).join(','))
}

/** Quotes a text as one shell word. */
export function shellQuoted(text: string): string {
  return /^[\p{L}\p{N}_.,:/@%+=-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Whether an error says that WebAssembly, or the SIMD that the engine needs, is missing. */
export function isMissingEngine(error: unknown): boolean {
  return errorDetails(error)?.remedies?.some(({ option }) => option === 'engine') === true
}

/** Whether an error comes from the runtime, regardless of what was read. */
export function isRuntimeError(error: unknown): boolean {
  return isMissingEngine(error) || isOutOfAddresses(error)
}
