import { checkKeys, checkObject, show } from '../check.js'
import { newFloats, type Floats } from '../floats.js'
import { checkMetadata, type Metadata } from './metadata.js'
import { parameterCount, parameterPlaces, resolveSpec, type LongOptions } from '../spec.js'
import {
  checkVersion,
  readNetwork,
  readProgress,
  savedSlots,
  VERSION,
  type Progress,
  type Saved,
} from './saved.js'

/** A number, or the text of one that JSON has no number for: "NaN", "Infinity", "-Infinity", "-0". */
export type JSONNumber = number | string

/** What Network.toJSON returns. Every number is the shortest decimal from which the same bits come back. */
export interface NetworkJSON {
  readonly format: 'deltaprop'
  readonly version: number
  readonly network: LongOptions
  /** first to last; weights as units rows of inputs numbers */
  readonly layers: readonly {
    readonly weights: readonly JSONNumber[][]
    readonly biases: readonly JSONNumber[]
  }[]
  readonly progress: Progress
  /** what the optimiser keeps, each in the order of the parameters: layer by layer, weights then biases */
  readonly slots: readonly JSONNumber[][]
  /** accumulated gradients, in the same order */
  readonly gradients?: readonly JSONNumber[]
  readonly metadata?: Metadata
}

export function writeJSON({ network, parameters, gradients, progress, slots, metadata }: Saved): NetworkJSON {
  const places = parameterPlaces(resolveSpec(network, undefined))
  const layers = network.layers.map(({ units }, l) => {
    const [w, b] = places.slice(2 * l, 2 * l + 2)
    const inputs = (w.end - w.start) / units
    const row = (j: number): Floats => parameters.subarray(w.start + j * inputs, w.start + (j + 1) * inputs)
    return {
      weights: Array.from({ length: units }, (_, j) => numbers(row(j))),
      biases: numbers(parameters.subarray(b.start, b.end)),
    }
  })
  return {
    format: 'deltaprop',
    version: VERSION,
    network,
    layers,
    progress,
    slots: slots.map(numbers),
    ...(gradients === undefined ? {} : { gradients: numbers(gradients) }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  }
}

/** @throws TypeError or RangeError that names what is wrong */
export function readJSON(json: unknown): Saved {
  const given = checkKeys('json', json, [
    'format',
    'version',
    'network',
    'layers',
    'progress',
    'slots',
    'gradients',
    'metadata',
  ])
  if (given.format !== 'deltaprop')
    throw new RangeError(`format: expected "deltaprop", got ${show(given.format)}`)
  checkVersion(given.version)
  const layers = array('layers', given.layers)
  const { options, spec } = readNetwork('network', given.network, countNumbers(layers))
  if (layers.length !== spec.layers.length) {
    throw new RangeError(`layers: expected ${spec.layers.length} layers, got ${layers.length}`)
  }
  const progress = readProgress('progress', given.progress)

  const places = parameterPlaces(spec)
  const count = parameterCount(spec)
  const parameters = newFloats(count, spec.precision)
  for (const { layer, kind, start, shape } of places) {
    const { [kind]: value } = checkKeys(`layers[${layer}]`, layers[layer], ['weights', 'biases'])
    fill(parameters, start, shape, `layers[${layer}].${kind}`, value)
  }
  const slotValues = array('slots', given.slots, savedSlots(progress))
  const slots = Array.from(slotValues, (value, i) =>
    fill(newFloats(count, spec.precision), 0, [count], `slots[${i}]`, value),
  )
  if (progress.pending === 0 && given.gradients !== undefined) {
    throw new RangeError(`gradients: expected none, as no samples are pending, got ${show(given.gradients)}`)
  }
  const gradients =
    progress.pending > 0
      ? fill(newFloats(count, spec.precision), 0, [count], 'gradients', given.gradients)
      : undefined
  const metadata = checkMetadata('metadata', given.metadata ?? {})
  return { network: options, parameters, gradients, progress, slots, metadata }
}

/** Each as the shortest decimal. */
export function numbers(values: Floats): JSONNumber[] {
  const shorten = values instanceof Float32Array ? shortest32 : (value: number): number => value
  return Array.from(values, (value) => {
    if (!Number.isFinite(value)) return String(value)
    return Object.is(value, -0) ? '-0' : shorten(value)
  })
}

/** The number whose decimal is the shortest of those that round to the same f32. */
function shortest32(value: number): number {
  for (let digits = 6; digits < 9; ++digits) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

function array(name: string, value: unknown, length?: number): unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${name}: expected an array, got ${show(value)}`)
  if (length !== undefined && value.length !== length) {
    throw new RangeError(`${name}: expected ${length} entries, got ${value.length}`)
  }
  return value
}

/** How many numbers the layers hold; what is no array holds none. */
function countNumbers(layers: readonly unknown[]): number {
  let count = 0
  for (const [l, layer] of layers.entries()) {
    const { weights, biases } = checkObject(`layers[${l}]`, layer)
    for (const row of [...array(`layers[${l}].weights`, weights), biases]) {
      count += Array.isArray(row) ? row.length : 0
    }
  }
  return count
}

/** Writes the numbers of a nested array of this shape into values, from start on. */
function fill(values: Floats, start: number, shape: readonly number[], name: string, value: unknown): Floats {
  const [length, ...inner] = shape
  const size = inner.reduce((product, n) => product * n, 1)
  for (const [i, entry] of array(name, value, length).entries()) {
    if (inner.length > 0) fill(values, start + i * size, inner, `${name}[${i}]`, entry)
    else values[start + i] = readNumber(`${name}[${i}]`, entry, values)
  }
  return values
}

function readNumber(name: string, value: unknown, { BYTES_PER_ELEMENT }: Floats): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity' || value === '-0') return Number(value)
  if (typeof value !== 'number') throw new TypeError(`${name}: expected a number, got ${show(value)}`)
  const precision = BYTES_PER_ELEMENT === 4 ? 'f32' : 'f64'
  if (Number.isFinite(precision === 'f32' ? Math.fround(value) : value)) return value
  throw new RangeError(`${name}: expected a number within the range of ${precision}, got ${value}`)
}
