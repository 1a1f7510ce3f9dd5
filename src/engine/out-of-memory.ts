import { rangeError } from '../base/argument-error.js'
import { isError } from '../base/thrown.js'

/** The error of what cannot be allocated, or takes more bytes than there can be. */
export function outOfMemory(bytes: number, limit?: number, what = 'network'): RangeError {
  const room = limit === undefined ? 'memory' : `${grouped(limit)} bytes of memory`
  return rangeError(what, `to fit in ${room}, needs ${grouped(bytes)} bytes`)
}

/**
 * The error that there are no addresses for a memory, however small it is: it is what a network needs, and of no argument or file that
 * anything is wrong with, which isOutOfAddresses tells.
 *
 * @param alternative to more addresses, of the library alone
 */
export function outOfAddresses(alternative = ''): RangeError {
  const expected = 'addresses for each network that is not disposed, of which V8 reserves 8 or 10 GiB'
  const hint = `raise ulimit -v, or run Node with --disable-wasm-trap-handler${alternative}`
  return Object.assign(rangeError('network', expected, 'too few', { hint }), { isOutOfAddresses: true })
}

/** Whether an error is one. */
export function isOutOfAddresses(error: unknown): boolean {
  return isError(error) && 'isOutOfAddresses' in error
}

/** Digits in threes: 34,359,738,368. */
function grouped(bytes: number): string {
  return bytes.toLocaleString('en-US')
}
