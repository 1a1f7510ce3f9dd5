import { rangeError, typeError } from '../base/argument-error.js'
import { parameterCount, parameterRanges, type Architecture } from '../definition/architecture.js'
import { checkKeys, checkObject, show } from '../base/check.js'
import { newFloats, type Floats } from '../base/floats.js'
import { checkFinite, numberOfText } from './numbers.js'
import { checkMetadata, type Metadata } from '../base/metadata.js'
import { checkVersion, readArchitecture } from './saved-architecture.js'

/** The JSON of a network, as Network.toJSON writes it, with its architecture checked. */
export interface JSONFile {
  readonly architecture: Architecture
  /** the options of the network; only those of the architecture have been checked */
  readonly options: Record<string, unknown>
  /** as many as the architecture has; their contents, and the entries below, have not been checked */
  readonly layers: readonly unknown[]
  readonly progress: unknown
  readonly slots: unknown
  readonly gradients: unknown
  readonly metadata: Metadata
}

/** @throws TypeError or RangeError that names what is wrong */
export function openJSON(json: unknown): JSONFile {
  const { format } = checkObject('json', json, { '': 'JSON.parse makes one of a text' })
  if (format !== 'deltaprop') throw rangeError('format', '"deltaprop", of a network', show(format))
  const names = ['format', 'version', 'network', 'layers', 'progress', 'slots', 'gradients', 'metadata']
  const given = checkKeys('json', json, names)
  checkVersion(given.version)
  const layers = readArray('layers', given.layers)
  const { architecture, options } = readArchitecture(
    'network',
    given.network,
    countNumbers(layers),
    layers.length,
  )
  const { length } = architecture.layers
  if (layers.length !== length) {
    throw rangeError('layers', `${length} layers`, layers.length)
  }
  const { progress, slots, gradients, metadata } = given
  return {
    architecture,
    options,
    layers,
    progress,
    slots,
    gradients,
    metadata: checkMetadata('metadata', metadata ?? {}),
  }
}

/** @throws TypeError or RangeError that names what is wrong, also a parameter that is not finite */
export function readParameters({ layers, architecture }: JSONFile): Floats {
  const parameters = newFloats(parameterCount(architecture), architecture.precision)
  for (const { layer, kind, start, end, shape } of parameterRanges(architecture)) {
    const { [kind]: value } = checkKeys(`layers[${layer}]`, layers[layer], ['weights', 'biases'])
    const name = `layers[${layer}].${kind}`
    fill(parameters, start, shape, name, value)
    checkFinite(name, parameters.subarray(start, end), shape[1])
  }
  return parameters
}

/** Writes the numbers of a nested array of this shape into `values`, from index `start`. */
export function fill(
  values: Floats,
  start: number,
  shape: readonly number[],
  name: string,
  value: unknown,
): Floats {
  const [length, ...inner] = shape
  const size = inner.reduce((product, n) => product * n, 1)
  for (const [i, entry] of readArray(name, value, length).entries()) {
    if (inner.length > 0) fill(values, start + i * size, inner, `${name}[${i}]`, entry)
    else values[start + i] = readNumber(`${name}[${i}]`, entry, values)
  }
  return values
}

function readNumber(name: string, value: unknown, values: Floats): number {
  if (typeof value !== 'number') {
    const special = numberOfText(value)
    if (special !== undefined) return special
    throw typeError(name, 'a number', show(value))
  }
  const isF32 = values instanceof Float32Array
  if (Number.isFinite(isF32 ? Math.fround(value) : value)) return value
  throw rangeError(name, `a number within the range of ${isF32 ? 'f32' : 'f64'}`, value)
}

export function readArray(name: string, value: unknown, length?: number): unknown[] {
  if (!Array.isArray(value)) throw typeError(name, 'an array', show(value))
  if (length !== undefined && value.length !== length) {
    throw rangeError(name, `${length} entries`, value.length)
  }
  return value
}

/** How many numbers the layers hold; anything that is not an array counts as none. */
function countNumbers(layers: readonly unknown[]): number {
  let count = 0
  for (const [l, layer] of layers.entries()) {
    const { weights, biases } = checkObject(`layers[${l}]`, layer)
    for (const row of [...readArray(`layers[${l}].weights`, weights), biases]) {
      count += Array.isArray(row) ? row.length : 0
    }
  }
  return count
}
