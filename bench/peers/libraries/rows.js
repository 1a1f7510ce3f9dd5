/** Views of parts of the data. */

/** Sample by sample. */
export function rows(values, columns) {
  const count = values.length / columns
  return Array.from({ length: count }, (_, s) => values.subarray(s * columns, (s + 1) * columns))
}

/** Batch by batch; none of no data. */
export function batchesOf(data, sizes, batch) {
  if (data === undefined) return []
  const targets = rows(data.y, batch * sizes[sizes.length - 1])
  return rows(data.x, batch * sizes[0]).map((x, i) => ({ x, y: targets[i] }))
}
