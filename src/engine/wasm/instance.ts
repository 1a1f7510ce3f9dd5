import type { CoreExports } from './exports.js'

type Instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory) => CoreExports

let link: Instantiate = (module, memory) =>
  new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as CoreExports

/**
 * Instantiates a core on this memory, which holds all of its state. A prediction-only core has just the
 * PredictionExports among these.
 */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  return link(module, memory)
}

/** Instantiates in another way from now on: tests do, to see which assertion of the debug core has failed. */
export function instantiateBy(other: Instantiate): void {
  link = other
}

/** Imported by cores with assertions. */
function abort(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`an assertion of the core failed at ${line}:${column}`)
}
