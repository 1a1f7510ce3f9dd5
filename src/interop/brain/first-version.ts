import { rangeError } from '../../base/argument-error.js'
import { checkObject, show, showName } from '../../base/check.js'
import { checkLayerCount } from '../../definition/architecture.js'
import { arrayOf, own, rowMajor, type NumberReader } from '../json-value.js'
import type { BrainLayers } from './format.js'

/** Whether the last layer is one of neurons by name: in version 2, each has an array of weights and one of biases. */
export function isFirstVersion(file: Readonly<Record<string, unknown>>): boolean {
  const layers = arrayOf('layers', own(file, 'layers'))
  checkLayerCount('layers', layers.length, 'layers', 1)
  if (layers.length < 2) throw rangeError('layers', 'the inputs and at least one layer', layers.length)
  const top = layers.length - 1
  const last = checkObject(`layers[${top}]`, layers[top])
  return !Array.isArray(own(last, 'weights')) && !Array.isArray(own(last, 'biases'))
}

/** @throws TypeError or RangeError that names what is wrong */
export function firstLayers(file: Readonly<Record<string, unknown>>, numbers: NumberReader): BrainLayers {
  const layers = Array.from(arrayOf('layers', own(file, 'layers')), (layer, l) => {
    return checkObject(`layers[${l}]`, layer)
  })
  const names = layers.map((layer, l) => {
    const keys = Object.keys(layer)
    numbers.reserve(`layers[${l}]`, keys.length)
    return keys
  })
  checkSizes(own(file, 'sizes'), names)
  const ends = [names[0], names[names.length - 1]]
  // Where the data had no names, these are the indices.
  const [inputNames, outputNames] = ends.map((keys, i) => {
    const isNamed = own(file, i === 0 ? 'inputLookup' : 'outputLookup') === true || !keys.includes('0')
    return isNamed ? keys : undefined
  })
  const dense = layers.slice(1).map((layer, i) => {
    const before = names[i]
    const neurons = names[i + 1].map((name) => {
      const path = `layers[${i + 1}].${showName(name)}`
      const neuron = checkObject(path, layer[name])
      const weights = checkObject(`${path}.weights`, own(neuron, 'weights'))
      const { length } = Object.keys(weights)
      if (length !== before.length) {
        throw rangeError(`${path}.weights`, `${before.length} numbers, one for each neuron before it`, length)
      }
      return {
        bias: numbers.number(`${path}.bias`, own(neuron, 'bias')),
        row: numbers.numbers(
          `${path}.weights`,
          before.length,
          (k) => own(weights, before[k]),
          (k) => `${path}.weights.${showName(before[k])}`,
        ),
      }
    })
    return {
      weights: rowMajor(neurons.map(({ row }) => row)),
      biases: Float64Array.from(neurons, ({ bias }) => bias),
    }
  })
  return { inputs: names[0].length, inputNames, outputNames, layers: dense }
}

/** Compares the layers with the sizes, which the first files did not have. */
function checkSizes(sizes: unknown, names: readonly (readonly string[])[]): void {
  const given = sizes === undefined ? undefined : arrayOf('sizes', sizes, names.length)
  for (const [l, { length }] of names.entries()) {
    if (length === 0) throw rangeError(`layers[${l}]`, 'at least one neuron', 0)
    if (given !== undefined && given[l] !== length) {
      throw rangeError(`layers[${l}]`, `${show(given[l])} neurons, as sizes has it`, length)
    }
  }
}
