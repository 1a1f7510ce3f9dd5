/**
 * The binary format: safetensors, so that other languages read the weights.
 *
 *     8 bytes   length n of the header, little-endian
 *     n bytes   header, JSON: { "__metadata__": { name: text }, tensor: { dtype, shape, data_offsets: [start, end] }, … }
 *     the rest  the tensors, little-endian, without gaps
 *
 * Tensors: `layers.0.weights` (units × inputs), `layers.0.biases` …; `gradients` and `optimizer.0` … `optimizer.2` hold one
 * number per parameter. The metadata `deltaprop` holds the version, `network` and `progress`, as JSON; other names are the user's.
 * Checkpoints of fit have `training` there, too, and for each array that goes with it a tensor `training.average` …
 */
import { checkInteger, checkKeys, checkObject, show } from '../check.js'
import { newFloats, numberBytes, type Floats, type Precision } from '../floats.js'
import { parameterCount, parameterPlaces, resolveSpec, type Spec } from '../spec.js'
import { checkMetadata, type Metadata } from './metadata.js'
import { arrayNames, readTraining, writeTraining } from './saved-training.js'
import { checkVersion, readNetwork, readProgress, savedSlots, VERSION, type Saved } from './saved.js'

interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Floats
}

const LENGTH_BYTES = 8
const ALIGNMENT = 8

export function writeSafetensors(saved: Saved): Uint8Array<ArrayBuffer> {
  const spec = resolveSpec(saved.network, undefined)
  const tensors = listTensors(spec, saved)
  const size = numberBytes(spec.precision)
  const { network, progress } = saved
  const training = saved.training && writeTraining(saved.training)
  const metadata = { version: VERSION, network, progress, training }
  const header: Record<string, unknown> = {
    __metadata__: { ...saved.metadata, deltaprop: JSON.stringify(metadata) },
  }
  let end = 0
  for (const { name, shape, values } of tensors) {
    const start = end
    end += values.length * size
    header[name] = { dtype: spec.precision.toUpperCase(), shape, data_offsets: [start, end] }
  }

  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerBytes = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end).fill(
    0x20,
    LENGTH_BYTES,
    LENGTH_BYTES + headerBytes,
  )
  bytes.set(text, LENGTH_BYTES)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(headerBytes), true)
  let offset = LENGTH_BYTES + headerBytes
  for (const { values } of tensors) {
    for (const value of values) {
      // A constant NaN, so that no payload of one engine gets into a file.
      const canonical = Number.isNaN(value) ? NaN : value
      if (size === 8) view.setFloat64(offset, canonical, true)
      else view.setFloat32(offset, canonical, true)
      offset += size
    }
  }
  return bytes
}

/** @throws TypeError or RangeError that says what is wrong; nothing is allocated that the file does not have the bytes for */
export function readSafetensors(bytes: unknown): Saved {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`bytes: expected a Uint8Array, got ${show(bytes)}`)
  const { header, data } = split(bytes)
  const { metadata, ...given } = readMetadata(header.get('__metadata__'))
  const { options, spec } = readNetwork('network', given.network, bytes.length)
  const progress = readProgress('progress', given.progress)

  const places = parameterPlaces(spec)
  const count = parameterCount(spec)
  const expected = new Map<string, readonly number[]>()
  for (const { layer, kind, shape } of places) expected.set(`layers.${layer}.${kind}`, shape)
  for (let i = 0; i < savedSlots(progress); ++i) expected.set(`optimizer.${i}`, [count])
  if (progress.pending > 0) expected.set('gradients', [count])
  const training = given.training === undefined ? undefined : readTraining(given.training)
  const arrays = training === undefined ? [] : arrayNames(training, savedSlots(progress))
  for (const name of arrays) expected.set(`training.${name}`, [count])
  checkTensors(header, expected, spec.precision, data.byteLength)

  const read = (name: string): Floats => readTensor(header.get(name), data, spec.precision)
  const parameters = newFloats(count, spec.precision)
  for (const { layer, kind, start } of places) parameters.set(read(`layers.${layer}.${kind}`), start)
  return {
    network: options,
    parameters,
    gradients: progress.pending > 0 ? read('gradients') : undefined,
    progress,
    slots: Array.from({ length: savedSlots(progress) }, (_, i) => read(`optimizer.${i}`)),
    training: training && {
      ...training,
      arrays: new Map(arrays.map((name) => [name, read(`training.${name}`)])),
    },
    metadata,
  }
}

function listTensors(spec: Spec, { parameters, gradients, slots, training }: Saved): Tensor[] {
  const places = parameterPlaces(spec)
  const tensors = places.map(({ layer, kind, shape, start, end }) => {
    return { name: `layers.${layer}.${kind}`, shape, values: parameters.subarray(start, end) }
  })
  const states = slots.map((values, i) => ({ name: `optimizer.${i}`, shape: [values.length], values }))
  const sums =
    gradients === undefined ? [] : [{ name: 'gradients', shape: [gradients.length], values: gradients }]
  const others = Array.from(training?.arrays ?? [], ([name, values]) => {
    return { name: `training.${name}`, shape: [values.length], values }
  })
  return [...tensors, ...states, ...sums, ...others]
}

function split(bytes: Uint8Array): { header: ReadonlyMap<string, unknown>; data: DataView } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const room = bytes.length - LENGTH_BYTES
  if (room < 0) throw new RangeError(`bytes: expected at least ${LENGTH_BYTES} bytes, got ${bytes.length}`)
  const headerBytes = view.getBigUint64(0, true)
  if (headerBytes > room) {
    throw new RangeError(
      `bytes: expected a header of at most ${room} bytes, got ${headerBytes}: cut off, or another format`,
    )
  }
  const dataStart = LENGTH_BYTES + Number(headerBytes)
  const header = parse('bytes', new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, dataStart)))
  return {
    header: new Map(Object.entries(checkObject('bytes', header))),
    data: new DataView(bytes.buffer, bytes.byteOffset + dataStart, bytes.length - dataStart),
  }
}

function readMetadata(value: unknown): {
  network: unknown
  progress: unknown
  training: unknown
  metadata: Metadata
} {
  const { deltaprop, ...others } = checkObject('__metadata__', value ?? {})
  if (typeof deltaprop !== 'string') {
    throw new RangeError(
      '__metadata__: expected an entry "deltaprop", which other safetensors files do not have',
    )
  }
  const json = parse('__metadata__.deltaprop', deltaprop)
  const saved = checkKeys('__metadata__.deltaprop', json, ['version', 'network', 'progress', 'training'])
  checkVersion(saved.version)
  const { network, progress, training } = saved
  return { network, progress, training, metadata: checkMetadata('__metadata__', others) }
}

/** The tensors are those expected, of the right type and shape, and fill the data without gaps or overlaps. */
function checkTensors(
  header: ReadonlyMap<string, unknown>,
  expected: ReadonlyMap<string, readonly number[]>,
  precision: Precision,
  dataBytes: number,
): void {
  const ends = new Map<number, number>()
  for (const [name, value] of header) {
    if (name === '__metadata__') continue
    const shape = expected.get(name)
    if (shape === undefined) throw new RangeError(`bytes: expected no tensor ${show(name)} in this network`)
    const tensor = checkKeys(name, value, ['dtype', 'shape', 'data_offsets'])
    const dtype = precision.toUpperCase()
    if (tensor.dtype !== dtype)
      throw new RangeError(`${name}.dtype: expected ${dtype}, got ${show(tensor.dtype)}`)
    if (!isShape(tensor.shape, shape)) {
      throw new RangeError(`${name}.shape: expected [${shape.join(', ')}], got ${showEntries(tensor.shape)}`)
    }
    const { start, end } = offsets(name, tensor.data_offsets, dataBytes)
    const bytes = shape.reduce((product, size) => product * size, numberBytes(precision))
    if (end - start !== bytes) throw new RangeError(`${name}: expected ${bytes} bytes, got ${end - start}`)
    ends.set(start, end)
  }
  const missing = [...expected.keys()].find((name) => !header.has(name))
  if (missing !== undefined) throw new RangeError(`bytes: expected a tensor ${show(missing)}`)
  let covered: number | undefined = 0
  for (let i = 0; i < expected.size && covered !== undefined; ++i) covered = ends.get(covered)
  if (covered !== dataBytes)
    throw new RangeError('bytes: expected tensors that fill the data without gaps or overlaps')
}

/** A value as a message shows it, an array by its first entries: a file may hold any number of them, nested to any depth. */
function showEntries(value: unknown): string {
  if (!Array.isArray(value)) return show(value)
  const entries = value.slice(0, 3).map(show)
  return `[${entries.join(', ')}${value.length > 3 ? ', …' : ''}]`
}

function isShape(value: unknown, shape: readonly number[]): boolean {
  return Array.isArray(value) && value.length === shape.length && shape.every((size, i) => value[i] === size)
}

function offsets(name: string, value: unknown, dataBytes: number): { start: number; end: number } {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new RangeError(`${name}.data_offsets: expected [start, end], got ${showEntries(value)}`)
  }
  const start = checkInteger(`${name}.data_offsets[0]`, value[0], { min: 0, max: dataBytes })
  return { start, end: checkInteger(`${name}.data_offsets[1]`, value[1], { min: start, max: dataBytes }) }
}

function readTensor(tensor: unknown, data: DataView, precision: Precision): Floats {
  const [start, end] = (tensor as { data_offsets: [number, number] }).data_offsets
  const size = numberBytes(precision)
  const values = newFloats((end - start) / size, precision)
  for (let i = 0; i < values.length; ++i) {
    const at = start + i * size
    values[i] = precision === 'f64' ? data.getFloat64(at, true) : data.getFloat32(at, true)
  }
  return values
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RangeError(`${name}: expected JSON: cut off, or another format`, { cause })
  }
}
