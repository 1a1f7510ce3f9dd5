/** What a core needs and a runtime may lack. */
import { isBigEndian } from '../../base/byte-order.js'

/** A core needs all of this; `lack` names what is missing. */
export const needs = 'WebAssembly with SIMD, on a little-endian processor'

/**
 * What this runtime has instead of what a core needs; undefined if nothing is known to be missing, although SIMD
 * still may be. Typed arrays use the processor's byte order and WebAssembly its own: where they differ, a core would
 * read numbers with their bytes reversed.
 */
export function lack(): string | undefined {
  if (isBigEndian()) return `a big-endian one${here()}`
  return typeof WebAssembly === 'object' ? undefined : `a runtime without WebAssembly${here()}`
}

/** The same for a runtime in which a core does not compile. */
export function lackOfSimd(): string {
  return `a runtime without SIMD${here()}`
}

/** The processor, if known. */
function here(): string {
  const { process } = globalThis as { readonly process?: { readonly arch?: unknown } }
  return typeof process?.arch === 'string' ? ` (${process.arch})` : ''
}
