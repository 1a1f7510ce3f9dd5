/**
 * The names that other libraries (PyTorch, Keras, scikit-learn, TensorFlow.js, brain.js, synaptic) use for our options,
 * see OtherNames; names that `suggestion` finds by itself are left out.
 */
import type { OtherNames } from '../base/suggest.js'

const otherActivations: OtherNames = {
  'identity none': 'linear',
  logistic: 'sigmoid',
  swish: 'silu',
  'lrelu prelu': 'leakyRelu',
  '': "such as 'tanh', or { hidden: 'tanh', output: 'linear' }",
}

const otherLosses: OtherNames = {
  'mse mseloss meansquarederror squarederror': 'halfSquared',
  'mae l1loss absoluteerror': 'meanAbsolute',
  'smoothl1 smoothl1loss': 'huber',
  'bce bceloss bcewithlogitsloss': 'binaryCrossEntropy',
  'crossentropy crossentropyloss nllloss': 'categoricalCrossEntropy',
}

export const otherInitializers: OtherNames = {
  'xavier xaviernormal glorot': 'glorotNormal',
  xavieruniform: 'glorotUniform',
  'he kaiming kaimingnormal': 'heNormal',
  kaiminguniform: 'heUniform',
  gaussian: 'normal',
  '': "such as 'heNormal'",
}

export const otherOptimizers: OtherNames = {
  '': "such as 'adam', or adam({ learningRate: 0.01 })",
}

/** Of hyper-parameters of an optimiser. */
export const otherHyperParameters: OtherNames = {
  'lr eta': 'learningRate',
  l2: 'weightDecay',
  eps: 'epsilon',
  rho: 'alpha',
  'epochs batchsize': 'it belongs to fit, beside the optimizer',
  '': 'such as { learningRate: 0.01 }',
}

/** Of options of fit. */
export const otherFitOptions: OtherNames = {
  'lr eta learningrate momentum weightdecay beta1 beta2':
    'it belongs to the optimizer: { optimizer: adam({ learningRate: 0.01 }) }',
  'niter maxiter iterations': 'epochs',
  batch: 'batchSize',
  verbose: 'progress',
  'njobs workers': 'threads',
  timeout: 'timeLimit',
  'clipnorm clipvalue': 'clipGradients',
  callbacks: 'onEpoch',
  patience: 'it belongs to earlyStopping: { patience: 10 }',
  'resume otherdata': "it belongs to checkpointFile({ path: 'xor.checkpoint', resume: true })",
  'weights sampleweight': 'it belongs to the data: { x, y, weights }',
  'seed randomstate activation loss precision hiddenlayers hiddenlayersizes layers':
    "it belongs to the network: new Network([2, 8, 1], { activation: 'tanh', seed: 1 })",
  '': 'x and y are one object, as in fit({ x, y }, { epochs: 10 })',
}

/** Of options of a network. */
export const otherNetworkOptions: OtherNames = {
  'epochs batchsize optimizer lr learningrate niter maxiter iterations weightdecay dropout':
    'it belongs to fit: fit(data, { epochs: 10, optimizer: adam({ learningRate: 0.01 }) })',
  'hidden hiddenlayers hiddenlayersizes layers units neurons inputs outputs':
    'the sizes come first: new Network([2, 8, 1], options)',
  randomstate: 'seed',
  dtype: 'precision',
}

/** Of a layer. */
const otherLayerOptions: OtherNames = {
  'size neurons': 'units',
  type: "a layer is dense, { units: 8, activation: 'tanh' }",
  '': "a layer is { units: 8, activation: 'tanh' }",
}

/** Of the long form of a network. */
export const otherLongOptions: OtherNames = {
  activation: "it belongs to a layer: { units: 8, activation: 'tanh' }",
  ...otherNetworkOptions,
}

/** Of the parts of samples. */
export const otherData: OtherNames = {
  'xs inputs features': 'x',
  'ys outputs targets labels': 'y',
  '': 'samples are one object, { x, y }',
  '*': 'x has all inputs, y all outputs; tables, rows and pairs with names are for Model of deltaprop/model',
}

const otherPrecisions: OtherNames = {
  'float32 float': 'f32',
  'float64 double': 'f64',
}

/** Of the parts of an architecture, where a person writes it; files always have our names. */
export const otherParts = {
  activations: otherActivations,
  layers: otherLayerOptions,
  losses: otherLosses,
  precisions: otherPrecisions,
}

export const otherEarlyStopping: OtherNames = {
  monitor: 'it watches the loss, of the validation if there is one',
  '': 'it is true, or such as { patience: 10 }',
}

export const otherCheckpoint: OtherNames = {
  '': "such as checkpointFile({ path: 'xor.checkpoint', resume: true })",
}

/** Of limits of a gradient. */
export const otherLimits: OtherNames = {
  '': 'such as { globalNorm: 1 }',
}

export const otherSchedules: OtherNames = {
  steplr: 'step',
  cosineannealingwarmrestarts: 'cosineWarmRestarts',
  '': "such as { type: 'cosine', totalSteps: 1000 }, or a function of the update",
}

export const otherScheduleOptions: OtherNames = {
  tmax: 'totalSteps',
  'etamin minlr': 'minimum',
  maxlr: 'maximum',
}
