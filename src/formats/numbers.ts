import { rangeError } from '../base/argument-error.js'
import { bytesOf, isBigEndian } from '../base/byte-order.js'
import { allFinite, type Floats } from '../base/floats.js'

/** The text that stands in JSON for a number that it lacks; undefined for all others. */
export function textOfNumber(value: number): string | undefined {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? undefined : String(value)
}

/** The number that such a text stands for; undefined for any other value. */
export function numberOfText(value: unknown): number | undefined {
  return typeof value === 'string' && /^(NaN|-?Infinity|-0)$/.test(value) ? Number(value) : undefined
}

/** Plain data as JSON has it, with texts for the numbers that it lacks. */
export function jsonOf(value: unknown): unknown {
  const text = JSON.stringify(value, (_, each: unknown) => {
    return typeof each === 'number' ? (textOfNumber(each) ?? each) : each
  })
  return JSON.parse(text)
}

/** Reads the numbers of a tensor, little-endian, into an array of the same length. */
export function readNumbers(values: Floats, data: DataView): void {
  if (!isBigEndian()) return bytesOf(values).set(bytesOf(data))
  for (let i = 0; i < values.length; ++i) {
    values[i] = values instanceof Float64Array ? data.getFloat64(8 * i, true) : data.getFloat32(4 * i, true)
  }
}

/** Writes them; every NaN with the same bits, so that a file does not depend on the runtime's NaN payloads. */
export function writeNumbers(data: DataView, values: Floats): void {
  if (!isBigEndian() && allFinite(values)) return bytesOf(data).set(bytesOf(values))
  for (let i = 0; i < values.length; ++i) {
    const value = Number.isNaN(values[i]) ? NaN : values[i]
    if (values instanceof Float64Array) data.setFloat64(8 * i, value, true)
    else data.setFloat32(4 * i, value, true)
  }
}

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
