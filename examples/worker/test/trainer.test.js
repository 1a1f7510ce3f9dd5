// @ts-check
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { createNetwork, fitHere, readTask } from '../task.js'
import { Trainer } from '../trainer.js'

const { data, validation } = readTask()
const plan = { epochs: 6, batchSize: 32, learningRate: 0.002 }

/** @typedef {import('../messages.js').Progress} Progress */

/**
 * @param {number} epochs
 * @param {(trainer: Trainer, progress: Progress) => void} [onEpoch]
 */
function train(epochs, onEpoch = () => {}) {
  /** @type {Progress[]} */
  const reports = []
  const trainer = new Trainer(createNetwork(), data, validation, { ...plan, epochs }, ({ ...progress }) => {
    reports.push(progress)
    onEpoch(trainer, progress)
  })
  return { trainer, reports }
}

/** What fit makes on this thread. @param {number} epochs */
async function fitted(epochs) {
  const net = createNetwork()
  const history = await fitHere(net, data, validation, { ...plan, epochs })
  return { net, history }
}

/** @param {import('deltaprop').Network} net */
function parameters({ layers }) {
  return layers.flatMap(({ weights, biases }) => [weights.slice(), biases.slice()])
}

describe('a trainer', { timeout: 300_000 }, () => {
  it('sends back the network that fit makes, to the bit, its state of training too', async () => {
    const { trainer } = train(plan.epochs)
    const { net, cancelled } = await trainer.outcome
    assert.equal(cancelled, false)
    const expected = (await fitted(plan.epochs)).net
    assert.deepEqual(Buffer.from(net.toBytes()), Buffer.from(expected.toBytes()))
    assert.deepEqual(net.predict(validation.x), expected.predict(validation.x))
  })

  it('reports every epoch once, in order, as fit does', async () => {
    const { trainer, reports } = train(plan.epochs)
    await trainer.outcome
    const { history } = await fitted(plan.epochs)
    assert.deepEqual(
      reports,
      history.epochs.map(({ epoch, loss, validation }) => ({
        type: 'epoch',
        epoch,
        loss,
        accuracy: validation?.accuracy,
      })),
    )
  })

  it('leaves this thread its turns', async () => {
    let turns = 0
    let next = setImmediate(function turn() {
      turns += 1
      next = setImmediate(turn)
    })
    const { trainer } = train(plan.epochs)
    await trainer.outcome
    clearImmediate(next)
    assert.ok(turns > plan.epochs, `${turns} turns`)
  })

  it('stands still while it is paused, and goes on to the same bits', async () => {
    const { trainer, reports } = train(200)
    await trainer.pause()
    const { length } = reports
    assert.ok(length < 200, 'paused before the end')
    await sleep(200)
    assert.equal(reports.length, length)
    trainer.resume()
    const { net } = await trainer.outcome
    assert.equal(reports.length, 200)
    assert.deepEqual(parameters(net), parameters((await fitted(200)).net))
  })

  it('is cancelled at the last finished epoch', async () => {
    const { trainer, reports } = train(100_000, (trainer, { epoch }) => {
      if (epoch === 3) trainer.cancel()
    })
    const { net, cancelled } = await trainer.outcome
    assert.equal(cancelled, true)
    assert.ok(reports.length >= 3 && reports.length < 100_000, `${reports.length} epochs`)
    // Or of the next one, if that was being validated.
    const found = [0, 1].map(async (more) =>
      isDeepStrictEqual(parameters((await fitted(reports.length + more)).net), parameters(net)),
    )
    assert.ok((await Promise.all(found)).includes(true), 'the network of a finished epoch')
  })

  it('is cancelled while it is paused', async () => {
    const { trainer, reports } = train(100_000)
    await trainer.pause()
    trainer.cancel()
    const { net, cancelled } = await trainer.outcome
    assert.equal(cancelled, true)
    assert.deepEqual(parameters(net), parameters((await fitted(reports.length)).net))
  })

  it('says what it cannot train on, in the words of fit', async () => {
    const short = { x: data.x, y: data.y.slice(10) }
    const trainer = new Trainer(createNetwork(), short, validation, plan, () => {})
    await assert.rejects(
      trainer.outcome,
      new RangeError(
        'y: expected 1258 × 10 values (outputs) or the numbers of 1258 classes, samples as in x, got 12570',
      ),
    )
    await trainer.pause()
  })

  it('that is over stands still', async () => {
    const exited = new Promise((resolve) => process.once('worker', (worker) => worker.once('exit', resolve)))
    const { trainer } = train(1)
    await exited
    await trainer.pause()
  })
})
