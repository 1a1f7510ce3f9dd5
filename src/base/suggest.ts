/** Guesses what an unknown name was meant to be. Evaluated only when an error is built from it. */
import { showName } from './show.js'

/**
 * The meanings of names that are unknown here, such as those of other libraries: a known name, ignored where that is
 * not known, or a sentence saying where the name belongs. The keys are names as returned by `bare`, several of them
 * separated by spaces; '' is the sentence for anything that is not a name, or not an object, and '*' the one for an
 * object without any known key.
 */
export type OtherNames = Readonly<Record<string, string>>

/** A hint: `did you mean sigmoid?` or `it belongs to …`; '' if no known name is similar. */
export function suggestion(given: unknown, known: readonly string[], others?: OtherNames): string {
  const meant = typeof given === 'string' ? meaning(given, known, others) : others?.['']
  if (meant === undefined) return ''
  return known.includes(meant) ? `did you mean ${showName(meant)}?` : meant
}

function meaning(
  given: string,
  known: readonly string[],
  others: OtherNames | undefined,
): string | undefined {
  const name = bare(given)
  if (name === '') return undefined
  const same = known.find((each) => bare(each) === name)
  if (same !== undefined) return same
  const other = Object.entries(others ?? {}).find(
    ([names, meant]) => names.split(' ').includes(name) && (meant.includes(' ') || known.includes(meant)),
  )
  if (other !== undefined) return other[1]
  if (name.length > MAX_LENGTH) return undefined
  return nearest(name, known) ?? (others && partOf(name, known))
}

/** Longer names were meant to be something else. */
const MAX_LENGTH = 40

/**
 * A name without the spelling differences between libraries: `leaky-relu`, `leaky_relu` and `LeakyReLU` all become
 * leakyrelu.
 */
function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/**
 * The only name with the fewest typing errors; names with different digits, such as x10 and x11, never count as
 * misspellings of each other.
 */
function nearest(name: string, known: readonly string[]): string | undefined {
  const most = name.length < 3 ? 0 : Math.min(3, 1 + Math.floor(name.length / 8))
  for (let slips = 1; slips <= most; ++slips) {
    const found = known.filter((each) => digits(each) === digits(name) && isWithin(slips, bare(each), name))
    if (found.length > 0) return found.length === 1 ? found[0] : undefined
  }
  return undefined
}

/**
 * Whether at most `slips` typing errors turn one into the other: a letter missing, extra, wrong or swapped with the
 * next (the Damerau–Levenshtein distance, with no letter changed twice).
 */
function isWithin(slips: number, a: string, b: string): boolean {
  if (a === b) return true
  if (slips === 0) return false
  const [restA, restB] = [a.slice(1), b.slice(1)]
  if (a[0] === b[0]) return isWithin(slips, restA, restB)
  const isExchanged = a[0] === b[1] && a[1] === b[0]
  return (
    isWithin(slips - 1, restA, b) ||
    isWithin(slips - 1, a, restB) ||
    isWithin(slips - 1, restA, restB) ||
    (isExchanged && isWithin(slips - 1, restA.slice(1), restB.slice(1)))
  )
}

/**
 * The one known name that contains the given one, or is contained in it: `validation_split`, `warmup`; if several
 * are contained in it, the longest.
 */
function partOf(name: string, known: readonly string[]): string | undefined {
  const isIn = (part: string, whole: string): boolean => part.length >= MIN_PART && whole.includes(part)
  const within = known.filter((each) => isIn(bare(each), name)).sort((a, b) => b.length - a.length)
  const around = known.filter((each) => isIn(name, bare(each)))
  return within[0] ?? (around.length === 1 ? around[0] : undefined)
}

/** Letters needed for a significant match: relu and adam, inside the names of other functions, are too short. */
const MIN_PART = 5

function digits(name: string): string {
  return name.replace(/\P{N}/gu, '')
}
