import { instantiateSync } from '@assemblyscript/loader'
import { coreBase64, relaxedCoreBase64 } from './core.generated.js'
import type { CoreExports } from './exports.js'

export type Arithmetic = 'exact' | 'relaxed'

let givenCore: WebAssembly.Module | undefined

/** Whether the memory of a module is its own, or shared between threads. */
export type Sharing = 'own' | 'shared'

/** The cores asked for so far; undefined where this engine lacks their instructions. */
const compiled = new Map<string, WebAssembly.Module | undefined>()

/**
 * Uses a module that was compiled elsewhere, for runtimes that forbid compiling at run time: the file `deltaprop/core.wasm`.
 * It does the arithmetic of all networks made afterwards, whatever they ask for.
 *
 * @throws TypeError unless it is a WebAssembly.Module that has the exports of the core
 * @example
 * import { readFileSync } from 'node:fs'
 * import { Network, setCore } from 'deltaprop'
 * setCore(new WebAssembly.Module(readFileSync(new URL(import.meta.resolve('deltaprop/core.wasm')))))
 * new Network([2, 1]).predict([1, 2])
 */
export function setCore(module: WebAssembly.Module): void {
  const names = module instanceof WebAssembly.Module ? WebAssembly.Module.exports(module) : []
  if (!names.some(({ name }) => name === 'train_f32')) {
    throw new TypeError('setCore: expected the compiled module of deltaprop/core.wasm')
  }
  givenCore = module
}

/**
 * Whether this engine runs WebAssembly with SIMD.
 *
 * @throws Error where compiling is forbidden and setCore has not been called
 */
export function hasWasm(): boolean {
  return moduleFor('exact', 'own') !== undefined
}

/**
 * An instance of the core on this memory; relaxed only where the engine has relaxed SIMD.
 *
 * @throws Error where WebAssembly SIMD is missing, or compiling is forbidden and setCore has not been called
 */
export function instantiateCore(
  memory: WebAssembly.Memory,
  arithmetic: Arithmetic,
): { exports: CoreExports; arithmetic: Arithmetic } {
  const wanted = givenCore === undefined ? arithmetic : 'exact'
  const found = moduleFor(wanted, 'own')
  const module = found ?? moduleFor('exact', 'own')
  if (module === undefined) throw new Error('WebAssembly: expected an engine with SIMD')
  const { exports } = instantiateSync<CoreExports & Record<string, unknown>>(module, { env: { memory } })
  return { exports, arithmetic: found === undefined ? 'exact' : wanted }
}

/**
 * The core, compiled the first time it is asked for; undefined where this engine lacks its instructions. A core that was given to
 * setCore is all there is, and has a memory of its own.
 *
 * @throws Error where compiling is forbidden and setCore has not been called
 */
export function moduleFor(arithmetic: Arithmetic, sharing: Sharing): WebAssembly.Module | undefined {
  if (givenCore !== undefined) return sharing === 'own' ? givenCore : undefined
  const key = `${arithmetic}, ${sharing}`
  if (!compiled.has(key)) {
    const bytes = decode(arithmetic === 'relaxed' ? relaxedCoreBase64 : coreBase64)
    if (sharing === 'shared') importSharedMemory(bytes)
    compiled.set(key, compile(bytes))
  }
  return compiled.get(key)
}

/**
 * Makes a module that imports env.memory import a shared one. Its import is `"env" "memory"`, 2 for a memory, then flags: 1 for a
 * maximum, 3 for a maximum and shared; nothing else differs.
 */
function importSharedMemory(bytes: Uint8Array): void {
  const name = [3, ...ascii('env'), 6, ...ascii('memory'), 2, 1]
  const start = bytes.findIndex((_, i) => name.every((byte, k) => bytes[i + k] === byte))
  if (start < 0) throw new Error('core: expected the import of a memory with a maximum')
  bytes[start + name.length - 1] = 3
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}

/** What does not compile is either not valid to this engine, for want of instructions, or forbidden. */
function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module | undefined {
  if (typeof WebAssembly !== 'object') return undefined
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    if (!WebAssembly.validate(bytes)) return undefined
    throw new Error(
      'WebAssembly: compiling is forbidden here; give the module to setCore, or use { engine: "baseline" }',
      { cause },
    )
  }
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64)
  const bytes = new Uint8Array(characters.length)
  for (let i = 0; i < bytes.length; ++i) bytes[i] = characters.charCodeAt(i)
  return bytes
}
