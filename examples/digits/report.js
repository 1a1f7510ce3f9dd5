// @ts-check
// What the example tells, from top to bottom.
import { drawConfusions, drawCurve } from './charts.js'
import { leastLoss } from './data.js'
import { drawPictures, picturesInRow } from './pictures.js'
import { accuracy, confusionMatrix } from './recognize.js'
import { colors, field, percent } from './terminal.js'
import { BATCH_SIZE, LEARNING_RATE, SMOOTHING } from './training.js'

/** @typedef {import('./data.js').Digits} Digits */
/** @typedef {import('./recognize.js').Reading} Reading */
/** @typedef {import('./tasks.js').Task} Task */
/** @typedef {import('./training.js').Result} Result */

/**
 * @param {Task} task
 * @param {string} network
 */
export function printPlan({ source, train, validation, test, epochs }, network) {
  const [trained, validated, tested] = [train, validation, test].map(({ labels }) => count(labels.length))
  console.log(`\n${colors.bold(colors.cyan('deltaprop'))} learns to read handwritten digits\n`)
  console.log(field('Data', source))
  const size = `${train.rows} × ${train.columns}`
  console.log(field('', `${trained} digits of ${size} to train, ${validated} to validate, ${tested} to test`))
  console.log(field('Network', network))
  const plan = `${epochs} epochs, batches of ${BATCH_SIZE}, adam at ${LEARNING_RATE}, labels smoothed by ${SMOOTHING}`
  console.log(`${field('Training', plan)}\n`)
}

/** @param {number[]} losses epoch by epoch */
export function printLosses(losses) {
  const least = leastLoss(SMOOTHING)
  printTitle('Loss', `of each epoch above ${least.toFixed(2)}, the least that smoothed labels allow`)
  console.log(drawCurve(losses.map((loss) => loss - least)))
}

/**
 * @param {Digits} digits
 * @param {Reading[]} readings of all of them
 */
export function printReadings(digits, readings) {
  const right = readings.filter(({ label, digit }) => digit === label)
  const wrong = readings.filter(({ label, digit }) => digit !== label)
  wrong.sort((a, b) => b.probability - a.probability)
  if (right.length > 0) {
    const ofEachDigit = right.filter(
      (reading, i) => right.findIndex(({ label }) => label === reading.label) === i,
    )
    printTitle('Read', 'digits of the test: label → answer, and the probability given to it')
    console.log(drawPictures(digits, ofEachDigit.slice(0, picturesInRow)))
  }
  if (wrong.length > 0) {
    const shown = wrong.slice(0, picturesInRow)
    printTitle('Misread', `${shown.length} of ${wrong.length}, the surest first`)
    console.log(drawPictures(digits, shown))
  }
  printTitle('Confusions', 'rows: what a digit of the test is; columns: what it was read as')
  console.log(drawConfusions(confusionMatrix(readings)))
}

/**
 * @param {Task} task
 * @param {Reading[]} readings
 * @param {Result} result
 */
export function printSummary({ train, epochs }, readings, { seconds, rivalSeconds }) {
  const samples = train.labels.length
  const turns = rivalSeconds.length
  const rate = samples / median(seconds.slice(0, turns))
  const rivalRate = samples / median(rivalSeconds)
  const total = seconds.reduce((sum, epoch) => sum + epoch, 0)
  const measured =
    turns === 1 ? 'both are of the first epoch' : `both are medians of ${turns} epochs, taken in turns`
  const summary = {
    Accuracy: `${percent(accuracy(readings))} of the ${count(readings.length)} test digits`,
    Training: `${total.toFixed(2)} s for ${epochs} epochs of ${count(samples)} digits`,
    Speed: `${round(rate)} samples/s, ${(rate / rivalRate).toFixed(1)} times as fast as the baseline engine`,
    Baseline: `${round(rivalRate)} samples/s in plain TypeScript on the same job; ${measured}`,
  }
  console.log()
  for (const [label, text] of Object.entries(summary)) console.log(field(label, text))
}

/**
 * @param {string} title
 * @param {string} explanation
 */
function printTitle(title, explanation) {
  console.log(`\n${field(title, explanation)}\n`)
}

/** @param {number} number */
function count(number) {
  return number.toLocaleString('en')
}

/** @param {number} number */
function round(number) {
  return number.toLocaleString('en', { maximumSignificantDigits: 3 })
}

/** @param {number[]} numbers at least 1 */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2
}
