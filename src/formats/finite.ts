import { rangeError } from '../base/argument-error.js'
import { allFinite, type Floats } from '../base/floats.js'

/**
 * Checks numbers that are to become parameters: a single NaN would make every prediction NaN.
 *
 * @param name of the tensor in its file
 * @param columns of a matrix
 * @throws RangeError that gives the position, from 0: `layers.0.weights[2][5]`, neuron and input
 */
export function checkFinite(name: string, values: Floats, columns?: number): void {
  if (allFinite(values)) return
  const at = values.findIndex((value) => !Number.isFinite(value))
  const place = columns === undefined ? `[${at}]` : `[${Math.floor(at / columns)}][${at % columns}]`
  throw rangeError(`${name}${place}`, 'a finite number', values[at])
}
