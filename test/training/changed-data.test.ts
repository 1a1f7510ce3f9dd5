/** A checkpoint goes on with the data that it was trained on, however they are given; with others only if that is meant. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  checkpointFile,
  Network,
  type FitData,
  type FitOptions,
  type History,
  type Samples,
  type SampleStream,
  stream,
} from '../../src/index.js'
import { errorDetails, errorText } from '../../src/base/argument-error.js'
import { randomRows } from '../support/random-rows.js'

const folder = mkdtempSync(join(tmpdir(), 'changed-data-'))
const path = join(folder, 'net.safetensors')
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => rmSync(path, { force: true }))

const x = randomRows(50, 4, 1)
const labels = x.map((_, row) => row % 3)
const oneHot = (numbers: readonly number[]): number[][] =>
  numbers.map((label) => [0, 1, 2].map((c) => Number(c === label)))
const weights = x.map((_, row) => 1 + (row % 2))
const data = { x, y: oneHot(labels) }
const held = { x: randomRows(9, 4, 2), y: oneHot([0, 1, 2, 0, 1, 2, 0, 1, 2]) }

const fresh = (precision: 'f32' | 'f64' = 'f32'): Network =>
  new Network([4, 6, 3], { activation: { hidden: 'tanh', output: 'softmax' }, seed: 3, precision })
const options = { epochs: 4, batchSize: 8 }
const stopped: FitOptions = { ...options, onBatch: ({ epoch, batch }) => epoch < 3 || batch < 2 }

const instead = `; delete ${path} or give another path`
const meant = `${instead}; otherData: true goes on with these, resume left out overwrites it`

async function stop(given: FitData, more: FitOptions = {}, net = fresh()): Promise<void> {
  await net.fit(given, { ...stopped, ...more, checkpoint: checkpointFile({ path }) })
}

function goOn(
  net: Network,
  given: FitData | SampleStream,
  more: FitOptions = {},
  otherData = false,
): Promise<unknown> {
  return net.fit(given, {
    ...options,
    ...more,
    checkpoint: checkpointFile({ path, resume: true, otherData }),
  })
}

/** It is refused with nothing changed, also if it is no more than one number that differs; and goes on if it is meant. */
async function expectRefused(given: FitData, message: string, more: FitOptions = {}): Promise<void> {
  const net = fresh()
  const before = net.toBytes()
  const error: unknown = await goOn(net, given, more).catch((cause: unknown) => cause)
  const details = errorDetails(error)
  if (details === undefined) throw error
  expect((error as Error).message).toBe(`${message}${meant}`)
  expect(errorText(details, [])).toBe(`${message}${instead}`)
  expect(net.toBytes()).toEqual(before)
  const file = readFileSync(path)
  await goOn(net, given, more, true)
  expect(net.toBytes()).not.toEqual(before)
  expect(readFileSync(path)).not.toEqual(file)
  // And from there on these are its data.
  await goOn(fresh(), given, { ...more, epochs: 5 })
}

function changed<T>(list: readonly T[], at: number, value: T): T[] {
  return list.map((each, i) => (i === at ? value : each))
}

const trained = (what: string): string => `the ${what} that it was trained on, got others`

describe('other data of the same length', () => {
  it.each<[name: string, given: FitData, message: string]>([
    [
      'other inputs',
      { ...data, x: randomRows(50, 4, 3) },
      `checkpoint.data.x: expected ${trained('inputs')}`,
    ],
    [
      'one input',
      { ...data, x: changed(x, 49, [0, 0, 0, 1]) },
      `checkpoint.data.x: expected ${trained('inputs')}`,
    ],
    [
      'another order',
      { x: [...x].reverse(), y: [...data.y].reverse() },
      `checkpoint.data.x: expected ${trained('inputs')}`,
    ],
    [
      'corrected labels',
      { x, y: oneHot(changed(labels, 7, 0)) },
      `checkpoint.data.y: expected ${trained('targets')}`,
    ],
    [
      'corrected class numbers',
      { x, y: changed(labels, 7, 0) },
      `checkpoint.data.y: expected ${trained('targets')}`,
    ],
    [
      'soft labels',
      { x, y: changed(data.y, 0, [0.9, 0.1, 0]) },
      `checkpoint.data.y: expected ${trained('targets')}`,
    ],
    [
      'classes exchanged',
      { x, y: labels.map((label) => 2 - label) },
      `checkpoint.data.y: expected ${trained('targets')}`,
    ],
    ['weights', { ...data, weights }, 'checkpoint.data.weights: expected none, as there were, got some'],
  ])('%s', async (_, given, message) => {
    await stop(data)
    await expectRefused(given, message)
  })

  it('weights that are others, or are gone', async () => {
    await stop({ ...data, weights })
    const expected = `checkpoint.data.weights: expected the weights that it was trained on`
    await expectRefused({ ...data, weights: changed(weights, 3, 3) }, `${expected}, got others`)
    rmSync(path)
    await stop({ ...data, weights })
    await expectRefused(data, `${expected}, got none`)
  })

  it('a validation of others', async () => {
    const judged = (what: string): string => `the ${what} that it was judged by, got others`
    const cases: [FitData, string][] = [
      [{ ...held, x: randomRows(9, 4, 4) }, `checkpoint.data.validation.x: expected ${judged('inputs')}`],
      [
        { ...held, y: [0, 1, 2, 0, 1, 2, 0, 1, 1] },
        `checkpoint.data.validation.y: expected ${judged('targets')}`,
      ],
      [
        { ...held, weights: new Array<number>(9).fill(2) },
        'checkpoint.data.validation.weights: expected none, as there were, got some',
      ],
    ]
    for (const [validation, message] of cases) {
      rmSync(path, { force: true })
      await stop(data, { validation: held })
      await expectRefused(data, message, { validation })
    }
  })

  it('corrected labels beside a fraction for validation are targets, whichever rows they move', async () => {
    await stop(data, { validation: 0.2 })
    const y = oneHot(changed(labels, 7, 0))
    await expectRefused({ x, y }, `checkpoint.data.y: expected ${trained('targets')}`, { validation: 0.2 })
  })

  it('another length has its own error', async () => {
    await stop(data)
    await expect(goOn(fresh(), { x: x.slice(1), y: labels.slice(1) })).rejects.toThrow(
      new RangeError(
        `checkpoint.samples: expected 49 as here, got 50${instead}; resume left out overwrites it`,
      ),
    )
  })
})

describe('the same data', () => {
  const forms: [name: string, x: Samples, y: Samples][] = [
    ['class numbers', x, labels],
    ['class numbers, typed', x, Uint8Array.from(labels)],
    ['rows of one', x, labels.map((label) => [label])],
    ['flat', x.flat(), data.y.flat()],
    ['Float32Array', Float32Array.from(x.flat()), Float32Array.from(data.y.flat())],
    ['Float64Array', Float64Array.from(x.flat()), Float64Array.from(data.y.flat())],
    ['typed rows', x.map((row) => Float64Array.from(row)), data.y.map((row) => Int8Array.from(row))],
  ]

  it.each(forms)('%s: go on to the same bits', async (_, inputs, y) => {
    const whole = fresh()
    await whole.fit(data, { ...options, labelSmoothing: 0.1, classWeights: 'balanced', validation: held })
    const more = { labelSmoothing: 0.1, classWeights: 'balanced', validation: held } as const
    await stop(data, more)
    const net = fresh()
    await goOn(net, { x: inputs, y }, more)
    expect(net.toBytes()).toEqual(whole.toBytes())
  })

  it('in f64 a number that f32 does not have is another', async () => {
    const other = { ...data, x: changed(x, 0, [x[0][0] + 1e-12, ...x[0].slice(1)]) }
    await stop(data)
    await goOn(fresh(), other)
    rmSync(path)
    await stop(data, {}, fresh('f64'))
    await expect(goOn(fresh('f64'), other)).rejects.toThrow('checkpoint.data.x: expected')
  })

  it('what is written to the arrays during a fit is none of them', async () => {
    const [inputs, y] = [Float32Array.from(x.flat()), Uint32Array.from(labels)]
    const fitted = stop({ x: inputs, y })
    inputs.fill(0)
    y.fill(0)
    await fitted
    await goOn(fresh(), data)
  })

  it('a file of before there were fingerprints goes on with any', async () => {
    const [whole, net] = [fresh(), fresh()]
    const more = { validation: 0.2, earlyStopping: {} }
    await whole.fit(data, { ...options, ...more })
    const old = 'test/fixtures/without-fingerprint.safetensors'
    copyFileSync(old, path)
    await goOn(net, data, more)
    expect(net.toBytes()).toEqual(whole.toBytes())
    copyFileSync(old, path)
    await goOn(fresh(), { ...data, x: randomRows(50, 4, 3) }, more)
  })

  it('the file is read as before', async () => {
    await stop(data)
    expect(String(Network.fromBytes(readFileSync(path)))).toMatch(/^Network\(4 → 6 tanh → 3 softmax/)
  })
})

describe('streams', () => {
  const pieces = (given: FitData): FitData[] =>
    [0, 7, 30].map((start, i) => {
      const end = [7, 30, 50][i]
      const { x, y } = given as typeof data
      return { x: x.slice(start, end), y: y.slice(start, end) }
    })

  const streamOf = (given: FitData): SampleStream => stream(pieces(given))

  it('the pieces of an epoch that has been begun are compared, in any form', async () => {
    const parts = pieces(data)
    const interrupt = async (): Promise<void> => {
      rmSync(path, { force: true })
      let batches = 0
      await fresh().fit(stream(parts), {
        ...options,
        onBatch: () => ++batches < 10,
        checkpoint: checkpointFile({ path }),
      })
    }
    await interrupt()
    const whole = fresh()
    await whole.fit(stream(parts), options)
    const net = fresh()
    await goOn(net, streamOf({ x, y: labels.map((label) => [label]) }))
    expect(net.toBytes()).toEqual(whole.toBytes())
    for (const at of [0, 7, 29]) {
      await interrupt()
      const other = streamOf({ ...data, x: changed(x, at, [0, 0, 0, 1]) })
      const message = `checkpoint.data: expected the pieces that it was trained on, got others${meant}`
      await expect(goOn(fresh(), other)).rejects.toThrow(message)
      await goOn(fresh(), other, {}, true)
    }
    // What is still to come nobody knows.
    await interrupt()
    await goOn(fresh(), streamOf({ ...data, x: changed(x, 30, [0, 0, 0, 1]) }))
  })

  it('are the same after the time is up while they are read again', async () => {
    const parts = pieces(data)
    const whole = fresh()
    await whole.fit(stream(parts), options)
    // In the third epoch, behind the second piece.
    for (const read of [0, 1]) {
      rmSync(path, { force: true })
      let batches = 0
      await fresh().fit(stream(parts), {
        ...options,
        onBatch: () => ++batches < 18,
        checkpoint: checkpointFile({ path }),
      })
      // The clock is the test's own: it jumps when so many pieces have been read again.
      let ms = 0
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => ms)
      const slow = function* (): Generator<FitData> {
        yield* parts.slice(0, read)
        ms = 1e9
        yield* parts.slice(read)
      }
      const { ended } = (await goOn(fresh(), stream(slow), { timeLimit: 60 })) as History
      clock.mockRestore()
      expect(ended).toBe('timeLimit')
      const message = `checkpoint.data: expected the pieces that it was trained on, got others${meant}`
      await expect(goOn(fresh(), streamOf({ ...data, x: changed(x, 0, [0, 0, 0, 1]) }))).rejects.toThrow(
        message,
      )
      const net = fresh()
      await goOn(net, stream(parts))
      expect(net.toBytes()).toEqual(whole.toBytes())
    }
  })

  it('and the validation beside them', async () => {
    await fresh().fit(streamOf(data), { epochs: 2, validation: held, checkpoint: checkpointFile({ path }) })
    const validation = { ...held, y: [0, 1, 2, 0, 1, 2, 0, 1, 1] }
    await expect(goOn(fresh(), streamOf(data), { batchSize: 32, validation })).rejects.toThrow(
      `checkpoint.data.validation.y: expected the targets that it was judged by, got others${meant}`,
    )
    await goOn(fresh(), streamOf(data), { batchSize: 32, validation: held })
  })
})
