// @ts-check
// Learns to read handwritten digits: `npm start`, or `npm start -- --mnist DIR` for MNIST's.
import { parseArgs } from 'node:util'
import { drawConfusions, drawCurve } from './charts.js'
import { drawPictures, picturesInRow } from './pictures.js'
import { showProgress } from './progress.js'
import { accuracy, confusionMatrix, recognize } from './recognize.js'
import { mnistTask, uciTask } from './tasks.js'
import { colors, field, percent } from './terminal.js'
import { leastLoss } from './data.js'
import { BATCH_SIZE, createNetwork, LEARNING_RATE, SMOOTHING, train } from './training.js'

/** @typedef {import('./data.js').Digits} Digits */
/** @typedef {import('./recognize.js').Reading} Reading */
/** @typedef {import('./tasks.js').Task} Task */
/** @typedef {import('./training.js').Result} Result */

const usage = 'usage: npm start -- [--mnist DIR] [--help]'
const help = `${usage}

Trains a network on handwritten digits, and shows what it learnt and how fast.

  --mnist DIR   read MNIST's files in DIR (train-images-idx3-ubyte and so on,
                gzipped or not) instead of the digits that come with the example
  -h, --help    show this`

try {
  const options = readOptions()
  if (options.help) console.log(help)
  else await run(options.mnist === undefined ? uciTask() : mnistTask(options.mnist))
} catch (error) {
  console.error(`digits: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

function readOptions() {
  try {
    return parseArgs({ options: { mnist: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }).values
  } catch (error) {
    // The first sentence says what is wrong, the rest is advice to programmers.
    const [reason] = String(error instanceof Error ? error.message : error).split('. ')
    throw new Error(`${reason}; ${usage}`, { cause: error })
  }
}

/** @param {Task} task */
async function run(task) {
  const pixels = task.train.rows * task.train.columns
  const net = createNetwork(pixels, task.hidden, 'wasm')
  const rival = createNetwork(pixels, task.hidden, 'baseline')
  printPlan(task, String(net))

  const progress = showProgress(task.epochs)
  const result = await train(net, rival, task.train, task, (epoch, loss) => {
    progress.update(epoch, loss, accuracy(recognize(net, task.validation)))
  }).finally(progress.stop)

  const least = leastLoss(SMOOTHING)
  printTitle('Loss', `of each epoch above ${least.toFixed(2)}, the least that smoothed labels allow`)
  console.log(drawCurve(result.losses.map((loss) => loss - least)))

  const readings = recognize(net, task.test)
  printPictures(task.test, readings)
  printTitle('Confusions', 'rows: what a digit of the test is; columns: what it was read as')
  console.log(drawConfusions(confusionMatrix(readings)))
  printSummary(task, readings, result)
}

/**
 * @param {Task} task
 * @param {string} network
 */
function printPlan({ source, train, validation, test, epochs }, network) {
  const [trained, validated, tested] = [train, validation, test].map(({ labels }) => count(labels.length))
  console.log(`\n${colors.bold(colors.cyan('deltaprop'))} learns to read handwritten digits\n`)
  console.log(field('Data', source))
  const size = `${train.rows} × ${train.columns}`
  console.log(field('', `${trained} digits of ${size} to train, ${validated} to validate, ${tested} to test`))
  console.log(field('Network', network))
  const plan = `${epochs} epochs, batches of ${BATCH_SIZE}, adam at ${LEARNING_RATE}, labels smoothed by ${SMOOTHING}`
  console.log(`${field('Training', plan)}\n`)
}

/**
 * @param {Digits} digits
 * @param {Reading[]} readings
 */
function printPictures(digits, readings) {
  const right = readings.filter(({ label, digit }) => digit === label)
  const wrong = readings.filter(({ label, digit }) => digit !== label)
  wrong.sort((a, b) => b.probability - a.probability)
  printTitle('Read', 'digits of the test: label → answer, and the probability given to it')
  console.log(drawPictures(digits, right.slice(0, picturesInRow)))
  if (wrong.length === 0) return
  const shown = Math.min(wrong.length, picturesInRow)
  printTitle(
    'Misread',
    shown < wrong.length ? `the ${shown} surest of ${wrong.length}` : `all ${wrong.length}`,
  )
  console.log(drawPictures(digits, wrong.slice(0, shown)))
}

/**
 * @param {Task} task
 * @param {Reading[]} readings
 * @param {Result} result
 */
function printSummary({ train, epochs }, readings, { seconds, rivalSeconds }) {
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
