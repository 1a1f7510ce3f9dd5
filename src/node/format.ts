import { rangeError } from '../base/argument-error.js'
import { parseJSON as parseText } from '../base/json-text.js'
import { LENGTH_BYTES } from '../formats/safetensors-file.js'

const BRACE = 0x7b

/** How many of the first bytes formatOf looks at. */
export const FORMAT_BYTES = LENGTH_BYTES + 1

/**
 * The format of a file that begins with these bytes, if it is one of the two. Both begin with JSON, safetensors after a
 * length.
 */
export function formatOf(bytes: Uint8Array): 'json' | 'safetensors' | undefined {
  if (bytes.at(0) === BRACE) return 'json'
  return bytes.at(LENGTH_BYTES) === BRACE ? 'safetensors' : undefined
}

/** @throws RangeError unless it is JSON in UTF-8, see parseJSON of a text */
export function parseJSON(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw rangeError('json', 'UTF-8', undefined, { cause })
  }
  return parseText('json', text)
}
