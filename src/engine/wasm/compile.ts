/** What is needed to compile a core, whichever it is: the right module, and a runtime that can run it. */
import { typeError } from '../../base/argument-error.js'
import { isBigEndian } from '../../base/byte-order.js'
import { show } from '../../base/check.js'
import { LAYOUT } from './layout.generated.js'

/**
 * @param kernel an export that it must have, besides the section that names this version's memory layout
 * @param other an export that it must not have
 * @throws TypeError unless this is such a WebAssembly.Module
 */
export function checkCore(module: unknown, kernel: string, other?: string): void {
  const exports = exportsOf(module)
  const names = exports?.map(({ name }) => name) ?? []
  const isCore = names.includes(kernel) && !(other !== undefined && names.includes(other))
  if (isCore && WebAssembly.Module.customSections(module as WebAssembly.Module, LAYOUT).length > 0) return
  const found = isCore ? 'that of another version' : 'another module'
  throw typeError(
    'setCore',
    'the compiled module of deltaprop/core.wasm',
    exports === undefined ? show(module) : found,
  )
}

/**
 * Undefined unless it is a module. Not tested with instanceof, because modules of another frame or context of
 * node:vm would fail that here.
 */
function exportsOf(module: unknown): WebAssembly.ModuleExportDescriptor[] | undefined {
  try {
    return WebAssembly.Module.exports(module as WebAssembly.Module)
  } catch {
    return undefined
  }
}

/**
 * A module, or undefined where this runtime lacks WebAssembly or the module's instructions.
 *
 * @param alternative to setCore, for the message
 * @throws Error where compiling is forbidden
 */
export function compile(bytes: Uint8Array<ArrayBuffer>, alternative = ''): WebAssembly.Module | undefined {
  if (typeof WebAssembly !== 'object') return undefined
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    if (!WebAssembly.validate(bytes)) return undefined
    throw new Error(`WebAssembly: compiling is forbidden here; give the module to setCore${alternative}`, {
      cause,
    })
  }
}

/** What a core needs of a runtime; unfitRuntime names what is missing. */
export const requirements = 'WebAssembly with SIMD, on a little-endian processor'

/**
 * What this runtime has instead of what a core needs; undefined if nothing is known to be missing, although SIMD
 * still may be. Typed arrays use the processor's byte order and WebAssembly its own: where they differ, a core would
 * read numbers with their bytes reversed.
 */
export function unfitRuntime(): string | undefined {
  if (isBigEndian()) return `a big-endian one${here()}`
  return typeof WebAssembly === 'object' ? undefined : `a runtime without WebAssembly${here()}`
}

/** The same for a runtime in which a core does not compile. */
export function runtimeWithoutSimd(): string {
  return `a runtime without SIMD${here()}`
}

/** The processor, if known. */
function here(): string {
  const { process } = globalThis as { readonly process?: { readonly arch?: unknown } }
  return typeof process?.arch === 'string' ? ` (${process.arch})` : ''
}
