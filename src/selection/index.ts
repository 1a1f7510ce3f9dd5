/** The entry point deltaprop/selection: splits data, and selects options by their results. */
export { crossValidate } from './cross-validation.js'
export { openFits } from './open-fits.js'
export { split } from './split.js'
export type { CrossValidation } from './cross-validation.js'
export type {
  DivisionOptions,
  FitCluster,
  FitFailure,
  FitOutcome,
  FitsElsewhere,
  PlainRecipe,
  SharedByFits,
} from './elsewhere.js'
export type { OpenFits } from './open-fits.js'
export type { Estimate, Evaluation } from './estimate.js'
export type { SelectionOptions } from './options.js'
export type { HiddenOptions, ModelRecipe, NetworkRecipe } from './recipe.js'
export type { Parts, RowSplitOptions, SampleSplitOptions } from './split.js'
export type { Fold } from './trials.js'
export { gridSearch, randomSearch } from './search.js'
export type { SearchResult, Trial } from './search-result.js'
export type { Choosable } from './choices.js'
export type { Choice, Range } from './space.js'
export type { BuildOptions, NamedGrid, NamedOptions, NamedSpace } from './search.js'
