/**
 * What TypeScript tells the kernels: pointers and sizes of one network, its layers, its regularisation, its optimiser
 * and its threads. TypeScript reserves the bytes (drawn in src/engine/wasm/memory.ts) and writes the fields, by name:
 * scripts/layout.js reads them here and generates what writes them. It wants no field after a gap, so padding is
 * declared, as `padding`.
 *
 * A class that extends another adds what is written at another time; each is written as a whole.
 */
import { Loss } from '../kernels/loss'
import { Activation } from '../kernels/activation'
import { VECTOR } from '../simd'

/**
 * Bytes that TypeScript reserves for a record, of whatever class, and from one layer to the next; none may have more.
 */
export const RECORD: usize = 128

/** The numbers by which TypeScript names an optimiser; src/definition/optimizers.ts lists the names in this order. */
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

/** Arrays of one size, regionBytes apart, each with a number for every parameter, in the order of the parameters. */
export enum Region {
  parameters,
  gradients,
  slot0,
  slot1,
  slot2,
  average,
}

/** What prediction reads of a layer. */
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
  /** a_h of (38): the sample panels of the layer before, or of x */
  input: usize
  /** activations, sample panels */
  a: usize
  /** z, then σ′(z), then ∂C/∂z, sample panels */
  delta: usize
}

/** What training reads beside that. */
@unmanaged
export class TrainingLayer extends PredictionLayer {
  /** the inputs as feature panels; unused where usesFeaturePanels is false */
  features: usize
  /** rows whose gradients are taken together, and what threads take at a time */
  blockRows: usize
  /** blocks of blockRows rows, the last with what is left of them */
  blocks: usize
}

/** And what changes from call to call. */
@unmanaged
export class Layer extends TrainingLayer {
  /** of dropout, where it is done: p·2³² and the key of its random numbers; 0: none, see dropout.ts */
  dropThreshold: u32
  dropKey: u32
}

/** What prediction reads of a network. */
@unmanaged
export class PredictionNetwork {
  layers: usize
  /** the first layer; the others follow, RECORD apart */
  first: usize
  /** samples that the panels hold: a batch larger than that is done chunk by chunk */
  chunk: usize
  /** rows of inputs, row-major, as TypeScript staged them */
  x: usize
  /** u32: which row is the i-th sample */
  order: usize
}

/** What training and the loss read beside that. */
@unmanaged
export class TrainingNetwork extends PredictionNetwork {
  loss: Loss
  parameters: usize
  parameterCount: usize
  /** from each Region to the next */
  regionBytes: usize
  /** rows of targets, as those of x */
  y: usize
  /** sample panels of the targets */
  targets: usize
  /** one panel row of losses per panel */
  losses: usize
  /** f64: the learning rate of the i-th batch, where that changes from batch to batch */
  rates: usize
  /** of the staged rows, one each, and one panel row of them per panel: see sample-weights.ts */
  weights: usize
  weightPanels: usize
  regularization: Regularization
}

/** And what changes from call to call. */
@unmanaged
export class Network extends TrainingNetwork {
  /** what the first of the staged order is in the order of the epoch, by which dropout draws */
  position: u32
  /** whether samples count by their weights */
  isWeighted: bool
  /** whether layers drop neurons out */
  drops: bool
}

/** What is done about gradients and weights beside the rule of the optimiser, in this order; 0: not. */
@unmanaged
export class RegularizationTerms {
  /** λ₁ and λ₂ of the penalties, see penalty.ts */
  l1: f64
  l2: f64
  /**
   * the most that a gradient may be; that the norm of one layer's weights or biases may have; that of all together: see
   * norm.ts
   */
  clipValue: f64
  clipNorm: f64
  clipGlobalNorm: f64
  /** the most that the norm of one neuron's weights may be after the update */
  maxWeightNorm: f64
  /** the part of the moving average of the parameters that is new */
  averageTake: f64
}


@unmanaged
export class Regularization extends RegularizationTerms {
  /** whether any of it is to be done */
  isActive: bool
}

/** The scalar state of an optimiser, which is saved with the network. */
@unmanaged
export class Counters {
  /** steps taken */
  steps: f64
  /** β₁ and β₂ of the adam family to the power of the steps */
  power1: f64
  power2: f64
  /** the product of nadam's momenta */
  product: f64
}

/** What every rule reads; the classes that extend it, each beside its rule, have the hyper-parameters. */
@unmanaged
export class Optimizer {
  /** η */
  learningRate: f64
  rule: Rule
  counters: Counters
  /** SCRATCH bytes, for ranges that are no whole vectors */
  scratch: usize
  padding: u32
}

/** One vector of parameters, one of each of the three slots, and one of gradients. */
export const SCRATCH: usize = 5 * VECTOR

/**
 * What one of the threads that share the steps of a network is told: its number, what it shares with the others, memory
 * of its own.
 */
@unmanaged
export class ThreadPlace {
  index: usize
  count: usize
  /** shared by all */
  barrier: Barrier
  /**
   * how often it looks at the barrier before it sleeps, kept by barrier.ts; 0 where there is no core for each thread
   */
  spins: u32
  /** the same in every thread, each with counters of its own, which count alike */
  optimizer: Optimizer
  /** gradients on the way to their update, of parameters that lie one after the other: see phase2.ts */
  strip: usize
  stripBytes: usize
  /** what a product reads instead of w or delta: see pack.ts */
  packed: usize
  /**
   * shared by all, u32: how many pieces of each work were taken of the share of a thread, takenBytes from thread to
   * thread: see work-stealing.ts
   */
  taken: usize
  takenBytes: usize
}

/** And what it keeps for itself. */
@unmanaged
export class Thread extends ThreadPlace {
  /** the first of the parameters whose gradients are in the strip, and the bytes of these: see phase2.ts */
  stripStart: usize
  stripFilled: usize
}

/** Where threads meet; 0 at first. */
@unmanaged
export class Barrier {
  /** threads that have arrived */
  arrived: i32
  /** how often all of them had */
  rounds: i32
}

/** What comes of training on some batches. */
@unmanaged
export class Report {
  /** what there was before, and the losses of the batches, added one by one */
  loss: f64
  /** how many were done */
  batches: f64
}

/** The l-th layer of a network, l < net.layers. */
// @ts-ignore: decorator
@inline
export function layerOf(net: Network, l: usize): Layer {
  return changetype<Layer>(net.first + l * RECORD)
}

/** What a region has for the parameter at w. */
// @ts-ignore: decorator
@inline
export function inRegion(net: Network, region: Region, w: usize): usize {
  return w + <usize>region * net.regionBytes
}
