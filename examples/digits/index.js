// @ts-check
// Learns to read handwritten digits: `npm start`, or `npm start -- --mnist DIR` for MNIST's.
import { baseline } from 'deltaprop/baseline'
import { parseArgs } from 'node:util'
import { showProgress } from './progress.js'
import { accuracy, recognize } from './recognize.js'
import { printLosses, printPlan, printReadings, printSummary } from './report.js'
import { mnistTask, uciTask } from './tasks.js'
import { createNetwork, train } from './training.js'

const usage = 'usage: npm start -- [--mnist DIR] [--help]'
const help = `${usage}

Trains a network on handwritten digits, and shows what it learnt and how fast.

  --mnist DIR   read MNIST's files in DIR (train-images-idx3-ubyte and so on,
                gzipped or not) instead of the digits that come with the example
  -h, --help    show this`

// A reader that has seen enough, such as `head`, ends the run.
process.stdout.on('error', () => process.exit())

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
    const [reason] = String(error instanceof Error ? error.message : error).split(/\.\s/)
    throw new Error(`${reason}; ${usage}`, { cause: error })
  }
}

/** @param {import('./tasks.js').Task} task */
async function run(task) {
  const pixels = task.train.rows * task.train.columns
  const net = createNetwork(pixels, task.hidden, 'wasm')
  const rival = createNetwork(pixels, task.hidden, baseline)
  printPlan(task, String(net))

  const progress = showProgress(task.epochs)
  const result = await train(net, rival, task.train, task, (epoch, loss) => {
    progress.update(epoch, loss, accuracy(recognize(net, task.validation)))
  }).finally(progress.stop)

  const readings = recognize(net, task.test)
  printLosses(result.losses)
  printReadings(task.test, readings)
  printSummary(task, readings, result)
}
