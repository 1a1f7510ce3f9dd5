/** The event loop: while a network is trained it gets its turns, in the middle of batches too, and nothing that is done in them changes a bit. */
import { expect } from 'vitest'
import {
  validationMetrics,
  evaluate,
  clone,
  crossover,
  adam,
  Network,
  sgd,
  type FitOptions,
  type History,
  type LongOptions,
  stream,
} from '../../src/index.js'
import type { Random } from '../../src/base/random.js'
import { resolveSpec } from '../../src/definition/spec.js'
import { parametersOf } from '../support/golden.js'
import { randomRows } from '../support/random-rows.js'
import { byWork, PROMISED_MS } from '../support/work-clock.js'
import { attack } from './attack.js'
import { engineOf, like } from '../support/ways.js'

interface Given {
  readonly spec: LongOptions
  readonly data: { x: Float64Array; y: Uint8Array; weights?: number[] }
  readonly options: FitOptions
  /** comes in pieces, as a stream */
  readonly isStream: boolean
}

const pick = <T>(random: Random, of: readonly T[]): T => of[random.below(of.length)]

/** A fit whose batches take from one to some ten turns. */
function draw(random: Random, more: FitOptions = {}, isPlain = false): Given {
  const inputs = pick(random, [40, 100])
  const sizes = pick(random, [
    [64, 10],
    [70, 33, 10],
  ])
  const layers = sizes.map((units, l) => {
    return { units, activation: l === sizes.length - 1 ? 'softmax' : 'tanh' } as const
  })
  const rows = pick(random, [1000, 1200, 1500])
  const isRegularized = random.below(3) === 0
  const options: FitOptions = {
    epochs: 2,
    batchSize: pick(random, [500, 768, 770, rows]),
    optimizer: pick(random, [adam(), sgd({ learningRate: 0.1, momentum: 0.9 })]),
    ...(random.below(3) === 0 && { schedule: (update: number) => 1 / (update + 2) }),
    ...(random.below(3) === 0 &&
      !isPlain && { dropout: [...Array.from({ length: sizes.length - 1 }, () => 0.3)] }),
    ...(isRegularized && { l2: 1e-3, clipGradients: { norm: 0.1, globalNorm: 0.3 }, averageWeights: 0.9 }),
    ...(random.below(2) === 0 && !isPlain && { validation: 0.3 }),
    ...more,
  }
  const x = Float64Array.from(randomRows(rows, inputs, random.below(1000)).flat())
  const y = Uint8Array.from({ length: rows }, () => random.below(10))
  const weights = random.below(3) === 0 ? Array.from({ length: rows }, (_, s) => s % 3) : undefined
  const precision = pick(random, ['f32', 'f64'] as const)
  const engine = pick(random, ['wasm', 'baseline'] as const)
  return {
    spec: { inputs, layers, seed: random.below(1000), precision, engine: engineOf[engine] },
    data: { x, y, ...(weights && { weights }) },
    options,
    isStream: false,
  }
}

function fit(net: Network, { data, options, isStream }: Given): Promise<History> {
  return net.fit(isStream ? stream([data]) : data, options)
}

/** What a network has come to, and what it was said to be worth; without what depends on the clock. */
function resultOf(net: Network, history: History): unknown {
  const epochs = history.epochs.map((report) => ({ ...report, seconds: 0 }))
  return { bytes: Buffer.from(net.toBytes()).toString('base64'), epochs, ended: history.ended }
}

/** All at once: by a clock that stands still, nothing takes long. */
async function atOnce(given: Given): Promise<unknown> {
  const net = new Network(given.spec)
  return resultOf(net, await fit(net, given))
}

/** In parts. */
function parted(given: Given, what: (net: Network) => void = () => undefined) {
  const spec = resolveSpec(given.spec, undefined)
  return byWork(spec, (onTurn) => {
    const net = new Network(given.spec)
    onTurn(() => what(net))
    return fit(net, given).then((history) => resultOf(net, history))
  })
}

attack(
  'Time',
  'the event loop waits for no batch, however large',
  { short: 6, full: 400 },
  async (random) => {
    const given = draw(random)
    const { result, longestMs, turns } = await parted(given)
    expect(longestMs).toBeLessThanOrEqual(PROMISED_MS)
    expect(turns).toBeGreaterThan(2)
    expect(result).toEqual(await atOnce(given))
  },
)

attack(
  'Time',
  'a piece of a stream that is one batch, larger than the window',
  { short: 1, full: 60 },
  async (random) => {
    const rows = 4000
    const given = draw(random, { epochs: 1, batchSize: rows }, true)
    const x = Float64Array.from(randomRows(rows, 100, 1).flat())
    const y = Uint8Array.from({ length: rows }, (_, s) => s % 10)
    const large = {
      ...given,
      spec: { ...given.spec, inputs: 100, precision: 'f64' as const },
      data: { x, y },
      isStream: true,
    }
    const { result, longestMs } = await parted(large)
    expect(longestMs).toBeLessThanOrEqual(PROMISED_MS)
    expect(result).toEqual(await atOnce(large))
  },
)

attack('Time', 'who uses the network in a turn changes nothing', { short: 3, full: 200 }, async (random) => {
  const given = draw(random)
  const x = Array.from({ length: given.spec.inputs }, () => random.uniform())
  let uses = 0
  const { result } = await parted(given, (net) => {
    uses += 1
    const use = random.below(5)
    if (use === 0) expect(Array.from(net.predict(x)).every(Number.isFinite)).toBe(true)
    if (use === 1) net.loss(x, [3])
    if (use === 2) evaluate(net, { x, y: [1] })
    if (use === 3) net.trace(x, [2])
    if (use === 4) net.toJSON()
    // As saved: half-trained, with what the optimiser has learnt.
    expect(clone(net).toBytes()).toEqual(net.toBytes())
    expect(parametersOf(crossover(net, net))).toEqual(parametersOf(net))
  })
  expect(uses).toBeGreaterThan(2)
  expect(result).toEqual(await atOnce(given))
})

attack(
  'Time',
  'ended in the middle of a batch: the network is that of the last epoch',
  { short: 4, full: 300 },
  async (random) => {
    const given = draw(random, { epochs: 1 }, true)
    const net = new Network(given.spec)
    const before = net.toBytes()
    const whole = new Network(given.spec)
    await fit(whole, given)
    const controller = new AbortController()
    const isDisposed = random.below(4) === 0
    let left = 1 + random.below(6)
    const { turns } = await byWork(resolveSpec(given.spec, undefined), async (onTurn) => {
      const counted = Network.fromBytes(before, like(net))
      onTurn(() => {
        if (--left !== 0) return
        if (isDisposed) counted.dispose()
        else controller.abort(new Error('enough'))
      })
      const options = { ...given.options, signal: controller.signal }
      const outcome = await fit(counted, { ...given, options }).catch((error: unknown) => error)
      if (left > 0) return
      expect(String(outcome)).toMatch(isDisposed ? /disposed/ : /^Error: enough$/)
      if (isDisposed) return
      // Gradients are zero, and nothing is pending.
      const same = Network.fromBytes(counted.toBytes(), like(counted))
      // In the last turn there is nothing left of the epoch.
      const ends = [Network.fromBytes(before, like(net)), whole].map(parametersOf)
      expect(ends).toContainEqual(parametersOf(counted))
      for (const each of [counted, same]) each.train(given.data.x, given.data.y, adam())
      expect(parametersOf(counted)).toEqual(parametersOf(same))
    })
    expect(turns).toBeGreaterThan(0)
  },
)

/** The weights overflow in the only batch, which is trained once more to find it; or the validation is the longest part of an epoch. */
const failing = (random: Random): Given => {
  const optimizer = sgd({ learningRate: 1e300 })
  const { spec, data, isStream } = draw(random)
  return {
    spec: { ...spec, precision: 'f32' },
    data,
    isStream,
    options: { epochs: 1, batchSize: 1500, optimizer },
  }
}
const validated = (random: Random): Given =>
  draw(random, { epochs: 1, batchSize: 20, validation: 0.98, metrics: validationMetrics }, true)

attack(
  'Time',
  'ended behind a batch: the reason comes out, with the network of the last epoch',
  { short: 4, full: 200 },
  async (random, i) => {
    const given = (i % 2 === 0 ? failing : validated)(random)
    const before = new Network(given.spec)
    const reason = new Error('enough')
    for (let last = 1; last < 20; last += 1 + random.below(4)) {
      const controller = new AbortController()
      const net = new Network(given.spec)
      let [left, isAborted] = [last, false]
      const options = { ...given.options, signal: controller.signal }
      await byWork(resolveSpec(given.spec, undefined), async (onTurn) => {
        onTurn(() => {
          if (--left !== 0) return
          isAborted = true
          controller.abort(reason)
        })
        const outcome = await fit(net, { ...given, options }).catch((error: unknown) => error)
        if (isAborted && outcome instanceof Error && !/^fit: a weight/.test(outcome.message)) {
          expect(outcome).toBe(reason)
        }
      })
      if (i % 2 === 0) expect(parametersOf(net)).toEqual(parametersOf(before))
    }
  },
)
