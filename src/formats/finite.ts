import { rangeError } from '../base/argument-error.js'
import { allFinite, type Floats } from '../base/floats.js'

/**
 * What is read becomes parameters of a network only if all of it is finite: one NaN makes every answer NaN.
 *
 * @param name of the tensor in its file
 * @param columns of a matrix
 * @throws RangeError that names the place, from 0: `layers.0.weights[2][5]`, neuron and input
 */
export function checkFinite(name: string, values: Floats, columns?: number): void {
  if (allFinite(values)) return
  const at = values.findIndex((value) => !Number.isFinite(value))
  const place = columns === undefined ? `[${at}]` : `[${Math.floor(at / columns)}][${at % columns}]`
  throw rangeError(`${name}${place}`, 'a finite number', values[at])
}
