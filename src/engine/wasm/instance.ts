import type { CoreExports } from './exports.js'

/** An instance of a core on this memory; it has no state but that. A core that predicts alone has PredictionExports of these. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as CoreExports
}

/** What a core with assertions imports. */
function abort(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`an assertion of the core failed at ${line}:${column}`)
}
