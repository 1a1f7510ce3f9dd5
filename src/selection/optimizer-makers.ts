import { adadelta, adagrad, adam, adamw, nadam, rmsprop, rprop, sgd } from '../index.js'

/** What makes the optimiser of each name. */
export const optimizerMakers = { sgd, adagrad, rmsprop, adadelta, adam, adamw, nadam, rprop }
