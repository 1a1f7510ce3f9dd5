/** Bytes of user rows that can be staged at once. */
const WINDOW_BYTES = 2 ** 20
const MAX_ROWS = 65_536

/** How many rows of x and y, of so many bytes together, an engine's window holds. */
export function windowRows(rowBytes: number): number {
  return Math.max(1, Math.min(MAX_ROWS, Math.floor(WINDOW_BYTES / rowBytes)))
}
