/** What a name that is not known was meant to be. It is looked for when an error is made of it, and not before. */
import { showName } from './show.js'

/**
 * What names mean that are not known here, as those of other libraries: a known name, which is ignored where that is not known, or a
 * sentence that says where the name belongs. The keys are names as `bare` makes them, several with spaces between; '' is the sentence for
 * what is no name, or no object, and '*' the one for an object of which no key is known.
 */
export type OtherNames = Readonly<Record<string, string>>

/** A hint: `did you mean sigmoid?` or `it belongs to …`; nothing where the name is like none that is known. */
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

/** Longer names have been meant to be something else. */
const MAX_LENGTH = 40

/** A name without what libraries differ in: `leaky-relu`, `leaky_relu` and `LeakyReLU` are leakyrelu. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** The one name with the fewest slips; of names with other digits in them, x10 and x11, none is a slip of the other. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const most = name.length < 3 ? 0 : Math.min(3, 1 + Math.floor(name.length / 8))
  for (let slips = 1; slips <= most; ++slips) {
    const found = known.filter((each) => digits(each) === digits(name) && isWithin(slips, bare(each), name))
    if (found.length > 0) return found.length === 1 ? found[0] : undefined
  }
  return undefined
}

/**
 * Whether one comes of the other by so many slips: a letter left out, one too many, another or exchanged with the next (the distance of
 * Damerau and Levenshtein, no letter changed twice).
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

/** The one name that has the other in it, or is in it: `validation_split`, `warmup`; of several, the longest that is in it. */
function partOf(name: string, known: readonly string[]): string | undefined {
  const isIn = (part: string, whole: string): boolean => part.length >= MIN_PART && whole.includes(part)
  const within = known.filter((each) => isIn(bare(each), name)).sort((a, b) => b.length - a.length)
  const around = known.filter((each) => isIn(name, bare(each)))
  return within[0] ?? (around.length === 1 ? around[0] : undefined)
}

/** Letters that say enough: relu and adam, in names of other functions, do not. */
const MIN_PART = 5

function digits(name: string): string {
  return name.replace(/\P{N}/gu, '')
}
