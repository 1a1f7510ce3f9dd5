import type { Precision } from '../../base/floats.js'
import type { Kernels } from './layout.generated.js'

/** The kernel of every core, for one precision. */
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
  const kernel = <Name extends keyof Kernels>(name: Name): Kernels[Name] =>
    exports[`${name}_${precision}`] as Kernels[Name]
  return {
    predict: kernel('predict'),
    loss: kernel('loss'),
    accumulate: kernel('accumulate'),
    train: kernel('train'),
    updateAll: kernel('updateAll'),
    errorsPart: kernel('errorsPart'),
    sumLosses: kernel('sumLosses'),
    gradientsOf: kernel('gradientsOf'),
    updateStep: kernel('updateStep'),
    allFinite: kernel('allFinite'),
    affine: kernel('affine'),
    activate: kernel('activate'),
    hiddenError: kernel('hiddenError'),
  }
}
