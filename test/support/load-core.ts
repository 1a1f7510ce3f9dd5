import { instantiateSync } from '@assemblyscript/loader'
import { readFileSync } from 'node:fs'
import type { CoreExports } from '../../src/engine/wasm/instance.js'

/**
 * An instance of a core on this memory. An assertion that fails in it throws an error that has its file, its line, and the
 * text of that line: `assembly/kernels/affine.ts:30: assert(nIn > 0 && samples > 0)`.
 */
export function loadCore(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  const abort = (_message: number, file: number, line: number, column: number): never => {
    throw new Error(failure(exports.__getString(file), line, column))
  }
  const { exports } = instantiateSync<CoreExports & Record<string, unknown>>(module, {
    env: { memory, abort },
  })
  return exports
}

/** The asserted line, if its file is one of ours; AssemblyScript's own library has names without a folder. */
function failure(file: string, line: number, column: number): string {
  const place = `${file}:${line}`
  return file.startsWith('assembly/')
    ? `${place}: ${readFileSync(file, 'utf8').split('\n')[line - 1].trim()}`
    : `${place}:${column}`
}
