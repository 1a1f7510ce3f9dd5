/**
 * JSON text with only one possible reading. JSON.parse alone is not enough: given a duplicate name, it takes the
 * last value.
 */
import { rangeError, type ErrorPlace } from './argument-error.js'
import { show } from './show.js'

/** Nesting depth of brackets: the files written here need about ten. */
const MAX_DEPTH = 100

/** Names in one object: a file with the largest possible number of layers has half this many tensors. */
const MAX_NAMES = 2 ** 14

const COLON = 0x3a
const BACKSLASH = 0x5c
const SPACE = 0x20

/**
 * What JSON.parse makes of a text; it is called only once all names of each object are known to be different.
 *
 * @throws RangeError for text that is not JSON, and for JSON that other parsers may read differently: an object with
 *   a duplicate name, also when spelt \u0061 for a; more nested brackets, or more names in one object, than anything
 *   needs
 */
export function parseJSON(name: string, text: string): unknown {
  try {
    checkText(name, text)
    return JSON.parse(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw rangeError(name, 'JSON: cut off, or another format', undefined, { cause })
  }
}

/** @throws RangeError, see parseJSON; SyntaxError for some text that is not JSON: JSON.parse finds the rest */
export function checkText(name: string | ErrorPlace, text: string, maxNames = MAX_NAMES): void {
  /** for each open object, its names so far; for an array, undefined */
  const open: (Set<string> | undefined)[] = []
  const marks = /["[\]{}]/g
  while (marks.test(text)) {
    const start = marks.lastIndex - 1
    const { [start]: mark } = text
    if (mark === '{' || mark === '[') {
      if (open.push(mark === '{' ? new Set() : undefined) <= MAX_DEPTH) continue
      throw rangeError(name, `at most ${MAX_DEPTH} brackets within one another`, 'more')
    }
    if (mark !== '"') {
      open.pop()
      continue
    }
    const end = closingQuote(text, start) + 1
    marks.lastIndex = end
    const names = open.at(-1)
    if (names === undefined || !isBeforeColon(text, end)) continue
    const string = decoded(text.slice(start, end))
    if (names.size === names.add(string).size) {
      throw rangeError(name, 'each name once in an object', `${show(string)} twice`)
    }
    if (names.size > maxNames) {
      throw rangeError(name, `at most ${maxNames} names in an object`, 'more')
    }
  }
}

/** The end of the string that begins with the quote at `at`: the next quote after an even number of backslashes. */
function closingQuote(text: string, at: number): number {
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at < 0) throw new SyntaxError('expected a closing quote')
    let before = at
    while (text.charCodeAt(before - 1) === BACKSLASH) --before
    if ((at - before) % 2 === 0) return at
  }
}

/** The value of a string literal, given with its quotes. */
function decoded(string: string): string {
  return string.includes('\\') ? (JSON.parse(string) as string) : string.slice(1, -1)
}

function isBeforeColon(text: string, at: number): boolean {
  while (text.charCodeAt(at) <= SPACE) ++at
  return text.charCodeAt(at) === COLON
}
