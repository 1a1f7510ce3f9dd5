import { rangeError } from '../base/argument-error.js'
import { dataOf } from '../base/byte-order.js'
import { parseJSON } from '../base/json-text.js'
import { LENGTH_BYTES } from '../formats/tensor-file.js'

const BRACE = 0x7b

/** The formats of files. What is done with each is a table by name, so that one without its place in a table does not compile. */
export type Format = 'json' | 'safetensors'

/** How files of other tools begin that are neither JSON nor safetensors: ONNX, ZIP, HDF5 and FANN. */
const foreignHeads = ['\x08', 'PK\x03\x04', '\x89HDF', 'FANN_']

/** Whether it may be a file of another tool, by its first bytes, as many as formatOf looks at. */
export function isForeign(bytes: Uint8Array): boolean {
  return foreignHeads.some((head) => Array.from(head).every((letter, i) => bytes[i] === letter.charCodeAt(0)))
}

/** Whether deltaprop can have written it, judged by its beginning. */
export function isOwn(bytes: Uint8Array): boolean {
  switch (formatOf(bytes)) {
    case 'json':
      return /^\{\s*"format"\s*:\s*"deltaprop"/.test(textOf(bytes.subarray(0, 100)))
    case 'safetensors': {
      const length = Number(dataOf(bytes).getBigUint64(0, true))
      return textOf(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length)).includes('"deltaprop":')
    }
    case undefined:
      return false
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** How many of the first bytes formatOf looks at. */
export const FORMAT_BYTES = LENGTH_BYTES + 1

/**
 * The format of a file that begins with these bytes, if it is one of the two. Both begin with JSON, safetensors after a
 * length.
 */
export function formatOf(bytes: Uint8Array): Format | undefined {
  if (bytes.at(0) === BRACE) return 'json'
  return bytes.at(LENGTH_BYTES) === BRACE ? 'safetensors' : undefined
}

/** The format that the name of a file asks for. */
export function formatOfName(file: string): Format {
  return /\.json$/i.test(file) ? 'json' : 'safetensors'
}

/** @throws RangeError unless it is JSON in UTF-8, see parseJSON */
export function parseJSONBytes(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw rangeError('json', 'UTF-8', undefined, { cause })
  }
  return parseJSON('json', text)
}
