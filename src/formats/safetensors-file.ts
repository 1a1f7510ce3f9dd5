import { rangeError } from '../base/argument-error.js'
import { partOf } from '../base/byte-order.js'
import { parameterCount, parameterRanges, type Architecture } from '../definition/architecture.js'
import { checkKeys, checkObject, show } from '../base/check.js'
import { newFloats, numberBytes, type Floats } from '../base/floats.js'
import { CHECKSUM, checksumOf, digestOf, withoutChecksum, type TensorDigest } from './checksum.js'
import { parseJSON } from '../base/json-text.js'
import { checkMetadata, type Metadata } from '../base/metadata.js'
import { checkFinite, readNumbers } from './numbers.js'
import { checkVersion, readArchitecture } from './saved-architecture.js'
import { offsetsOf, openTensors, showEntries } from './tensor-file.js'

/** A safetensors file, with the tensors that safetensors.ts describes, with its architecture checked. */
export interface SafetensorsFile {
  /** tensors by name, and the metadata */
  readonly header: ReadonlyMap<string, unknown>
  readonly data: DataView
  readonly architecture: Architecture
  /** the options of the network; only those of the architecture have been checked */
  readonly options: Record<string, unknown>
  readonly progress: unknown
  readonly training: unknown
  readonly metadata: Metadata
}

/** @throws TypeError or RangeError that says what is wrong; allocates no more than the file has bytes for */
export function openSafetensors(bytes: unknown): SafetensorsFile {
  const { header, data } = openTensors(bytes)
  const { network, ...others } = readMetadata(header.get('__metadata__'))
  const tensors = header.size - 1
  const numbers = Math.floor(data.byteLength / numberBytes('f32'))
  return {
    header,
    data,
    ...readArchitecture('network', network, numbers, Math.floor(tensors / 2)),
    ...others,
  }
}

/** The tensors of the parameters, and their shapes. */
export function parameterShapes(architecture: Architecture): Map<string, readonly number[]> {
  const ranges = parameterRanges(architecture)
  return new Map(ranges.map(({ layer, kind, shape }) => [`layers.${layer}.${kind}`, shape]))
}

/**
 * Checks that the tensors are those expected, have the right type and shape, fill the data without gaps or overlaps,
 * and are unchanged since they were saved.
 *
 * @param shapeOfOther the shape of an optional tensor by its name; undefined if there may be none of that name
 * @throws TypeError or RangeError that names the tensor, or says that the checksum does not match
 */
export function checkTensors(
  file: SafetensorsFile,
  expected: ReadonlyMap<string, readonly number[]>,
  shapeOfOther: (name: string) => readonly number[] | undefined = () => undefined,
): void {
  const { header, data, architecture } = file
  const { precision } = architecture
  const dataBytes = data.byteLength
  const ends = new Map<number, number>()
  let count = 0
  for (const [name, value] of header) {
    if (name === '__metadata__') continue
    const shape = expected.get(name) ?? shapeOfOther(name)
    if (shape === undefined) throw rangeError('bytes', `no tensor ${show(name)} in this network`)
    const tensor = checkKeys(name, value, ['dtype', 'shape', 'data_offsets'])
    const dtype = precision.toUpperCase()
    if (tensor.dtype !== dtype) throw rangeError(`${name}.dtype`, dtype, show(tensor.dtype))
    if (!isShape(tensor.shape, shape)) {
      throw rangeError(`${name}.shape`, `[${shape.join(', ')}]`, showEntries(tensor.shape))
    }
    const { start, end } = offsetsOf(name, tensor.data_offsets, dataBytes)
    const bytes = shape.reduce((product, size) => product * size, numberBytes(precision))
    if (end - start !== bytes) throw rangeError(name, `${bytes} bytes`, end - start)
    ends.set(start, end)
    count += 1
  }
  const missing = [...expected.keys()].find((name) => !header.has(name))
  if (missing !== undefined) throw rangeError('bytes', `a tensor ${show(missing)}`)
  let covered: number | undefined = 0
  for (let i = 0; i < count && covered !== undefined; ++i) covered = ends.get(covered)
  if (covered !== dataBytes) throw rangeError('bytes', 'tensors that fill the data without gaps or overlaps')
  checkChecksum(file)
}

/** @throws RangeError if the file, whose tensors have been checked, has a checksum that does not match */
function checkChecksum(file: SafetensorsFile): void {
  const { header } = file
  const texts = header.get('__metadata__') as Record<string, unknown>
  const { [CHECKSUM]: expected } = texts
  if (expected === undefined) return
  const digests: TensorDigest[] = []
  for (const [name, tensor] of header) {
    if (name === '__metadata__') continue
    const { dtype, shape } = tensor as Partial<Record<string, unknown>>
    digests.push([name, dtype, shape, digestOf(dataOf(file, name))])
  }
  if (checksumOf(texts, digests) === expected) return
  throw rangeError(
    'bytes',
    'what was saved',
    'other numbers or texts: take another copy or, if they were changed on purpose, drop "deltaprop.checksum" from the metadata',
  )
}

/** @throws RangeError that names the tensor and position of a parameter that is not finite */
export function readParameters(file: SafetensorsFile): Floats {
  const { architecture } = file
  const parameters = newFloats(parameterCount(architecture), architecture.precision)
  for (const { layer, kind, shape, start, end } of parameterRanges(architecture)) {
    const name = `layers.${layer}.${kind}`
    const values = parameters.subarray(start, end)
    readNumbers(values, dataOf(file, name))
    checkFinite(name, values, shape[1])
  }
  return parameters
}

/** The tensors of the state of training; each has one number per parameter. */
const ofTraining = /^(gradients|optimizer\.\w+|training\.[\w.]+)$/

/** What predictions need of a file, whatever it has of training. */
export interface ToPredict {
  readonly architecture: Architecture
  /** layer by layer, weights then biases */
  readonly parameters: Floats
  readonly metadata: Metadata
}

/** @throws TypeError or RangeError that says what is wrong; allocates no more than the file has bytes for */
export function readToPredict(bytes: unknown): ToPredict {
  const file = openSafetensors(bytes)
  const { architecture, metadata } = file
  const count = parameterCount(architecture)
  checkTensors(file, parameterShapes(architecture), (name) => (ofTraining.test(name) ? [count] : undefined))
  return { architecture, parameters: readParameters(file), metadata }
}

/** The numbers of a tensor that has been checked. */
export function readTensor(file: SafetensorsFile, name: string): Floats {
  const { precision } = file.architecture
  const data = dataOf(file, name)
  const values = newFloats(data.byteLength / numberBytes(precision), precision)
  readNumbers(values, data)
  return values
}

/** The bytes of a tensor that has been checked. */
function dataOf({ header, data }: SafetensorsFile, name: string): DataView {
  const [start, end] = (header.get(name) as { data_offsets: [number, number] }).data_offsets
  return partOf(data, start, end)
}

function readMetadata(value: unknown): {
  network: unknown
  progress: unknown
  training: unknown
  metadata: Metadata
} {
  const { deltaprop, ...others } = withoutChecksum(checkObject('__metadata__', value ?? {}))
  if (typeof deltaprop !== 'string') {
    throw rangeError('__metadata__', 'an entry "deltaprop", which other safetensors files do not have')
  }
  const json = parseJSON('__metadata__.deltaprop', deltaprop)
  const saved = checkKeys('__metadata__.deltaprop', json, ['version', 'network', 'progress', 'training'])
  checkVersion(saved.version)
  const { network, progress, training } = saved
  return { network, progress, training, metadata: checkMetadata('__metadata__', others) }
}

function isShape(value: unknown, shape: readonly number[]): boolean {
  return Array.isArray(value) && value.length === shape.length && shape.every((size, i) => value[i] === size)
}
