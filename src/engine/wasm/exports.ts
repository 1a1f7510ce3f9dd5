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
