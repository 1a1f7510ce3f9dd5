import type { Spec } from '../definition/spec.js'
import { BaselineEngine } from './baseline/baseline.js'
import type { Engine } from './engine.js'
import { WasmEngine } from './wasm/wasm.js'

/**
 * The engine that a spec asks for: never another, which would have other bits.
 *
 * @param rows that can be staged at once, at least; as many as a window holds, unless given
 * @throws RangeError that gives the bytes needed, if the network does not fit in memory
 * @throws RangeError where 'wasm' cannot be had: without WebAssembly or its SIMD, and on big-endian processors
 * @throws Error where compiling WebAssembly is forbidden
 */
export function createEngine(spec: Spec, rows?: number): Engine {
  if (spec.engine === 'baseline') return new BaselineEngine(spec, rows)
  return new WasmEngine(spec, spec.arithmetic, rows)
}
