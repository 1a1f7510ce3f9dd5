/** `.keras`: a ZIP of metadata.json, config.json and model.weights.h5. */
import { rangeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import { parseJSON } from '../../base/json-text.js'
import { unzipped, zipEntries } from '../zip/zip.js'

export interface KerasArchive {
  readonly metadata: unknown
  readonly config: unknown
  /** HDF5 */
  readonly weights: Uint8Array
}

/** What other ZIPs have, and how they get here. */
const others: readonly (readonly [name: RegExp, hint: string])[] = [
  [/(^|\/)data\.pkl$/, 'it is of PyTorch: fromStateDict reads what safetensors.torch.save_file writes'],
  [/\.npy$/, 'it is of NumPy: fromStateDict reads what safetensors.numpy.save_file writes'],
]

/** @throws RangeError unless it has all three files, not much larger than the ZIP itself */
export function openArchive(bytes: Uint8Array): KerasArchive {
  const entries = zipEntries(bytes)
  // Keras stores them; another program may have compressed them.
  const most = 20 * bytes.length + 2 ** 20
  const read = (name: string): Uint8Array => {
    const entry = entries.get(name)
    if (entry !== undefined) return unzipped(bytes, name, entry, most)
    const names = [...entries.keys()].slice(0, 1000)
    const [, hint = ''] = others.find(([other]) => names.some((each) => other.test(each))) ?? []
    const got = names.length === 0 ? 'none' : names.slice(0, 3).map(show).join(', ')
    throw rangeError('bytes', `a file of Keras, with ${name}`, got, { hint })
  }
  const json = (name: string): unknown => parseJSON(name, new TextDecoder().decode(read(name)))
  return {
    metadata: json('metadata.json'),
    config: json('config.json'),
    weights: read('model.weights.h5'),
  }
}
