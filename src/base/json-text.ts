/** JSON as text, of which there is one way to read it: that of JSON.parse, which takes the last of two values for one name, is no other. */
import { rangeError, type ErrorPlace } from './argument-error.js'
import { show } from './show.js'

/** Brackets within brackets: some ten in what is written here. */
const MAX_DEPTH = 100

/** Names in one object: a file of as many layers as there can be has half as many tensors. */
const MAX_NAMES = 2 ** 14

const COLON = 0x3a
const BACKSLASH = 0x5c
const SPACE = 0x20

/**
 * What JSON.parse makes of a text, which it is not asked before all names of an object are known to be different.
 *
 * @throws RangeError for what is no JSON, and for JSON that others may read as something else: an object with a name twice, also as \u0061
 *   for a; more brackets within one another, or more names in one object, than there are reasons for
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

/** @throws RangeError, see parseJSON; SyntaxError for some of what is no JSON: the rest is JSON.parse's to find */
export function checkText(name: string | ErrorPlace, text: string, maxNames = MAX_NAMES): void {
  /** of each object that is open, the names so far; of an array, nothing */
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

/** Where a string ends that begins with the quote at `at`: at one that has an even number of backslashes before it. */
function closingQuote(text: string, at: number): number {
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at < 0) throw new SyntaxError('expected a closing quote')
    let before = at
    while (text.charCodeAt(before - 1) === BACKSLASH) --before
    if ((at - before) % 2 === 0) return at
  }
}

/** What a string stands for, whose quotes it still has. */
function decoded(string: string): string {
  return string.includes('\\') ? (JSON.parse(string) as string) : string.slice(1, -1)
}

function isBeforeColon(text: string, at: number): boolean {
  while (text.charCodeAt(at) <= SPACE) ++at
  return text.charCodeAt(at) === COLON
}
