/** Bytes of user rows that can be staged together. */
const WINDOW_BYTES = 2 ** 20
const MAX_ROWS = 65_536

/** The number of rows that an engine's window holds, with rowBytes for a row of x and y together. */
export function windowRows(rowBytes: number): number {
  return Math.max(1, Math.min(MAX_ROWS, Math.floor(WINDOW_BYTES / rowBytes)))
}
