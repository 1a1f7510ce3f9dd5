import type { CoreExports } from './exports.js'

/**
 * Instantiates a core on this memory, which holds all of its state. A prediction-only core has just the
 * PredictionExports among these.
 */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as CoreExports
}

/** Imported by cores with assertions. */
function abort(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`an assertion of the core failed at ${line}:${column}`)
}
