import { rangeError, typeError } from './argument-error.js'
import { checkObject, show } from './check.js'

/** Named texts that a network saves in its files. */
export type Metadata = Readonly<Record<string, string>>

const MAX_ENTRIES = 1024
const MAX_CHARACTERS = 2 ** 24

/**
 * A checked, frozen copy without a prototype, because any text may be a name.
 *
 * @throws TypeError or RangeError saying what is wrong
 */
export function checkMetadata(name: string, value: unknown): Metadata {
  const entries = Object.entries(checkObject(name, value))
  if (entries.length > MAX_ENTRIES) {
    throw rangeError(name, `at most ${MAX_ENTRIES} entries`, entries.length)
  }
  const metadata = Object.create(null) as Record<string, string>
  let characters = 0
  for (const [key, text] of entries) {
    if (/^deltaprop(\.checksum)?$/.test(key))
      throw rangeError(name, `no entry ${show(key)}, the network's own`)
    if (typeof text !== 'string') throw typeError(name, `a text as ${show(key)}`, show(text))
    // A lone surrogate has no UTF-8 encoding.
    if (/\p{Cs}/u.test(key + '\n' + text)) throw rangeError(name, `Unicode as ${show(key)}`)
    characters += key.length + text.length
    metadata[key] = text
  }
  if (characters <= MAX_CHARACTERS) return Object.freeze(metadata)
  throw rangeError(name, `at most ${MAX_CHARACTERS} characters`, characters)
}

export const noMetadata: Metadata = /* @__PURE__ */ checkMetadata('metadata', {})
