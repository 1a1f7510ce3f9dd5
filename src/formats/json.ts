import { rangeError } from '../base/argument-error.js'
import { parameterRanges } from '../definition/architecture.js'
import { show } from '../base/check.js'
import { newFloats, shortestF32, type Floats } from '../base/floats.js'
import { completeSpec, readComputation, specOptions, type SavedOptions } from '../definition/spec.js'
import { savedSlots, type Progress, type Saved } from '../state/saved.js'
import { fill, openJSON, readArray, readParameters } from './json-file.js'
import type { Metadata } from '../base/metadata.js'
import { textOfNumber } from './numbers.js'
import { VERSION } from './saved-architecture.js'
import { readProgress } from './saved-training.js'

/** A number, or the text of one that JSON cannot express as a number: "NaN", "Infinity", "-Infinity", "-0". */
export type JSONNumber = number | string

/** What Network.toJSON returns. Every number is the shortest decimal that reads back to the same bits. */
export interface NetworkJSON {
  readonly format: 'deltaprop'
  readonly version: number
  readonly network: SavedOptions
  /** first to last; weights as units rows of inputs numbers */
  readonly layers: readonly {
    readonly weights: readonly JSONNumber[][]
    readonly biases: readonly JSONNumber[]
  }[]
  readonly progress: Progress
  /** the optimiser's state, each slot in the order of the parameters: layer by layer, weights then biases */
  readonly slots: readonly JSONNumber[][]
  /** accumulated gradients, in the same order */
  readonly gradients?: readonly JSONNumber[]
  readonly metadata?: Metadata
}

export function writeJSON({ spec, parameters, gradients, progress, slots, metadata }: Saved): NetworkJSON {
  const ranges = parameterRanges(spec)
  const layers = spec.layers.map(({ inputs, units }, l) => {
    const [w, b] = ranges.slice(2 * l, 2 * l + 2)
    const row = (j: number): Floats => parameters.subarray(w.start + j * inputs, w.start + (j + 1) * inputs)
    return {
      weights: Array.from({ length: units }, (_, j) => numbers(row(j))),
      biases: numbers(parameters.subarray(b.start, b.end)),
    }
  })
  return {
    format: 'deltaprop',
    version: VERSION,
    network: specOptions(spec),
    layers,
    progress,
    slots: slots.map(numbers),
    ...(gradients === undefined ? {} : { gradients: numbers(gradients) }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  }
}

/** @throws TypeError or RangeError that names what is wrong */
export function readJSON(json: unknown): Saved {
  const file = openJSON(json)
  const { architecture, metadata } = file
  const spec = completeSpec(architecture, file.options, readComputation(file.options))
  const progress = readProgress('progress', file.progress)
  const parameters = readParameters(file)
  const count = parameters.length
  const read = (name: string, values: unknown): Floats =>
    fill(newFloats(count, architecture.precision), 0, [count], name, values)
  const slotValues = readArray('slots', file.slots, savedSlots(progress))
  const slots = Array.from(slotValues, (values, i) => read(`slots[${i}]`, values))
  if (progress.pending === 0 && file.gradients !== undefined) {
    throw rangeError('gradients', 'none, as no samples are pending', show(file.gradients))
  }
  const gradients = progress.pending > 0 ? read('gradients', file.gradients) : undefined
  return { spec, parameters, gradients, progress, slots, metadata }
}

/** Numbers as JSON has them, each the shortest decimal. */
export function numbers(values: Floats): JSONNumber[] {
  const shorten = values instanceof Float32Array ? shortestF32 : (value: number): number => value
  return Array.from(values, (value) => textOfNumber(value) ?? shorten(value))
}
