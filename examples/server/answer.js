// @ts-check
// What a request is answered with.
import { RequestError } from './errors.js'

/** @typedef {ReturnType<import('deltaprop').Network['predict']>} Outputs */

/**
 * JSON has no Infinity and no NaN, and nobody asks for them in binary either: what is beyond the numbers of the network is said.
 *
 * @param {Outputs} outputs samples × columns
 * @param {number} columns
 * @throws RequestError that names the first sample with an output that is not finite
 */
export function checkFinite(outputs, columns) {
  for (let i = 0; i < outputs.length; ++i) {
    if (Number.isFinite(outputs[i])) continue
    const sample = Math.floor(i / columns)
    throw new RequestError(422, `x[${sample}]: expected a sample whose outputs are finite, got ${outputs[i]}`)
  }
}

/**
 * `{ "classes": [3], "probabilities": [[…]] }`, of each sample the largest output's index, and all outputs; decimals that are
 * read back as the same numbers.
 *
 * @param {Outputs} outputs samples × columns
 * @param {number} columns
 */
export function toJSON(outputs, columns) {
  const classes = []
  const probabilities = []
  for (let start = 0; start < outputs.length; start += columns) {
    const row = Array.from(outputs.subarray(start, start + columns))
    classes.push(row.indexOf(row.reduce((most, value) => Math.max(most, value))))
    probabilities.push(row)
  }
  return JSON.stringify({ classes, probabilities })
}

/**
 * The outputs as float32, little-endian as all machines on which a network has its default engine.
 *
 * @param {Outputs} outputs samples × columns
 */
export function toBinary(outputs) {
  const { buffer, byteOffset, byteLength } = Float32Array.from(outputs)
  return Buffer.from(buffer, byteOffset, byteLength)
}
