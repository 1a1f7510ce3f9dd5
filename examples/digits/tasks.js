// @ts-check
import { readUci, split } from './data.js'
import { readMnist } from './mnist.js'
import { SEED } from './training.js'

/** @typedef {import('./data.js').Digits} Digits */

/**
 * What is to be learnt from which data.
 *
 * @typedef {object} Task
 * @property {string} source of the data
 * @property {Digits} train
 * @property {Digits} validation
 * @property {Digits} test
 * @property {number} hidden units of the network
 * @property {number} epochs
 * @property {number} rivalEpochs that the baseline engine trains too, for comparison
 */

/**
 * The digits that come with the example.
 *
 * @returns {Task}
 */
export function uciTask() {
  const [train, validation, test] = split(readUci(), [0.7, 0.1], SEED)
  const source =
    'Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, ' +
    'UCI Machine Learning Repository, doi:10.24432/C50P49, CC BY 4.0'
  return { source, train, validation, test, hidden: 384, epochs: 40, rivalEpochs: 40 }
}

/**
 * The files of MNIST in a folder.
 *
 * @param {string} folder
 * @returns {Task}
 */
export function mnistTask(folder) {
  const files = readMnist(folder)
  const [train, validation] = split(files.train, [0.9], SEED)
  const source = `the MNIST files in ${folder}`
  return { source, train, validation, test: files.test, hidden: 128, epochs: 5, rivalEpochs: 1 }
}
