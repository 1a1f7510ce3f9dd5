/** Errors of what this runtime has not got, of which no file is to blame. */
import { isOutOfAddresses } from '../engine/out-of-memory.js'
import { errorDetails } from '../base/argument-error.js'

/** Whether an error says that there is no WebAssembly, or no SIMD, that the engine needs. */
export function isLackOfEngine(error: unknown): boolean {
  return errorDetails(error)?.remedies?.some(({ option }) => option === 'engine') === true
}

/** Whether it is of the runtime, whatever was read. */
export function isOfRuntime(error: unknown): boolean {
  return isLackOfEngine(error) || isOutOfAddresses(error)
}
