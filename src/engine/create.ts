import type { Spec } from '../spec.js'
import { BaselineEngine } from './baseline.js'
import { hasWasm } from './core.js'
import type { Engine } from './engine.js'
import { WasmEngine } from './wasm.js'

/**
 * The engine that a spec asks for, or the baseline where WebAssembly SIMD is missing.
 *
 * @param rows that can be staged at once, at least; as many as a window holds, unless given
 * @throws RangeError that gives the bytes needed, if the network does not fit in memory
 * @throws Error where compiling WebAssembly is forbidden
 */
export function createEngine(spec: Spec, rows?: number): Engine {
  if (spec.engine === 'baseline' || !hasWasm()) return new BaselineEngine(spec, rows)
  return new WasmEngine(spec, spec.arithmetic, rows)
}
