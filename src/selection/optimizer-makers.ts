import { adadelta, adagrad, adam, adamw, nadam, rmsprop, rprop, sgd } from '../index.js'

/** The factory of each optimiser, by name. */
export const optimizerMakers = { sgd, adagrad, rmsprop, adadelta, adam, adamw, nadam, rprop }
