/** An instance of a core, and what it exports. */
import type { Precision } from '../../base/floats.js'
import type { Kernels } from './layout.generated.js'

/** The kernel that every core exports, for one precision. */
export type PredictionKernels = Pick<Kernels, 'predict'>

type Suffixed<Table, Suffix extends Precision> = {
  [Name in keyof Table & string as `${Name}_${Suffix}`]: Table[Name]
}

type InBoth<Table> = Suffixed<Table, 'f32'> & Suffixed<Table, 'f64'>

/** Everything that assembly/inference/index.ts exports. */
export type PredictionExports = InBoth<PredictionKernels>

/** Everything that assembly/exports.ts exports. */
export type CoreExports = InBoth<Kernels>

/** The kernels for one precision, under their plain names. */
export function kernelsOf(exports: CoreExports, precision: Precision): Kernels {
  const kernels: Record<string, unknown> = {}
  for (const [name, kernel] of Object.entries(exports)) {
    if (name.endsWith(precision)) kernels[name.slice(0, -4)] = kernel
  }
  return kernels as unknown as Kernels
}

type Instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory) => CoreExports

let link: Instantiate = (module, memory) =>
  new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as CoreExports

/**
 * Instantiates a core on this memory, which holds all of its state. A prediction-only core has just the
 * PredictionExports among these.
 */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  return link(module, memory)
}

/** Instantiates in another way from now on: tests do, to see which assertion of the debug core has failed. */
export function instantiateBy(other: Instantiate): void {
  link = other
}

/** Imported by cores with assertions. */
function abort(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`an assertion of the core failed at ${line}:${column}`)
}
