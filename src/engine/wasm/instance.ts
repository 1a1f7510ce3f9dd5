import type { CoreExports } from './exports.js'

type Instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory) => CoreExports

let link: Instantiate = (module, memory) =>
  new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as CoreExports

/**
 * An instance of a core on this memory, which is all the state that it has. A core that only predicts has the
 * PredictionExports of these.
 */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  return link(module, memory)
}

/** Instantiates in another way from now on: tests do, to see which assertion of the debug core has failed. */
export function instantiateBy(other: Instantiate): void {
  link = other
}

/** What a core with assertions imports. */
function abort(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`an assertion of the core failed at ${line}:${column}`)
}
