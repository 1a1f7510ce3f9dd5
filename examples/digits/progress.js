// @ts-check
import cliProgress from 'cli-progress'
import { colors, isTerminal, percent } from './terminal.js'

/** Where nothing can be drawn anew, about so many lines are printed in all. */
const LINES = 8

/**
 * Shows how training goes on: a bar in a terminal, elsewhere a line every few epochs.
 *
 * @param {number} epochs
 */
export function showProgress(epochs) {
  const bar = new cliProgress.SingleBar({
    stream: process.stdout,
    format: `${colors.cyan('{bar}')}  {text}`,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // The terminal's own wrapping stays as it is, also when training is interrupted.
    linewrap: true,
  })
  const every = Math.ceil(epochs / LINES)
  if (isTerminal) bar.start(epochs, 0, { text: '' })
  return {
    /**
     * @param {number} epoch 1 for the first
     * @param {number} loss
     * @param {number} accuracy
     */
    update: (epoch, loss, accuracy) => {
      const text = describe(epochs, epoch, loss, accuracy)
      if (isTerminal) bar.update(epoch, { text })
      else if (epoch % every === 0 || epoch === 1 || epoch === epochs) console.log(text)
    },
    stop: () => {
      if (isTerminal) bar.stop()
    },
  }
}

/**
 * `epoch  5/40  loss 0.6012  validation  97.2 %`
 *
 * @param {number} epochs
 * @param {number} epoch
 * @param {number} loss
 * @param {number} accuracy
 */
function describe(epochs, epoch, loss, accuracy) {
  const count = `${String(epoch).padStart(String(epochs).length)}/${epochs}`
  return `epoch ${count}  loss ${loss.toFixed(4)}  validation ${percent(accuracy).padStart(7)}`
}
