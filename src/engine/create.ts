import { parameterCount } from '../definition/architecture.js'
import type { Spec } from '../definition/spec.js'
import type { Engine } from './engine.js'
import { SmallEngine } from './wasm/small-engine.js'
import { WasmEngine } from './wasm/wasm.js'
import { fitsWorkspace } from './wasm/workspace.js'

/**
 * Creates the engine that a spec asks for, never another: its bits would differ.
 *
 * @param rows minimum number of rows that can be staged together; by default as many as a window holds
 * @throws RangeError with the bytes needed, if the network does not fit in memory
 * @throws RangeError where 'wasm' is unavailable: without WebAssembly or its SIMD, and on big-endian processors
 * @throws Error where compiling WebAssembly is forbidden
 */
export function createEngine(spec: Spec, rows?: number): Engine {
  const { baseline, relaxed } = spec.imports
  const create = baseline?.create as ((spec: Spec, rows?: number) => Engine) | undefined
  if (create !== undefined) return create(spec, rows)
  if (rows === undefined && fitsWorkspace(spec, parameterCount(spec))) return new SmallEngine(spec, relaxed)
  return WasmEngine.alone(spec, relaxed, rows)
}
