import { instantiateSync } from '@assemblyscript/loader'
import { coreBase64, relaxedCoreBase64 } from './core.generated.js'

/** An address in the module's memory. */
export type Pointer = number

/** What the engine uses of the kernels that assembly/index.ts exports, for one precision. */
export interface Kernels {
  predict(net: Pointer, out: Pointer, n: number): void
  loss(net: Pointer, thread: Pointer, n: number): number
  accumulate(net: Pointer, thread: Pointer, n: number): number
  train(
    net: Pointer,
    thread: Pointer,
    report: Pointer,
    n: number,
    batch: number,
    pending: number,
    byMean: boolean,
    total: number,
  ): void
  updateAll(net: Pointer, thread: Pointer, scale: number): void
  affine(z: Pointer, a: Pointer, w: Pointer, b: Pointer, nIn: number, nOut: number, panels: number): void
  activate(activation: number, a: Pointer, sigmaPrime: Pointer, z: Pointer, n: number, shape: number): void
  hiddenError(
    dC_da: Pointer,
    deltaNext: Pointer,
    w: Pointer,
    packed: Pointer,
    nIn: number,
    nOut: number,
    panels: number,
  ): void
}

/** What assembly/index.ts exports, beside the kernels. */
export interface Records {
  network(
    record: Pointer,
    layers: number,
    first: Pointer,
    loss: number,
    chunk: number,
    parameters: Pointer,
    parameterCount: number,
    regionBytes: number,
    x: Pointer,
    y: Pointer,
    order: Pointer,
    targets: Pointer,
    losses: Pointer,
  ): void
  thread(
    record: Pointer,
    index: number,
    count: number,
    barrier: Pointer,
    optimizer: Pointer,
    strip: Pointer,
    stripBytes: number,
    packed: Pointer,
  ): void
  layer(
    record: Pointer,
    nIn: number,
    nOut: number,
    activation: number,
    shape: number,
    w: Pointer,
    b: Pointer,
    input: Pointer,
    features: Pointer,
    a: Pointer,
    delta: Pointer,
  ): void
  optimizer(
    record: Pointer,
    counters: Pointer,
    scratch: Pointer,
    rule: number,
    variant: boolean,
    learningRate: number,
    weightDecay: number,
    epsilon: number,
    decay1: number,
    decay2: number,
    extra1: number,
    extra2: number,
  ): void
}

type Suffixed<Suffix extends string> = { [Name in keyof Kernels as `${Name}_${Suffix}`]: Kernels[Name] }

/** Everything that the module exports. */
export type CoreExports = Records & Suffixed<'f32'> & Suffixed<'f64'>

type Arithmetic = 'exact' | 'relaxed'

let givenCore: WebAssembly.Module | undefined

/** The cores asked for so far; undefined where this engine lacks their instructions. */
const compiled = new Map<Arithmetic, WebAssembly.Module | undefined>()

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
  return (givenCore ?? load('exact')) !== undefined
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
  const relaxedCore = arithmetic === 'relaxed' && givenCore === undefined ? load('relaxed') : undefined
  const module = givenCore ?? relaxedCore ?? load('exact')
  if (module === undefined) throw new Error('WebAssembly: expected an engine with SIMD')
  const { exports } = instantiateSync<CoreExports & Record<string, unknown>>(module, { env: { memory } })
  return { exports, arithmetic: relaxedCore === undefined ? 'exact' : 'relaxed' }
}

/** Compiles a core the first time it is asked for. */
function load(arithmetic: Arithmetic): WebAssembly.Module | undefined {
  if (!compiled.has(arithmetic)) {
    compiled.set(arithmetic, compile(arithmetic === 'relaxed' ? relaxedCoreBase64 : coreBase64))
  }
  return compiled.get(arithmetic)
}

/** What does not compile is either not valid to this engine, for want of instructions, or forbidden. */
function compile(base64: string): WebAssembly.Module | undefined {
  if (typeof WebAssembly !== 'object') return undefined
  const bytes = decode(base64)
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
