import { predictionBytes, predictionCore } from './prediction-core.generated.js'
import { checkCore, compile, requirements, runtimeWithoutSimd, unfitRuntime } from './compile.js'
import { unpack } from './unpack.js'
import type { CoreModule } from './webassembly.js'

let core: WebAssembly.Module | undefined

/**
 * Uses a module compiled elsewhere, for runtimes that forbid compiling at run time: the file `deltaprop/core.wasm`.
 * All networks read afterwards compute with it.
 *
 * @throws TypeError unless it is a WebAssembly.Module with the exports of that core; the relaxed core is rejected
 *   because its bits differ
 * @example
 * import { readFileSync } from 'node:fs'
 * import { setCore } from 'deltaprop/inference'
 * setCore(new WebAssembly.Module(readFileSync(new URL(import.meta.resolve('deltaprop/core.wasm')))))
 */
export function setCore(module: CoreModule): void {
  checkCore(module, 'predict_f32', 'relaxed')
  core = module
}

/**
 * The prediction core, compiled on first use.
 *
 * @throws Error where WebAssembly or its SIMD is missing, on big-endian processors, and where compiling is forbidden
 *   and setCore has not been called
 */
export function coreForPrediction(): WebAssembly.Module {
  const unfit = unfitRuntime()
  if (unfit !== undefined) throw noCore(unfit)
  if (core !== undefined) return core
  const bytes = unpack(predictionCore, predictionBytes)
  core = bytes && compile(bytes)
  if (core === undefined) throw noCore(runtimeWithoutSimd())
  return core
}

function noCore(got: string): Error {
  return new Error(
    `Predictor: expected ${requirements}, got ${got}; Network.fromBytes(bytes, { engine: baseline }) of deltaprop and deltaprop/baseline predicts everywhere, with bits of its own`,
  )
}
