import { rangeError } from '../../base/argument-error.js'
import { checkInteger, checkObject, show, showName } from '../../base/check.js'
import { arrayOf, own, rowMajor, type NumberReader } from '../json-value.js'
import type { BrainLayers } from './format.js'

/** @throws TypeError or RangeError that names what is wrong */
export function secondLayers(file: Readonly<Record<string, unknown>>, numbers: NumberReader): BrainLayers {
  const layers = arrayOf('layers', own(file, 'layers'))
  const sizes = Array.from(arrayOf('sizes', own(file, 'sizes'), layers.length), (size, l) => {
    return checkInteger(`sizes[${l}]`, size, { min: 1 })
  })
  const dense = sizes.slice(1).map((units, i) => {
    const path = `layers[${i + 1}]`
    const given = checkObject(path, layers[i + 1])
    const { [i]: inputs } = sizes
    const rows = arrayOf(`${path}.weights`, own(given, 'weights'), units)
    const biases = numbers.array(`${path}.biases`, own(given, 'biases'), units)
    const weights = Array.from(rows, (row, j) => numbers.array(`${path}.weights[${j}]`, row, inputs))
    return { weights: rowMajor(weights), biases: Float64Array.from(biases) }
  })
  return {
    inputs: sizes[0],
    inputNames: namesOf('inputLookup', own(file, 'inputLookup'), sizes[0]),
    outputNames: namesOf('outputLookup', own(file, 'outputLookup'), sizes[sizes.length - 1]),
    layers: dense,
  }
}

/**
 * The names of a lookup, { name: index }, in the order of the indices; undefined for null.
 *
 * @throws TypeError or RangeError unless each index from 0 has one name
 */
function namesOf(path: string, lookup: unknown, count: number): string[] | undefined {
  if (lookup === null || lookup === undefined) return undefined
  const entries = Object.entries(checkObject(path, lookup))
  if (entries.length !== count) throw rangeError(path, `${count} names, as sizes has it`, entries.length)
  const names = new Map<unknown, string>()
  for (const [name, index] of entries) {
    const place = `${path}.${showName(name)}`
    checkInteger(place, index, { min: 0, below: count })
    if (names.has(index)) throw rangeError(place, 'each index once', show(index))
    names.set(index, name)
  }
  return Array.from({ length: count }, (_, k) => names.get(k) ?? '')
}
