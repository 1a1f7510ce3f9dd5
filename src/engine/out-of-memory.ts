/**
 * The error of what cannot be allocated, or takes more bytes than there can be.
 *
 * @param beside what else takes memory
 */
export function outOfMemory(bytes: number, limit?: number, what = 'network', beside = ''): RangeError {
  const room = limit === undefined ? 'memory' : `${grouped(limit)} bytes of memory`
  return new RangeError(`${what}: expected to fit in ${room}, needs ${grouped(bytes)} bytes${beside}`)
}

/** Digits in threes: 34,359,738,368. */
function grouped(bytes: number): string {
  return bytes.toLocaleString('en-US')
}
