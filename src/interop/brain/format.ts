/**
 * The JSON of brain.js. Version 1:
 *
 *     { sizes: [2, 1], layers: [{ r: {}, g: {} }, { dark: { bias, weights: { r, g } } }],
 *       inputLookup: true, outputLookup: true, activation }
 *
 * with layers of neurons by name, "0", "1", … where the data has no names. Version 2:
 *
 *     { type: 'NeuralNetwork', sizes: [2, 1], layers: [{ weights: [], biases: [] }, { weights: [[…]], biases: […] }],
 *       inputLookup: { r: 0, g: 1 }, outputLookup: { dark: 0 }, trainOpts: { activation, leakyReluAlpha } }
 */
/** The layers of a file behind its inputs, with the names of its inputs and outputs. */
export interface BrainLayers {
  readonly inputs: number
  readonly inputNames: readonly string[] | undefined
  readonly outputNames: readonly string[] | undefined
  readonly layers: readonly { readonly weights: Float64Array; readonly biases: Float64Array }[]
}

/** What brain.js calls an activation, and its name here. */
export const brainActivations = {
  sigmoid: 'sigmoid',
  relu: 'relu',
  'leaky-relu': 'leakyRelu',
  tanh: 'tanh',
} as const

/** What brain.js calls an activation. */
export type BrainActivation = keyof typeof brainActivations
