// @ts-check
/** Parts of the data. */

/**
 * Views, sample by sample.
 * @param {Float32Array} values
 * @param {number} columns
 */
export function rows(values, columns) {
  const count = values.length / columns
  return Array.from({ length: count }, (_, s) => values.subarray(s * columns, (s + 1) * columns))
}

/**
 * Plain arrays, sample by sample.
 * @param {Float32Array} values
 * @param {number} columns
 */
export function plainRows(values, columns) {
  return rows(values, columns).map(plain)
}

/**
 * A plain array with no more room than it needs, which Array.from(values) would have.
 * @param {Float32Array} values
 */
export function plain(values) {
  return Array.from({ length: values.length }, (_, i) => values[i])
}

/**
 * Views, batch by batch; none of no data.
 * @param {{ x: Float32Array, y: Float32Array } | undefined} data
 * @param {readonly number[]} sizes
 * @param {number} batch
 */
export function batchesOf(data, sizes, batch) {
  if (data === undefined) return []
  const targets = rows(data.y, batch * sizes[sizes.length - 1])
  return rows(data.x, batch * sizes[0]).map((x, i) => ({ x, y: targets[i] }))
}
