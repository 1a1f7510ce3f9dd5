/** What a core needs, and a runtime may not have. */
import { isBigEndian } from '../../base/byte-order.js'

/** A core needs all of it; what is not there, `lack` says. */
export const needs = 'WebAssembly with SIMD, on a little-endian processor'

/**
 * What this runtime has in the place of what a core needs; undefined: nothing is wrong, but SIMD may be missing. Typed arrays have the byte
 * order of the processor, WebAssembly its own: where they differ a core would read numbers with their bytes reversed.
 */
export function lack(): string | undefined {
  if (isBigEndian()) return `a big-endian one${here()}`
  return typeof WebAssembly === 'object' ? undefined : `a runtime without WebAssembly${here()}`
}

/** Where a core does not compile. */
export function lackOfSimd(): string {
  return `a runtime without SIMD${here()}`
}

/** The processor, where that is known. */
function here(): string {
  const { process } = globalThis as { readonly process?: { readonly arch?: unknown } }
  return typeof process?.arch === 'string' ? ` (${process.arch})` : ''
}
