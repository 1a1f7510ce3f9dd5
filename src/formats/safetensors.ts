/**
 * The binary format: safetensors, see tensor-file.ts, so that other languages read the weights.
 *
 * Tensors: `layers.0.weights` (units × inputs), `layers.0.biases` …; `gradients` and `optimizer.0` … `optimizer.2` hold
 * one number per parameter. The metadata `deltaprop` holds the version, `network` and `progress`, as JSON, and
 * `deltaprop.checksum` the checksum of checksum.ts; other names are the user's. In checkpoints of fit, `deltaprop` has
 * `training`, too, and there is a tensor for each of its arrays: `training.average` …
 */
import { parameterCount, parameterRanges } from '../definition/architecture.js'
import type { Floats } from '../base/floats.js'
import { completeSpec, readComputation, specOptions, type Spec } from '../definition/spec.js'
import { arrayNames, savedSlots, type Saved, type SavedTraining } from '../state/saved.js'
import {
  checkTensors,
  openSafetensors,
  parameterShapes,
  readParameters,
  readTensor,
  type SafetensorsFile,
} from './safetensors-file.js'
import { checkFinite } from './numbers.js'
import { VERSION } from './saved-architecture.js'
import { readProgress, readTraining, writeTraining } from './saved-training.js'
import { atOnce, writeTensors, type Tensor } from './tensor-file.js'

export function writeSafetensors(saved: Saved): Uint8Array<ArrayBuffer> {
  return atOnce(writeInParts(saved))
}

/**
 * The same in parts. Nothing of what is saved may change until it is done, except the parameters, which are written as
 * they are then.
 */
export function writeInParts(saved: Saved): Generator<undefined, Uint8Array<ArrayBuffer>> {
  const { spec, progress } = saved
  const training = saved.training && writeTraining(saved.training)
  const metadata = { version: VERSION, network: specOptions(spec), progress, training }
  const texts = { ...saved.metadata, deltaprop: JSON.stringify(metadata) }
  return writeTensors(texts, spec.precision, listTensors(spec, saved))
}

/** @throws TypeError or RangeError that says what is wrong; allocates no more than the file has bytes for */
export function readSafetensors(bytes: unknown): Saved {
  const file = openSafetensors(bytes)
  const { architecture, metadata } = file
  const spec = completeSpec(architecture, file.options, readComputation(file.options))
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
    spec,
    parameters: readParameters(file),
    gradients: progress.pending > 0 ? readTensor(file, 'gradients') : undefined,
    progress,
    slots: Array.from({ length: savedSlots(progress) }, (_, i) => readTensor(file, `optimizer.${i}`)),
    training: training && { ...training, arrays: readArrays(file, arrays, training) },
    metadata,
  }
}

/**
 * The arrays of a checkpoint.
 *
 * @throws RangeError that names the tensor and position of a parameter of the average or the best epoch that is not
 *   finite
 */
function readArrays(
  file: SafetensorsFile,
  names: readonly string[],
  { average }: Pick<SavedTraining, 'average'>,
): Map<string, Floats> {
  const arrays = new Map(names.map((name) => [name, readTensor(file, `training.${name}`)]))
  // Those that become parameters; the average of the best epoch comes after its slots.
  const parameters = ['average', 'best.parameters', ...(average ? names.slice(-1) : [])]
  for (const name of parameters) {
    const array = arrays.get(name)
    if (array !== undefined) checkFinite(`training.${name}`, array)
  }
  return arrays
}

function listTensors(spec: Spec, { parameters, gradients, slots, training }: Saved): Tensor[] {
  const ranges = parameterRanges(spec)
  const tensors = ranges.map(({ layer, kind, shape, start, end }) => {
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
