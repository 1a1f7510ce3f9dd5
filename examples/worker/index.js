// @ts-check
// Trains in a worker, while the main thread stays free: `npm start -- [--epochs N]`; Ctrl-C cancels training and keeps what there is.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { showProgress } from '../digits/progress.js'
import { evaluate } from 'deltaprop'
import { colors, field, percent } from '../digits/terminal.js'
import { watched } from './pauses.js'
import { createNetwork, fitHere, PLAN, readTask } from './task.js'
import { Trainer } from './trainer.js'

/** How long training is paused, in milliseconds. */
const PAUSE_MS = 250

// A reader that has seen enough, such as `head`, ends the run.
process.stdout.on('error', () => process.exit())

const { values } = parseArgs({ options: { epochs: { type: 'string', default: String(PLAN.epochs) } } })
const plan = { ...PLAN, epochs: Number(values.epochs) }
/** The epoch after which training is paused. */
const pauseAt = Math.ceil(plan.epochs / 3)
const { data, validation } = readTask()
const net = createNetwork()
console.log(`\n${colors.bold(colors.cyan('deltaprop'))} trains in a worker\n`)
console.log(field('Network', String(net)))
console.log(
  `${field('Training', `${plan.epochs} epochs of ${data.y.length / 10} digits, a pause after epoch ${pauseAt}`)}\n`,
)

const progress = showProgress(plan.epochs)
const training = await watched(() => trainInWorker().finally(progress.stop))
const trained = training.result.net

console.log()
console.log(field('Worker', describe(training)))
if (training.result.cancelled) {
  console.log(field('Cancelled', 'the network is that of the last finished epoch'))
} else {
  await compareWithFit()
}
// On this thread, with the network that came back as bytes.
const { accuracy } = /** @type {{ accuracy: number }} */ (evaluate(trained, validation))
console.log(
  field('Predicts', `${percent(accuracy)} of ${validation.y.length / 10} other digits, on the main thread`),
)

async function trainInWorker() {
  const trainer = new Trainer(net, data, validation, plan, ({ epoch, loss, accuracy }) => {
    progress.update(epoch, loss, accuracy)
    if (epoch === pauseAt) void takeBreak(trainer)
  })
  const cancel = () => trainer.cancel()
  process.once('SIGINT', cancel)
  try {
    return await trainer.outcome
  } finally {
    process.off('SIGINT', cancel)
  }
}

/** @param {Trainer} trainer */
async function takeBreak(trainer) {
  await trainer.pause()
  await sleep(PAUSE_MS)
  trainer.resume()
}

async function compareWithFit() {
  const [here, beside] = [createNetwork(), createNetwork()]
  const alone = await watched(() => fitHere(here, data, validation, plan))
  const threaded = await watched(() => fitHere(beside, data, validation, plan, { threads: 1 }))
  console.log(field('fit', `${describe(alone)}; it gives the event loop a turn every 8 ms`))
  console.log(field('threads: 1', describe(threaded)))
  const [bytes, ...others] = [trained, here, beside].map((each) => Buffer.from(each.toBytes()))
  const areSame = others.every((other) => other.equals(bytes))
  console.log(field('Networks', areSame ? 'all three the same, bit for bit' : 'not the same'))
  if (!areSame) process.exitCode = 1
}

/** @param {{ seconds: number, longestPause: number }} measured */
function describe({ seconds, longestPause }) {
  return `${seconds.toFixed(2)} s; the main thread's longest pause was ${longestPause.toFixed(1)} ms`
}
