/** Errors about features missing from this runtime, for which no file is to blame. */
import { isOutOfAddresses } from '../engine/out-of-memory.js'
import { errorDetails } from '../base/argument-error.js'

/** Whether an error says that WebAssembly, or the SIMD that the engine needs, is missing. */
export function isLackOfEngine(error: unknown): boolean {
  return errorDetails(error)?.remedies?.some(({ option }) => option === 'engine') === true
}

/** Whether an error comes from the runtime, regardless of what was read. */
export function isOfRuntime(error: unknown): boolean {
  return isLackOfEngine(error) || isOutOfAddresses(error)
}
