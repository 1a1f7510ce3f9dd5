import { rangeError } from '../base/argument-error.js'
import { isError } from '../base/thrown.js'

/** The error for something that cannot be allocated, or needs more bytes than can exist. */
export function outOfMemory(bytes: number, limit?: number, what = 'network'): RangeError {
  const room = limit === undefined ? 'memory' : `${grouped(limit)} bytes of memory`
  return rangeError(what, `to fit in ${room}, needs ${grouped(bytes)} bytes`)
}

/**
 * The error for a lack of address space, which any memory needs, however small. No argument or file is at fault;
 * isOutOfAddresses recognises it.
 *
 * @param alternative to more address space, which only the library has
 */
export function outOfAddresses(alternative = ''): RangeError {
  const expected = 'addresses for each network that is not disposed, of which V8 reserves 8 or 10 GiB'
  const hint = `raise ulimit -v, or run Node with --disable-wasm-trap-handler${alternative}`
  return Object.assign(rangeError('network', expected, 'too few', { hint }), { isOutOfAddresses: true })
}

/** Whether an error is the one from outOfAddresses. */
export function isOutOfAddresses(error: unknown): boolean {
  return isError(error) && 'isOutOfAddresses' in error
}

/** Digits in groups of three: 34,359,738,368. */
function grouped(bytes: number): string {
  return bytes.toLocaleString('en-US')
}
