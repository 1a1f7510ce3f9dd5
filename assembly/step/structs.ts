/**
 * What TypeScript has decided, as the step reads it: pointers and sizes of one network, its layers, its optimiser, its regularisation
 * and its threads. TypeScript reserves the bytes (its layout is drawn in src/engine/wasm/memory.ts) and has them filled by records.ts, so the
 * offsets of the fields are known in assembly/ alone.
 */
import { Loss } from '../kernels/loss'
import { Activation } from '../kernels/activation'

/** Bytes that TypeScript reserves for a record: RECORD_BYTES in src/engine/wasm/memory.ts. */
const RECORD: usize = 128
if (
  offsetof<Network>() > RECORD ||
  offsetof<Layer>() > RECORD ||
  offsetof<Optimizer>() > RECORD ||
  offsetof<Regularization>() > RECORD ||
  offsetof<Thread>() > RECORD
) {
  ERROR('a record is larger than what TypeScript reserves for it')
}

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


@unmanaged
export class Layer {
  nIn: usize
  nOut: usize
  activation: Activation
  /** weights, nOut × nIn */
  w: usize
  /** biases, nOut */
  b: usize
  /** a_h of (38): the sample panels of the layer before, or of x */
  input: usize
  /** the same as feature panels; unused where usesFeaturePanels is false */
  features: usize
  /** activations, sample panels */
  a: usize
  /** z, then σ′(z), then ∂C/∂z, sample panels */
  delta: usize
  /** rows whose gradients are taken together, and what threads take at a time */
  blockRows: usize
  /** blocks of blockRows rows, the last with what is left of them */
  blocks: usize
  /** the slope of leakyRelu, the alpha of elu */
  shape: f64
  /** of dropout, where it is done: p·2³² and the key of its random numbers; 0: none, see dropout.ts */
  dropThreshold: u32
  dropKey: u32
}


@unmanaged
export class Network {
  layers: usize
  first: usize
  loss: Loss
  /** samples that the panels hold: a batch larger than that is done chunk by chunk */
  chunk: usize
  parameters: usize
  parameterCount: usize
  /**
   * from the parameters to the gradients, on to each of the optimiser's three slots, and to the average: six regions in the same order
   */
  regionBytes: usize
  /** rows of inputs and of targets, row-major, as TypeScript staged them */
  x: usize
  y: usize
  /** u32: which row is the i-th sample */
  order: usize
  /** sample panels of the targets */
  targets: usize
  /** one panel row of losses per panel */
  losses: usize
  /** f64: the learning rate of the i-th batch, where that changes from batch to batch */
  rates: usize
  /** of the staged rows, one each, and one panel row of them per panel: see weigh.ts */
  weights: usize
  weightPanels: usize
  /** whether samples count by their weights */
  isWeighted: bool
  /** whether layers drop neurons out */
  drops: bool
  /** what the first of the staged order is in the order of the epoch, by which dropout draws */
  position: u32
  regularization: Regularization
}

/** What is done about gradients and weights beside the rule of the optimiser, in this order; 0: not. */
@unmanaged
export class Regularization {
  /** whether any of it is to be done */
  isActive: bool
  /** λ₁ and λ₂ of the penalties, see penalty.ts */
  l1: f64
  l2: f64
  /** the most that a gradient may be; that the norm of one layer's weights or biases may have; that of all together: see clip.ts */
  clipValue: f64
  clipNorm: f64
  clipGlobalNorm: f64
  /** the most that the norm of one neuron's weights may be after the update */
  maxWeightNorm: f64
  /** the part of the moving average of the parameters that is new */
  averageTake: f64
}

/** The scalar state of an optimiser, four f64 that are saved with the network. */
@unmanaged
export class Counters {
  /** steps taken */
  steps: f64
  /** the adam family's decay1 and decay2 to the power of the steps */
  power1: f64
  power2: f64
  /** the product of nadam's momenta */
  product: f64
}


@unmanaged
export class Optimizer {
  rule: Rule
  /** nesterov (sgd), amsgrad (adam, adamw), centered (rmsprop) */
  variant: bool
  learningRate: f64
  weightDecay: f64
  epsilon: f64
  /** momentum (sgd), alpha (rmsprop), rho (adadelta), beta1 (adam family), etaMinus (rprop) */
  decay1: f64
  /** momentum (rmsprop), beta2 (adam family), etaPlus (rprop) */
  decay2: f64
  /** learningRateDecay (adagrad), momentumDecay (nadam), stepMin (rprop) */
  extra1: f64
  /** stepMax (rprop) */
  extra2: f64
  counters: Counters
  /** five vectors, for ranges that are no whole vectors */
  scratch: usize
}

/** One of the threads that share the steps of a network: its number, what it shares with the others, and memory of its own. */
@unmanaged
export class Thread {
  index: usize
  count: usize
  /** shared by all: see barrier.ts */
  barrier: usize
  /** how often it looks at the barrier before it sleeps, kept by barrier.ts; 0 where there is no core for each thread */
  spins: u32
  /** the same in every thread, each with counters of its own, which count alike */
  optimizer: Optimizer
  /** gradients on the way to their update, of parameters that lie one after the other: see strips.ts */
  strip: usize
  stripBytes: usize
  /** the first of these parameters, and how many bytes of gradients are in the strip, kept by strips.ts */
  stripStart: usize
  stripFilled: usize
  /** what a product reads instead of w or delta: see pack.ts */
  packed: usize
  /** shared by all, u32: how often pieces of each work were taken of every thread's share, takenBytes from thread to thread: see share.ts */
  taken: usize
  takenBytes: usize
}

/** The l-th layer of a network, l < net.layers. */
// @ts-ignore: decorator
@inline
export function layerOf(net: Network, l: usize): Layer {
  return changetype<Layer>(net.first + l * RECORD)
}
