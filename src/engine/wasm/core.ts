import { exactBytes, exactCore } from './core.generated.js'
import type { RelaxedArithmetic } from '../../definition/spec.js'
import { remediableError } from '../../base/remedies.js'
import { checkCore, compile, requirements, runtimeWithoutSimd, unfitRuntime } from './compile.js'
import type { Sharing } from './reservation.js'
import { unpack } from './unpack.js'
import type { CoreModule } from './webassembly.js'

export type Arithmetic = 'exact' | 'relaxed'

/** The compiled kernels, and the arithmetic that they use. */
export interface Core {
  readonly arithmetic: Arithmetic
  /** for a memory of its own */
  readonly module: WebAssembly.Module
  /** for shared memory; undefined where this runtime has no threads, or for a core passed to setCore */
  readonly sharedModule: () => WebAssembly.Module | undefined
}

/** Whether an engine runs a core, which its workers can run, too. */
export function hasCore<Kind extends object>(engine: Kind): engine is Kind & { readonly core: Core } {
  return 'core' in engine
}

/** The alternative where compiling is forbidden or address space runs out. */
export const alternative = ', or use { engine: baseline } of deltaprop/baseline'

let givenCore: Core | undefined

/** The modules requested so far; undefined where this runtime lacks their instructions. */
const compiled = new Map<string, WebAssembly.Module | undefined>()

/**
 * Uses a module compiled elsewhere, for runtimes that forbid compiling at run time: the file `deltaprop/core.wasm`,
 * or `deltaprop/core.relaxed.wasm` where the runtime has relaxed SIMD. All networks created afterwards compute with
 * it, whatever they ask for; their `arithmetic` says which it is.
 *
 * @throws TypeError unless it is a WebAssembly.Module with the exports of the core
 * @example
 * import { readFileSync } from 'node:fs'
 * import { Network, setCore } from 'deltaprop'
 * setCore(new WebAssembly.Module(readFileSync(new URL(import.meta.resolve('deltaprop/core.wasm')))))
 * new Network([2, 1]).predict([1, 2])
 */
export function setCore(module: CoreModule): void {
  checkCore(module, 'train_f32')
  givenCore = { arithmetic: arithmeticOf(module), module, sharedModule: () => undefined }
}

/**
 * Like setCore, but with the bytes of any core, which can also be made to share its memory: this is how tests run on
 * cores other than the default.
 */
export function setCoreBytes(bytes: Uint8Array<ArrayBuffer>): void {
  const module = new WebAssembly.Module(bytes)
  givenCore = {
    arithmetic: arithmeticOf(module),
    module,
    sharedModule: () => new WebAssembly.Module(withSharedMemory(bytes)),
  }
}

/** Only relaxed cores contain assembly/relaxed.ts. */
function arithmeticOf(module: WebAssembly.Module): Arithmetic {
  return WebAssembly.Module.exports(module).some(({ name }) => name === 'relaxed') ? 'relaxed' : 'exact'
}

/**
 * The core for networks created now.
 *
 * @param relaxed used where the runtime has relaxed SIMD
 * @throws RangeError where WebAssembly or its SIMD is missing, and on big-endian processors
 * @throws Error where compiling is forbidden and setCore has not been called
 */
export function coreFor(relaxed?: RelaxedArithmetic): Core {
  const unfit = unfitRuntime()
  if (unfit !== undefined) throw noCore(unfit)
  if (givenCore !== undefined) return givenCore
  const found = relaxed && load(relaxed, 'own')
  const used = found && relaxed
  const module = found ?? load(undefined, 'own')
  if (module === undefined) throw noCore(runtimeWithoutSimd())
  return { arithmetic: used?.name ?? 'exact', module, sharedModule: () => load(used, 'shared') }
}

function noCore(got: string): RangeError {
  return remediableError('engine', requirements, got, [
    {
      option: 'engine',
      value: 'baseline',
      entry: 'deltaprop/baseline',
      effect: 'computes everywhere, in plain JavaScript, with bits of its own',
    },
  ])
}

/** Compiles a module on first use. */
function load(relaxed: RelaxedArithmetic | undefined, sharing: Sharing): WebAssembly.Module | undefined {
  const key = `${relaxed?.name ?? 'exact'}, ${sharing}`
  if (!compiled.has(key)) {
    const bytes = coreBytes(relaxed)
    compiled.set(key, bytes && compile(sharing === 'shared' ? withSharedMemory(bytes) : bytes, alternative))
  }
  return compiled.get(key)
}

/** The exact core, or the relaxed one, which follows it in the same stream; undefined without WebAssembly. */
function coreBytes(relaxed: RelaxedArithmetic | undefined): Uint8Array<ArrayBuffer> | undefined {
  return relaxed === undefined
    ? unpack(exactCore, exactBytes, alternative)
    : unpack(exactCore + relaxed.stream, exactBytes + relaxed.bytes, alternative)?.slice(exactBytes)
}

/**
 * Copies a module that imports env.memory, and makes that import shared. In the binary, the import is `"env"
 * "memory"`, 2 for a memory, then flags: 1 for a maximum, 3 for a maximum and shared; nothing else differs.
 */
function withSharedMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const name = [3, ...ascii('env'), 6, ...ascii('memory'), 2, 1]
  const start = bytes.findIndex((_, i) => name.every((byte, k) => bytes[i + k] === byte))
  if (start < 0) throw new Error('core: expected the import of a memory with a maximum')
  const shared = bytes.slice()
  shared[start + name.length - 1] = 3
  return shared
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}
