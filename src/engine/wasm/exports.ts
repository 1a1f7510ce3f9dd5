import type { Precision } from '../../base/floats.js'

/** An address in the module's memory. */
export type Pointer = number

/** The kernel of every core, for one precision. */
export interface PredictionKernels {
  predict(net: Pointer, out: Pointer, n: number): void
}

/** What the engine uses of the kernels that assembly/exports.ts exports, for one precision. */
export interface Kernels extends PredictionKernels {
  loss(net: Pointer, thread: Pointer, n: number): number
  accumulate(net: Pointer, thread: Pointer, n: number, total: number): number
  train(
    net: Pointer,
    thread: Pointer,
    report: Pointer,
    start: number,
    n: number,
    batch: number,
    pending: number,
    byMean: boolean,
    scheduled: boolean,
    total: number,
  ): void
  updateAll(net: Pointer, thread: Pointer, scale: number): void
  errorsPart(
    net: Pointer,
    thread: Pointer,
    step: number,
    first: number,
    n: number,
    begin: number,
    end: number,
    backward: boolean,
    isVector: boolean,
  ): void
  sumLosses(net: Pointer, n: number): number
  gradientsOf(
    net: Pointer,
    thread: Pointer,
    l: number,
    begin: number,
    end: number,
    n: number,
    isVector: boolean,
    updates: boolean,
    scale: number,
  ): void
  updateStep(
    net: Pointer,
    thread: Pointer,
    step: number,
    l: number,
    begin: number,
    end: number,
    scale: number,
  ): number
  /** 0 or 1 */
  allFinite(values: Pointer, n: number): number
  affine(z: Pointer, a: Pointer, w: Pointer, b: Pointer, nIn: number, nOut: number, samples: number): void
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

/** What every core exports, beside the kernels. */
export interface PredictionRecords {
  network(record: Pointer, layers: number, first: Pointer, chunk: number, x: Pointer, order: Pointer): void
  layer(
    record: Pointer,
    nIn: number,
    nOut: number,
    activation: number,
    shape: number,
    w: Pointer,
    b: Pointer,
    input: Pointer,
    a: Pointer,
    delta: Pointer,
  ): void
}

/** What assembly/exports.ts exports, beside the kernels. */
export interface Records extends PredictionRecords {
  trainedNetwork(
    record: Pointer,
    loss: number,
    parameters: Pointer,
    parameterCount: number,
    regionBytes: number,
    y: Pointer,
    targets: Pointer,
    losses: Pointer,
    rates: Pointer,
    weights: Pointer,
    weightPanels: Pointer,
    regularization: Pointer,
  ): void
  trainedLayer(record: Pointer, features: Pointer, blockRows: number, blocks: number): void
  thread(
    record: Pointer,
    index: number,
    count: number,
    barrier: Pointer,
    hasCore: boolean,
    optimizer: Pointer,
    strip: Pointer,
    stripBytes: number,
    packed: Pointer,
    taken: Pointer,
    takenBytes: number,
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
  regularization(
    record: Pointer,
    isActive: boolean,
    l1: number,
    l2: number,
    clipValue: number,
    clipNorm: number,
    clipGlobalNorm: number,
    maxWeightNorm: number,
    averageTake: number,
  ): void
  sampling(network: Pointer, isWeighted: boolean, drops: boolean, position: number): void
  dropout(layer: Pointer, threshold: number, key: number): void
}

type Suffixed<Table, Suffix extends Precision> = {
  [Name in keyof Table & string as `${Name}_${Suffix}`]: Table[Name]
}

type InBoth<Table> = Suffixed<Table, 'f32'> & Suffixed<Table, 'f64'>

/** Everything that assembly/inference/index.ts exports. */
export type PredictionExports = PredictionRecords & InBoth<PredictionKernels>

/** Everything that assembly/exports.ts exports. */
export type CoreExports = Records & InBoth<Kernels>

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
