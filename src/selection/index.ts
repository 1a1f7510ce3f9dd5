/** The entry deltaprop/selection: data is split, and options are chosen by what they come to. */
export { crossValidate } from './cross-validation.js'
export { split } from './split.js'
export type { CrossValidation, CrossValidationOptions } from './cross-validation.js'
export type { Estimate, NetworkEvaluation } from './estimate.js'
export type { SelectionOptions } from './options.js'
export type { HiddenOptions, Recipe, TrainOptions } from './recipe.js'
export type { Parts, RowSplitOptions, SampleSplitOptions } from './split.js'
export type { Fold } from './trials.js'
