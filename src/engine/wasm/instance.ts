/** An instance of a core, and what it exports. */
import type { Precision } from '../../base/floats.js'
import type { Kernels } from './layout.generated.js'

/** The kernel that every core exports, for one precision. */
export type PredictionKernels = Pick<Kernels, 'predict'>

type Suffixed<Table, Suffix extends Precision> = {
  [Name in keyof Table & string as `${Name}_${Suffix}`]: Table[Name]
}

type InBoth<Table> = Suffixed<Table, 'f32'> & Suffixed<Table, 'f64'>

/**
 * What prediction calls: `pack`, once, of the core that predicts alone, see assembly/inference/pack.ts. Others read
 * weights as they are.
 */
export type PredictionExports = InBoth<PredictionKernels> &
  Partial<InBoth<{ pack: (network: number) => void }>>

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

let link: Instantiate = (module, memory) => {
  const abort: Abort = (_message, file, line, column) => fail(memory, file, line, column)
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as CoreExports
}

/** What cores with assertions import: a message, the name of a file as AssemblyScript keeps it, and a place in it. */
type Abort = (message: number, file: number, line: number, column: number) => never

/** @param file address of its name in UTF-16, whose bytes are counted before it */
function fail({ buffer }: WebAssembly.Memory, file: number, line: number, column: number): never {
  const [bytes] = new Uint32Array(buffer, file - 4, 1)
  const name = String.fromCharCode(...new Uint16Array(buffer, file, bytes / 2))
  throw new Error(`an assertion of the core failed: ${name}:${line}:${column}`)
}

/**
 * Instantiates a core on this memory, which holds all of its state. A prediction-only core has just the
 * PredictionExports.
 */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  return link(module, memory)
}

/** Instantiates in another way from now on: tests do, to see which assertion of the debug core has failed. */
export function instantiateBy(other: Instantiate): void {
  link = other
}
