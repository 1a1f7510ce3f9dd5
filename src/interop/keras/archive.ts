/** `.keras`: a ZIP of metadata.json, config.json and model.weights.h5. */
import { unzipSync } from './unzip.js'
import { rangeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import { parseJSON } from '../../base/json-text.js'

export interface KerasArchive {
  readonly metadata: unknown
  readonly config: unknown
  /** HDF5 */
  readonly weights: Uint8Array
}

const FILES = ['metadata.json', 'config.json', 'model.weights.h5'] as const

/** PK\x03\x04 */
export function isZip(bytes: Uint8Array): boolean {
  return [0x50, 0x4b, 0x03, 0x04].every((byte, i) => bytes[i] === byte)
}

/** @throws RangeError unless it has all three files, each once, not much larger than the ZIP itself */
export function openArchive(bytes: Uint8Array): KerasArchive {
  const others: string[] = []
  const seen = new Set<string>()
  const most = 20 * bytes.length + 2 ** 20
  const files = unzipped(bytes, (name, size) => {
    if (!(FILES as readonly string[]).includes(name)) {
      others.push(name)
      return false
    }
    if (seen.size === seen.add(name).size)
      throw rangeError('bytes', 'each file of a ZIP once', `${name} again`)
    if (!(size <= most)) throw rangeError(name, `at most ${most} bytes, 20 times the ZIP`, size)
    return true
  })
  const [metadata, config, weights] = FILES.map((name) => {
    if (Object.hasOwn(files, name)) return files[name]
    const got = others.length === 0 ? 'none' : others.slice(0, 3).map(show).join(', ')
    throw rangeError('bytes', `a file of Keras, with ${name}`, got)
  })
  const [readMetadata, readConfig] = [metadata, config].map((part, i) => {
    return parseJSON(FILES[i], new TextDecoder().decode(part))
  })
  return { metadata: readMetadata, config: readConfig, weights }
}

function unzipped(
  bytes: Uint8Array,
  isWanted: (name: string, size: number) => boolean,
): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes, { filter: ({ name, originalSize }) => isWanted(name, originalSize) })
  } catch (cause) {
    if (cause instanceof RangeError && 'details' in cause) throw cause
    throw rangeError('bytes', 'a sound ZIP: this one is cut off or damaged', undefined, { cause })
  }
}
