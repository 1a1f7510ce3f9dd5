/**
 * The records TypeScript passes to the kernels: pointers and sizes of one network, its layers, its regularisation, its
 * optimiser and its threads. TypeScript reserves the bytes (drawn in src/engine/wasm/memory.ts) and writes the fields
 * by name: scripts/layout.js reads the fields here and generates the functions that write them. It rejects a gap before
 * a field, so padding is declared, as `padding`.
 *
 * A class that extends another adds fields that are written at a different time; each class is written as a whole.
 */
import { Loss } from '../kernels/loss'
import { Activation } from '../kernels/activation'
import { VECTOR } from '../simd'

/**
 * Bytes TypeScript reserves for a record of any class, and from one layer to the next; no class may be larger.
 */
export const RECORD: usize = 128

/** The numbers TypeScript uses for optimisers; src/definition/optimizers.ts lists the names in this order. */
export enum Rule {
  sgd,
  adagrad,
  rmsprop,
  adadelta,
  adam,
  adamw,
  nadam,
  rprop,
}

/** Arrays of equal size, regionBytes apart, each with one number per parameter, in the order of the parameters. */
export enum Region {
  parameters,
  gradients,
  slot0,
  slot1,
  slot2,
  average,
}

/** The fields of a layer that prediction reads. */
@unmanaged
export class PredictionLayer {
  /** the slope of leakyRelu, the alpha of elu */
  shape: f64
  activation: Activation
  nIn: usize
  nOut: usize
  /** weights, nOut × nIn */
  w: usize
  /** biases, nOut */
  b: usize
  /** a_h of (38): the sample panels of the previous layer, or of x */
  input: usize
  /** activations, sample panels */
  a: usize
  /** z, then σ′(z), then ∂C/∂z, sample panels */
  delta: usize
}

/** The fields that training reads as well. */
@unmanaged
export class TrainingLayer extends PredictionLayer {
  /** the inputs as feature panels; unused where usesFeaturePanels is false */
  features: usize
  /** rows whose gradients are computed together; also the unit of work that threads take */
  blockRows: usize
  /** number of blocks of blockRows rows; the last block may have fewer rows */
  blocks: usize
}

/** The fields that change from call to call. */
@unmanaged
export class Layer extends TrainingLayer {
  /** dropout: p·2³², and the key of its random numbers; 0 for no dropout, see dropout.ts */
  dropThreshold: u32
  dropKey: u32
}

/** The fields of a network that prediction reads. */
@unmanaged
export class PredictionNetwork {
  layers: usize
  /** the first layer; the others follow, RECORD bytes apart */
  first: usize
  /** number of samples the panels hold: a larger batch is processed chunk by chunk */
  chunk: usize
  /** rows of inputs, row-major, as TypeScript staged them */
  x: usize
  /** u32: the row number of the i-th sample */
  order: usize
  /**
   * the largest batch for small-sample.ts and small-batch.ts; 0 for f64, layers that are not small, more parameters
   * than a strip has room for, or several threads: see smallBatchOf in src/
   */
  smallBatch: usize
}

/** The fields that training and the loss read as well. */
@unmanaged
export class TrainingNetwork extends PredictionNetwork {
  loss: Loss
  parameters: usize
  parameterCount: usize
  /** bytes from each Region to the next */
  regionBytes: usize
  /** rows of targets, laid out like x */
  y: usize
  /** sample panels of the targets */
  targets: usize
  /** one panel row of losses per panel */
  losses: usize
  /** f64: the learning rate of the i-th batch, if it changes from batch to batch */
  rates: usize
  /** sample weights: one per staged row, and one panel row of them per panel; see sample-weights.ts */
  weights: usize
  weightPanels: usize
  regularization: Regularization
}

/** The fields that change from call to call. */
@unmanaged
export class Network extends TrainingNetwork {
  /** position, in the order of the epoch, of the first sample in the staged order; dropout draws by it */
  position: u32
  /** whether samples are weighted */
  isWeighted: bool
  /** whether layers apply dropout */
  drops: bool
}

/** What is done to gradients and weights in addition to the optimiser's rule, in this order; 0 means not at all. */
@unmanaged
export class RegularizationTerms {
  /** λ₁ and λ₂ of the penalties, see penalty.ts */
  l1: f64
  l2: f64
  /**
   * upper limits: on the absolute value of a gradient; on the norm of the gradients of one layer's weights or biases;
   * on the norm of all gradients together: see norm.ts
   */
  clipValue: f64
  clipNorm: f64
  clipGlobalNorm: f64
  /** upper limit on the norm of one neuron's weights after the update */
  maxWeightNorm: f64
  /** weight of the new value in the moving average of the parameters */
  averageTake: f64
}


@unmanaged
export class Regularization extends RegularizationTerms {
  /** whether any of these terms applies */
  isActive: bool
}

/** The scalar state of an optimiser, which is saved with the network. */
@unmanaged
export class Counters {
  /** steps taken */
  steps: f64
  /** β₁ and β₂ of the adam family, raised to the number of steps */
  power1: f64
  power2: f64
  /** the product of nadam's momenta */
  product: f64
}

/** What every rule reads; the classes that extend it, each next to its rule, add the hyper-parameters. */
@unmanaged
export class Optimizer {
  /** η */
  learningRate: f64
  rule: Rule
  counters: Counters
  /** SCRATCH bytes, for ranges that are not a whole number of vectors */
  scratch: usize
  padding: u32
}

/** One vector of parameters, one from each of the three slots, and one of gradients. */
export const SCRATCH: usize = 5 * VECTOR

/**
 * What TypeScript passes to each thread that shares the steps of a network: its number, what it shares with the others,
 * and its private memory.
 */
@unmanaged
export class ThreadPlace {
  index: usize
  count: usize
  /** shared by all */
  barrier: Barrier
  /**
   * how many times it polls the barrier before it sleeps, maintained by barrier.ts; 0 if there are fewer cores than
   * threads
   */
  spins: u32
  /** the same in every thread; each has its own counters, which all count the same */
  optimizer: Optimizer
  /** gradients waiting for their update, of consecutive parameters: see phase2.ts */
  strip: usize
  stripBytes: usize
  /** what a product reads instead of w or delta: see pack.ts */
  packed: usize
  /**
   * shared by all, u32: for each thread, takenBytes apart, and each kind of work, how many items of that thread's
   * share have been taken: see work-stealing.ts
   */
  taken: usize
  takenBytes: usize
}

/** The fields that the thread maintains itself. */
@unmanaged
export class Thread extends ThreadPlace {
  /** the first parameter whose gradient is in the strip, and the bytes of gradients there: see phase2.ts */
  stripStart: usize
  stripFilled: usize
}

/** Where threads wait for one another; initially 0. */
@unmanaged
export class Barrier {
  /** threads that have arrived */
  arrived: i32
  /** how many times all of them have */
  rounds: i32
}

/** The result of training on some batches. */
@unmanaged
export class Report {
  /** the loss before, plus the losses of the batches, added one by one */
  loss: f64
  /** number of batches done */
  batches: f64
}

/** The l-th layer of a network, l < net.layers. */
// @ts-ignore: decorator
@inline
export function layerOf(net: Network, l: usize): Layer {
  return changetype<Layer>(net.first + l * RECORD)
}

/** The address, in a region, of the number that belongs to the parameter at w. */
// @ts-ignore: decorator
@inline
export function inRegion(net: Network, region: Region, w: usize): usize {
  return w + <usize>region * net.regionBytes
}
