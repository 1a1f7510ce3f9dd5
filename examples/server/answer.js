// @ts-check
// What a request is answered with.

/** @typedef {ReturnType<import('deltaprop').Network['predict']>} Outputs */

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
    classes.push(row.indexOf(Math.max(...row)))
    probabilities.push(row)
  }
  return JSON.stringify({ classes, probabilities })
}

/**
 * The outputs as float32, little-endian as all machines that Node has WebAssembly on.
 *
 * @param {Outputs} outputs samples × columns
 */
export function toBinary(outputs) {
  const { buffer, byteOffset, byteLength } = Float32Array.from(outputs)
  return Buffer.from(buffer, byteOffset, byteLength)
}
