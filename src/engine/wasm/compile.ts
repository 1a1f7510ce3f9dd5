import { typeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import { decode } from './base64.js'
import { LAYOUT } from './layout.generated.js'
import { decoder } from './lzma.generated.js'
import { decodeLzma } from './lzma.js'

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
 * Decodes the first `length` bytes of an LZMA stream given in base64; undefined where this runtime has no
 * WebAssembly.
 *
 * @throws as compile; RangeError if there is not enough memory to decode
 */
export function unpack(
  stream: string,
  length: number,
  alternative?: string,
): Uint8Array<ArrayBuffer> | undefined {
  const module = compile(decode(decoder), alternative)
  return module && decodeLzma(module, decode(stream), length, alternative)
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
