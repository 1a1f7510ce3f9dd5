import { checkObject, show } from './check.js'

/** Texts by name that a network takes along into its files. */
export type Metadata = Readonly<Record<string, string>>

const MAX_ENTRIES = 1024
const MAX_CHARACTERS = 2 ** 24

/**
 * A checked, frozen copy, without a prototype, because any text may be a name.
 *
 * @throws TypeError or RangeError that says what is wrong
 */
export function checkMetadata(name: string, value: unknown): Metadata {
  const entries = Object.entries(checkObject(name, value))
  if (entries.length > MAX_ENTRIES) {
    throw new RangeError(`${name}: expected at most ${MAX_ENTRIES} entries, got ${entries.length}`)
  }
  const metadata = Object.create(null) as Record<string, string>
  let characters = 0
  for (const [key, text] of entries) {
    if (/^deltaprop(\.checksum)?$/.test(key))
      throw new RangeError(`${name}: expected no entry ${show(key)}, the network's own`)
    if (typeof text !== 'string')
      throw new TypeError(`${name}: expected a text as ${show(key)}, got ${show(text)}`)
    // Half a surrogate pair has no UTF-8.
    if (/\p{Cs}/u.test(key + '\n' + text)) throw new RangeError(`${name}: expected Unicode as ${show(key)}`)
    characters += key.length + text.length
    metadata[key] = text
  }
  if (characters <= MAX_CHARACTERS) return Object.freeze(metadata)
  throw new RangeError(`${name}: expected at most ${MAX_CHARACTERS} characters, got ${characters}`)
}
