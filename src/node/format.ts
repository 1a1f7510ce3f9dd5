import { LENGTH_BYTES } from '../formats/safetensors-file.js'

const BRACE = 0x7b

/** How many of the first bytes formatOf looks at. */
export const FORMAT_BYTES = LENGTH_BYTES + 1

/** What a file that begins with these bytes can be; undefined: neither. Both are JSON there, safetensors behind a length. */
export function formatOf(bytes: Uint8Array): 'json' | 'safetensors' | undefined {
  if (bytes.at(0) === BRACE) return 'json'
  return bytes.at(LENGTH_BYTES) === BRACE ? 'safetensors' : undefined
}

/** @throws RangeError for what is no JSON */
export function parseJSON(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new RangeError('expected JSON, got something else: cut off, or another format', { cause })
  }
}
