/** How TypeScript fills the records of plan.ts: a function for each, with its fields; the first argument is where it lies. */
import { Loss } from '../kernels/loss'
import { Counters, Layer, Network, Optimizer, Regularization, Rule, Thread } from './structs'
import { Activation } from '../kernels/activation'

/** What prediction reads of a layer. */
export function layer(
  record: usize,
  nIn: usize,
  nOut: usize,
  activation: Activation,
  shape: f64,
  w: usize,
  b: usize,
  input: usize,
  a: usize,
  delta: usize,
): void {
  const l = changetype<Layer>(record)
  l.nIn = nIn
  l.nOut = nOut
  l.activation = activation
  l.shape = shape
  l.w = w
  l.b = b
  l.input = input
  l.a = a
  l.delta = delta
}

/** What training reads beside that. */
export function trainedLayer(record: usize, features: usize, blockRows: usize, blocks: usize): void {
  const l = changetype<Layer>(record)
  l.features = features
  l.blockRows = blockRows
  l.blocks = blocks
  l.dropThreshold = 0
  l.dropKey = 0
}

/** How a layer drops neurons out from now on. */
export function dropout(record: usize, threshold: u32, key: u32): void {
  const l = changetype<Layer>(record)
  l.dropThreshold = threshold
  l.dropKey = key
}

/** How samples count from now on. */
export function sampling(record: usize, isWeighted: bool, drops: bool, position: u32): void {
  const n = changetype<Network>(record)
  n.isWeighted = isWeighted
  n.drops = drops
  n.position = position
}

export function regularization(
  record: usize,
  isActive: bool,
  l1: f64,
  l2: f64,
  clipValue: f64,
  clipNorm: f64,
  clipGlobalNorm: f64,
  maxWeightNorm: f64,
  averageTake: f64,
): void {
  const r = changetype<Regularization>(record)
  r.isActive = isActive
  r.l1 = l1
  r.l2 = l2
  r.clipValue = clipValue
  r.clipNorm = clipNorm
  r.clipGlobalNorm = clipGlobalNorm
  r.maxWeightNorm = maxWeightNorm
  r.averageTake = averageTake
}

/** What prediction reads of a network. */
export function network(
  record: usize,
  layers: usize,
  first: usize,
  chunk: usize,
  x: usize,
  order: usize,
): void {
  const n = changetype<Network>(record)
  n.layers = layers
  n.first = first
  n.chunk = chunk
  n.x = x
  n.order = order
}

/** What training and the loss read beside that. */
export function trainedNetwork(
  record: usize,
  loss: Loss,
  parameters: usize,
  parameterCount: usize,
  regionBytes: usize,
  y: usize,
  targets: usize,
  losses: usize,
  rates: usize,
  weights: usize,
  weightPanels: usize,
  regularization: usize,
): void {
  const n = changetype<Network>(record)
  n.loss = loss
  n.parameters = parameters
  n.parameterCount = parameterCount
  n.regionBytes = regionBytes
  n.y = y
  n.targets = targets
  n.losses = losses
  n.rates = rates
  n.weights = weights
  n.weightPanels = weightPanels
  n.isWeighted = false
  n.drops = false
  n.position = 0
  n.regularization = changetype<Regularization>(regularization)
}

export function thread(
  record: usize,
  index: usize,
  count: usize,
  barrier: usize,
  hasCore: bool,
  optimizer: usize,
  strip: usize,
  stripBytes: usize,
  packed: usize,
  taken: usize,
  takenBytes: usize,
): void {
  const t = changetype<Thread>(record)
  t.index = index
  t.count = count
  t.barrier = barrier
  t.spins = hasCore ? u32.MAX_VALUE : 0
  t.optimizer = changetype<Optimizer>(optimizer)
  t.strip = strip
  t.stripBytes = stripBytes
  t.packed = packed
  t.taken = taken
  t.takenBytes = takenBytes
}

export function optimizer(
  record: usize,
  counters: usize,
  scratch: usize,
  rule: Rule,
  variant: bool,
  learningRate: f64,
  weightDecay: f64,
  epsilon: f64,
  decay1: f64,
  decay2: f64,
  extra1: f64,
  extra2: f64,
): void {
  const o = changetype<Optimizer>(record)
  o.counters = changetype<Counters>(counters)
  o.scratch = scratch
  o.rule = rule
  o.variant = variant
  o.learningRate = learningRate
  o.weightDecay = weightDecay
  o.epsilon = epsilon
  o.decay1 = decay1
  o.decay2 = decay2
  o.extra1 = extra1
  o.extra2 = extra2
}
