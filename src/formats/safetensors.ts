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
import { parameterCount, parameterPlaces } from '../architecture.js'
import { numberBytes, type Floats } from '../floats.js'
import { resolveSpec, specOptions, type Spec } from '../spec.js'
import {
  checkTensors,
  LENGTH_BYTES,
  openSafetensors,
  parameterShapes,
  readParameters,
  readTensor,
} from './safetensors-file.js'
import { VERSION } from './saved-architecture.js'
import { arrayNames, readTraining, writeTraining } from './saved-training.js'
import { readProgress, savedSlots, type Saved } from './saved.js'

interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Floats
}

const ALIGNMENT = 8

/** Numbers that are written before the next pause: some 1 ms. */
const PART = 2 ** 16

export function writeSafetensors(saved: Saved): Uint8Array<ArrayBuffer> {
  const parts = writeInParts(saved)
  for (;;) {
    const part = parts.next()
    if (part.done === true) return part.value
  }
}

/** The same in parts; nothing of what is saved may change before the last, but for the parameters, which are written as they are then. */
export function* writeInParts(saved: Saved): Generator<undefined, Uint8Array<ArrayBuffer>> {
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
    for (let start = 0; start < values.length; start += PART) {
      const part = values.subarray(start, start + PART)
      writeNumbers(new DataView(bytes.buffer, offset, part.byteLength), part)
      offset += part.byteLength
      yield
    }
  }
  return bytes
}

/** Little-endian; NaN as a constant, so that no payload of one engine gets into a file. */
function writeNumbers(to: DataView, values: Floats): void {
  const isDouble = values instanceof Float64Array
  for (let i = 0; i < values.length; ++i) {
    const canonical = Number.isNaN(values[i]) ? NaN : values[i]
    if (isDouble) to.setFloat64(8 * i, canonical, true)
    else to.setFloat32(4 * i, canonical, true)
  }
}

/** @throws TypeError or RangeError that says what is wrong; nothing is allocated that the file does not have the bytes for */
export function readSafetensors(bytes: unknown): Saved {
  const file = openSafetensors(bytes)
  const { architecture, metadata } = file
  const network = specOptions(resolveSpec(file.options, undefined))
  const progress = readProgress('progress', file.progress)

  const count = parameterCount(architecture)
  const expected = parameterShapes(architecture)
  for (let i = 0; i < savedSlots(progress); ++i) expected.set(`optimizer.${i}`, [count])
  if (progress.pending > 0) expected.set('gradients', [count])
  const training = file.training === undefined ? undefined : readTraining(file.training)
  const arrays = training === undefined ? [] : arrayNames(training, savedSlots(progress))
  for (const name of arrays) expected.set(`training.${name}`, [count])
  checkTensors(file, expected)

  return {
    network,
    parameters: readParameters(file),
    gradients: progress.pending > 0 ? readTensor(file, 'gradients') : undefined,
    progress,
    slots: Array.from({ length: savedSlots(progress) }, (_, i) => readTensor(file, `optimizer.${i}`)),
    training: training && {
      ...training,
      arrays: new Map(arrays.map((name) => [name, readTensor(file, `training.${name}`)])),
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
