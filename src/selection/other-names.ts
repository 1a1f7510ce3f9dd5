/** Names that scikit-learn, Keras and others use for these options; see OtherNames. */
import { otherHyperParameters } from '../definition/other-names.js'
import type { OtherNames } from '../base/suggest.js'

/** For options of cross-validation and searches. */
export const otherSelectionOptions: OtherNames = {
  'cv k kfold nsplits': 'folds',
  randomstate: 'seed',
  'njobs threads workers': 'parallel',
  'scoring metric': 'score',
  'niter ntrials': 'trials',
  'paramgrid paramdistributions parameters': 'space',
  'hidden activation loss': 'it belongs to the network: { network: { hidden: [8] } }',
  'epochs batchsize optimizer': 'it belongs to fit: { fit: { epochs: 10 } }',
}

/** For parts of a split. */
export const otherSplitOptions: OtherNames = {
  testsize: 'test',
  randomstate: 'seed',
}

/** For options of a network whose inputs and outputs come from the data. */
export const otherHiddenOptions: OtherNames = {
  'hiddenlayers hiddenlayersizes layers units neurons sizes': 'hidden',
  randomstate: 'seed',
}

/** For names in a space. */
export const otherChoices: OtherNames = {
  ...otherHyperParameters,
  ...otherHiddenOptions,
  'niter maxiter iterations': 'epochs',
}

export const otherMetrics: OtherNames = {
  acc: 'accuracy',
  'auc roc': 'rocAuc',
  'mse meansquarederror negmeansquarederror': 'meanSquared',
  'rmse negrootmeansquarederror': 'rootMeanSquared',
  'mae negmeanabsoluteerror': 'meanAbsolute',
  'f1 f1score f1macro': 'macro.f1',
  precision: 'macro.precision',
  recall: 'macro.recall',
  mcc: 'matthews',
}
