import { rangeError } from '../base/argument-error.js'
import { parameterCount, resolveArchitecture, type Architecture } from '../definition/architecture.js'
import { checkKeys, show } from '../base/check.js'

/** The version of both formats; raised by a change that earlier readers cannot read. */
export const VERSION = 1

const damaged = ': cut off or damaged'

/** @throws RangeError unless this is a version that can be read */
export function checkVersion(version: unknown): void {
  if (version !== VERSION) throw rangeError('version', `${VERSION}`, show(version))
}

/**
 * The network that a file describes: its architecture, checked, and its options in the long form, to be completed to a
 * spec.
 *
 * @param fileNumbers limits the parameters, so that false sizes allocate nothing
 * @param fileLayers limits the layers; compared first
 * @throws TypeError or RangeError that names what is wrong
 */
export function readArchitecture(
  name: string,
  value: unknown,
  fileNumbers: number,
  fileLayers: number,
): { architecture: Architecture; options: Record<string, unknown> } {
  const names = ['inputs', 'layers', 'loss', 'precision', 'seed', 'engine', 'arithmetic']
  const options = checkKeys(name, value, names)
  const missing = names.find((key) => !Object.hasOwn(options, key))
  if (missing !== undefined) throw rangeError(name, `an entry ${missing}`)
  const layers = Array.isArray(options.layers) ? options.layers.length : 0
  if (layers > fileLayers) {
    throw rangeError(name, `at most ${fileLayers} layers in this file`, `${layers}${damaged}`)
  }
  const architecture = resolveArchitecture(options)
  const count = parameterCount(architecture)
  if (count <= fileNumbers) return { architecture, options }
  throw rangeError(name, `at most ${fileNumbers} parameters in this file`, `${count}${damaged}`)
}
