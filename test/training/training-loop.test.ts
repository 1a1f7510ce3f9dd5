/** What guides a fit: schedules, callbacks, signals, limits, validation, early stopping. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  evaluate,
  adam,
  Network,
  sgd,
  type BatchReport,
  type EpochReport,
  type FitOptions,
  type Schedule,
} from '../../src/index.js'
import { Random } from '../../src/base/random.js'
import { readSamples, type Matrix } from '../../src/base/samples.js'
import { resolveSpec } from '../../src/definition/spec.js'
import { CopyTrainer } from '../../src/training/copy-trainer.js'
import { splitValidation } from '../../src/training/validation-set.js'
import { parametersOf } from '../support/golden.js'
import { targetValues } from '../../src/base/targets.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

const warmup: Schedule = { type: 'linearWarmup', steps: 5, startFactor: 0.2 }
const decay: Schedule = { type: 'exponential', gamma: 0.9 }

describe.each(['wasm', 'baseline'] as const)('fit, %s', (engine) => {
  const options = { activation: 'tanh', seed: 3, engine: engineOf[engine] } as const
  const data = { x: randomRows(50, 4, 1), y: randomRows(50, 2, 2) }
  const fresh = (): Network => new Network([4, 6, 2], options)

  it('a schedule gives every update its learning rate, on from one epoch to the next', async () => {
    const [one, two] = [fresh(), fresh()]
    const schedule = [decay, warmup]
    const fitOptions = { epochs: 2, batchSize: 16, shuffle: false, optimizer: sgd({ learningRate: 0.5 }) }
    const { epochs } = await one.fit(data, { ...fitOptions, schedule })
    const rates: number[] = []
    for (let update = 0; update < 8; ++update) {
      const first = 16 * (update % 4)
      rates.push(0.5 * 0.9 ** update * (0.2 + 0.8 * Math.min(update / 5, 1)))
      const [x, y] = [data.x.slice(first, first + 16), data.y.slice(first, first + 16)]
      two.train(x, y, sgd({ learningRate: rates[update] }))
    }
    for (const [i, value] of parametersOf(two).entries()) expect(parametersOf(one)[i]).toBeCloseTo(value, 6)
    expect(epochs[0].learningRate).toBeCloseTo(rates[3], 12)
    expect(epochs[1].learningRate).toBeCloseTo(rates[7], 12)
  })

  it('a schedule leaves the optimiser as it was', async () => {
    const [one, two] = [fresh(), fresh()]
    const optimizer = sgd({ learningRate: 0.5 })
    await one.fit(data, { optimizer, schedule: () => 0 })
    expect(parametersOf(one)).toEqual(parametersOf(two))
    for (const net of [one, two]) net.train(data.x, data.y, optimizer)
    expect(parametersOf(one)).toEqual(parametersOf(two))
  })

  it('schedules and data of every size: the same bits, however they are staged', async () => {
    const wide = { x: randomRows(1200, 500, 1), y: randomRows(1200, 2, 2) }
    for (const batchSize of [32, 1000, 5000]) {
      const given = {
        epochs: 2,
        batchSize,
        optimizer: adam(),
        schedule: [decay, warmup],
        clipGradients: { globalNorm: 0.3 },
      }
      const [one, two] = [new Network([500, 3, 2], options), new Network([500, 3, 2], options)]
      await one.fit(wide, given)
      const create = vi.spyOn(CopyTrainer, 'create').mockReturnValue(undefined)
      await two.fit(wide, given)
      create.mockRestore()
      expect(parametersOf(two)).toEqual(parametersOf(one))
    }
  })

  it('a batch larger than the data, after another optimiser: the learning rate is the scheduled one', async () => {
    const wide = { x: randomRows(1200, 500, 1), y: randomRows(1200, 2, 2) }
    const net = new Network([500, 3, 2], options)
    net.train(wide.x, wide.y, adam())
    const before = parametersOf(net)
    const { epochs } = await net.fit(wide, { batchSize: 5000, optimizer: sgd(), schedule: () => 0 })
    expect(epochs[0]).toMatchObject({ batches: 1, learningRate: 0 })
    expect(parametersOf(net)).toEqual(before)
  })

  it('a function is asked once for each update; what it throws comes out as it is', async () => {
    const asked: number[] = []
    const schedule = (update: number): number => {
      asked.push(update)
      return 0.01
    }
    await fresh().fit(data, { epochs: 2, batchSize: 16, schedule })
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const [one, two] = [fresh(), fresh()]
    const broken = (update: number): number => {
      if (update === 6) throw new RangeError('mine')
      return 0.01
    }
    const given = { batchSize: 16, optimizer: adam() }
    await expect(one.fit(data, { ...given, epochs: 2, schedule: broken })).rejects.toThrow(
      new RangeError('mine'),
    )
    await two.fit(data, { ...given, epochs: 1, schedule })
    for (const net of [one, two]) net.train(data.x, data.y, given.optimizer)
    expect(one.toBytes()).toEqual(two.toBytes())
  })

  it('a learning rate that is too large is found in its batch', async () => {
    const net = new Network([4, 2], { ...options, activation: 'linear' })
    const before = parametersOf(net)
    const far = { x: data.x, y: data.y.map((row) => row.map((value) => 1e4 * value)) }
    let calls = 0
    const schedule = (): number => (++calls === 4 ? 3e38 : 0.01)
    const fit = net.fit(far, { batchSize: 16, schedule, optimizer: sgd() })
    await expect(fit).rejects.toThrow(
      'fit: a weight stopped being a finite number in batch 4 of epoch 1; the weights are those before the first epoch',
    )
    expect(parametersOf(net)).toEqual(before)
  })

  it('onBatch sees every batch, is awaited, and changes no bit', async () => {
    const [one, two] = [fresh(), fresh()]
    const seen: BatchReport[] = []
    const onBatch = async (report: BatchReport): Promise<void> => {
      await Promise.resolve()
      seen.push(report)
    }
    const given = { epochs: 2, batchSize: 16, optimizer: adam() }
    const { epochs, ended } = await one.fit(data, { ...given, onBatch })
    await two.fit(data, given)
    expect(one.toBytes()).toEqual(two.toBytes())
    expect(ended).toBe('epochs')
    expect(seen.map(({ epoch, batch }) => [epoch, batch])).toEqual(
      [1, 2].flatMap((epoch) => [1, 2, 3, 4].map((batch) => [epoch, batch])),
    )
    const sums = seen.map(({ loss }, i) => loss * [16, 16, 16, 2][i % 4])
    expect(sums.slice(0, 4).reduce((sum, loss) => sum + loss) / 50).toBeCloseTo(epochs[0].loss, 12)
  })

  it('ends after the batch whose callback returns false', async () => {
    const [one, two] = [fresh(), fresh()]
    const given = { epochs: 9, batchSize: 16, shuffle: false, optimizer: sgd({ learningRate: 0.1 }) }
    const onBatch = ({ epoch, batch }: BatchReport): boolean => epoch < 2 || batch < 3
    const { epochs, ended } = await one.fit(data, { ...given, onBatch })
    expect([ended, epochs.map(({ batches }) => batches)]).toEqual(['onBatch', [4, 3]])
    await two.fit(data, { ...given, epochs: 1 })
    for (const first of [0, 16, 32]) {
      two.train(data.x.slice(first, first + 16), data.y.slice(first, first + 16), given.optimizer)
    }
    expect(parametersOf(one)).toEqual(parametersOf(two))
  })

  it('what onBatch throws comes out as it is; the network is that of the last finished epoch', async () => {
    const [one, two] = [fresh(), fresh()]
    const onBatch = ({ epoch }: BatchReport): void => {
      if (epoch === 3) throw new RangeError('enough')
    }
    const given = { epochs: 5, batchSize: 16, optimizer: adam() }
    await expect(one.fit(data, { ...given, onBatch })).rejects.toThrow(new RangeError('enough'))
    await two.fit(data, { ...given, epochs: 2 })
    expect(one.toBytes()).toEqual(two.toBytes())
  })

  it('a signal ends it with its reason; the network is that of the last finished epoch', async () => {
    const [one, two] = [fresh(), fresh()]
    const controller = new AbortController()
    const onBatch = ({ epoch }: BatchReport): void => {
      if (epoch === 3) controller.abort(new Error('stopped by hand'))
    }
    const given = { epochs: 5, batchSize: 16, optimizer: adam() }
    const fit = one.fit(data, { ...given, onBatch, signal: controller.signal })
    await expect(fit).rejects.toThrow(/^stopped by hand$/)
    await two.fit(data, { ...given, epochs: 2 })
    expect(one.toBytes()).toEqual(two.toBytes())
    const before = one.toBytes()
    await expect(one.fit(data, { signal: controller.signal })).rejects.toThrow(/^stopped by hand$/)
    await expect(one.fit(data, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    expect(one.toBytes()).toEqual(before)
  })

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('a time limit ends it with the batch that is trained then', async () => {
    const now = vi.spyOn(performance, 'now')
    let clock = 0
    now.mockImplementation(() => clock)
    const onBatch = ({ epoch, batch }: BatchReport): void => {
      if (epoch === 2 && batch === 2) clock = 2000
    }
    const given = { epochs: 9, batchSize: 16, optimizer: adam(), timeLimit: 1.5 }
    const { epochs, ended } = await fresh().fit(data, { ...given, onBatch })
    expect(ended).toBe('timeLimit')
    expect(epochs.map(({ batches }) => batches)).toEqual([4, 2])
    clock = 0
    const onEpoch = ({ epoch }: EpochReport): void => {
      if (epoch === 3) clock = 2000
    }
    const history = await fresh().fit(data, { ...given, onEpoch })
    expect([history.ended, history.epochs.length]).toEqual(['timeLimit', 3])
  })

  it('a time limit ends an epoch without callbacks, too', async () => {
    let clock = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (clock += 5))
    const { epochs, ended } = await fresh().fit(data, { epochs: 9, batchSize: 1, timeLimit: 0.1 })
    expect([ended, epochs.length]).toEqual(['timeLimit', 1])
    expect(epochs[0].batches).toBeLessThan(50)
  })

  it('a signal ends it between batches, epochs, and in the last of them', async () => {
    const [one, two] = [fresh(), fresh()]
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('now')))
    await expect(one.fit(data, { epochs: 1e9, signal: controller.signal })).rejects.toThrow('now')
    const last = new AbortController()
    const onBatch = ({ epoch, batch }: BatchReport): void => {
      if (epoch === 2 && batch === 4) last.abort(new Error('at last'))
    }
    const given = { batchSize: 16, signal: last.signal }
    const net = fresh()
    await expect(net.fit(data, { ...given, epochs: 2, onBatch })).rejects.toThrow('at last')
    await two.fit(data, { batchSize: 16, epochs: 1 })
    expect(net.toBytes()).toEqual(two.toBytes())
    const after = new AbortController()
    const onEpoch = (): void => after.abort(new Error('after the last'))
    await expect(net.fit(data, { signal: after.signal, onEpoch })).rejects.toThrow('after the last')
  })

  it('validation: the mean loss on samples that are not trained on, after each epoch', async () => {
    const validation = { x: randomRows(200, 4, 7), y: randomRows(200, 2, 8) }
    const [one, two] = [fresh(), fresh()]
    const losses: number[] = []
    const onEpoch = (): void => void losses.push(one.loss(validation.x, validation.y) / 200)
    const { epochs } = await one.fit(data, { epochs: 3, validation, onEpoch })
    await two.fit(data, { epochs: 3 })
    expect(one.toBytes()).toEqual(two.toBytes())
    for (const [i, { validation: judged }] of epochs.entries()) {
      expect(judged?.loss).toBeCloseTo(losses[i], 6)
      expect(judged?.accuracy).toBeUndefined()
    }
  })

  it('validation of a classifier: its accuracy, too', async () => {
    const net = new Network([4, 3], { activation: 'softmax', seed: 3, engine: engineOf[engine] })
    const labels = randomRows(90, 1, 9).map(([value], i) => (value > 0 ? i % 3 : 0))
    const x = randomRows(90, 4, 7)
    const y = labels.map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)))
    const { epochs } = await net.fit({ x, y }, { epochs: 1, validation: { x, y } })
    const result = evaluate(net, { x, y })
    expect(epochs[0].validation?.loss).toBeCloseTo(result.loss, 6)
    expect(epochs[0].validation?.accuracy).toBe(result.kind === 'classification' ? result.accuracy : NaN)
    const outputs = net.predict(x)
    const hits = labels.filter((label, s) => {
      const row = outputs.subarray(3 * s, 3 * s + 3)
      return row.indexOf(Math.max(...row)) === label
    })
    expect(epochs[0].validation?.accuracy).toBe(hits.length / 90)
  })

  it('validation by weights: each sample counts as often as that, in the loss and in the accuracy', async () => {
    const [one, two] = [fresh(), fresh()]
    const rows = Array.from({ length: 150 }, (_, i) => i)
    const weights = rows.map((i) => i % 3)
    const repeated = rows.flatMap((i) => new Array<number>(weights[i]).fill(i))
    const x = randomRows(150, 4, 7)
    const y = rows.map((i) => (i % 2 === 0 ? [1, 0] : [0, 1]))
    const validation = { x: repeated.map((i) => x[i]), y: repeated.map((i) => y[i]) }
    const given = { epochs: 2, averageWeights: 0.5 }
    const { epochs } = await one.fit(data, { ...given, validation: { x, y, weights } })
    const { epochs: expected } = await two.fit(data, { ...given, validation })
    expect(one.toBytes()).toEqual(two.toBytes())
    for (const [i, { validation: judged }] of epochs.entries()) {
      expect(judged?.loss).toBeCloseTo(expected[i].validation?.loss ?? NaN, 6)
      expect(judged?.accuracy).toBe(expected[i].validation?.accuracy)
    }
  })

  it('evaluate: the mean loss and what the targets ask for', () => {
    const net = fresh()
    const result = evaluate(net, data)
    expect(result.loss).toBe(net.loss(data.x, data.y) / 50)
    expect(result.kind).toBe('regression')
    const meanSquared = result.kind === 'regression' ? result.meanSquared : NaN
    expect(meanSquared).toBeCloseTo(result.loss, 6) // ½Σ over two outputs, or the mean of both
    const binary = new Network([4, 1], { activation: 'sigmoid', seed: 1, engine: engineOf[engine] })
    const y = data.x.map(([first]) => (first > 0 ? 1 : 0))
    const judged = evaluate(binary, { x: data.x, y })
    const hits = Array.from(binary.predict(data.x)).filter((p, s) => (p > 0.5 ? 1 : 0) === y[s])
    expect(judged.kind === 'classification' && judged.accuracy).toBe(hits.length / 50)
  })

  it('validation by a fraction: as with those samples left out by hand', async () => {
    const [one, two] = [fresh(), fresh()]
    await one.fit(data, { epochs: 2, validation: 0.2 })
    const matrix = (rows: readonly number[][], what: 'inputs' | 'outputs'): Matrix =>
      readSamples('x', rows, rows[0].length, what, 'f32')
    const spec = resolveSpec([4, 6, 2], options)
    const samples = {
      x: matrix(data.x, 'inputs'),
      y: matrix(data.y, 'outputs'),
      weights: undefined,
    }
    const split = splitValidation(spec, samples, 0.2)
    expect([split.x.rows, split.validation?.x.rows]).toEqual([40, 10])
    await two.fit({ x: split.x.values, y: targetValues(split.y, 'f32') }, { epochs: 2 })
    expect(one.toBytes()).toEqual(two.toBytes())
  })

  it('early stopping: after `patience` epochs that were no better, with the network of the best', async () => {
    const [one, two] = [fresh(), fresh()]
    const given = { epochs: 40, batchSize: 16, optimizer: sgd({ learningRate: 0.5 }) }
    // Learning stops after the third epoch, and the loss on shuffled batches with it.
    const schedule = (update: number): number => (update < 12 ? 0.1 : 0)
    const validation = data
    const { epochs, ended, bestEpoch } = await one.fit(data, {
      ...given,
      schedule,
      validation,
      earlyStopping: { patience: 4 },
    })
    expect(ended).toBe('earlyStopping')
    const losses = epochs.map((report) => report.validation?.loss ?? NaN)
    expect(bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1)
    expect(epochs).toHaveLength((bestEpoch ?? 0) + 4)
    await two.fit(data, { ...given, epochs: bestEpoch ?? 0, schedule })
    expect(parametersOf(one)).toEqual(parametersOf(two))
  })

  it('early stopping counts less than minDelta as nothing, and need not restore the best', async () => {
    const given: FitOptions = { epochs: 40, optimizer: sgd({ learningRate: 0.01 }) }
    const earlyStopping = { patience: 2, minDelta: 1e6, restoreBest: false }
    const [one, two] = [fresh(), fresh()]
    const { epochs, bestEpoch } = await one.fit(data, { ...given, earlyStopping })
    expect([epochs.length, bestEpoch]).toEqual([3, 1])
    await two.fit(data, { ...given, epochs: 3 })
    expect(parametersOf(one)).toEqual(parametersOf(two))
  })

  it('reduceOnPlateau goes by the loss of the validation', async () => {
    const schedule: Schedule = { type: 'reduceOnPlateau', factor: 0.5, patience: 1 }
    const optimizer = sgd({ learningRate: 1e-30 })
    // too small to change a weight
    const { epochs } = await fresh().fit(data, { epochs: 6, optimizer, validation: data, schedule })
    expect(epochs.map(({ learningRate }) => learningRate / 1e-30)).toEqual([1, 1, 1, 0.5, 0.5, 0.25])
    // what is learnt makes the loss on the opposite greater
    const validation = { x: data.x, y: data.y.map((row) => row.map((value) => -value)) }
    const learning = {
      epochs: 4,
      optimizer: sgd({ learningRate: 0.01 }),
      validation,
      schedule,
      shuffle: false,
    }
    const small = new Network([4, 6, 2], { ...options, initializer: { type: 'normal', scale: 0.01 } })
    const history = await small.fit(data, learning)
    const losses = history.epochs.map(({ loss }) => loss)
    expect(losses.every((loss, i) => i === 0 || loss < losses[i - 1])).toBe(true)
    expect(history.epochs.map(({ learningRate }) => learningRate)).toEqual([0.01, 0.01, 0.01, 0.005])
  })

  it('clipGradients: ∇·min(1, globalNorm / (‖∇‖ + 10⁻⁶)) of each batch’s mean gradient', async () => {
    for (const precision of ['f32', 'f64'] as const) {
      const given = { ...options, precision }
      const [one, two, free] = [1, 2, 3].map(() => new Network([4, 6, 2], given))
      const fitOptions = { batchSize: 16, shuffle: false, optimizer: sgd({ learningRate: 0.5 }) }
      const globalNorm = 0.4
      await one.fit(data, { ...fitOptions, clipGradients: { globalNorm } })
      await free.fit(data, fitOptions)
      const norms: number[] = []
      for (const first of [0, 16, 32, 48]) {
        const [x, y] = [data.x.slice(first, first + 16), data.y.slice(first, first + 16)]
        two.accumulate(x, y)
        const sums = two.layers.flatMap(({ weightGradients, biasGradients }) => [
          ...weightGradients,
          ...biasGradients,
        ])
        const norm = Math.hypot(...sums) / x.length
        norms.push(norm)
        two.update(sgd({ learningRate: 0.5 * Math.min(1, globalNorm / (norm + 1e-6)) }))
      }
      expect(Math.min(...norms)).toBeLessThan(globalNorm)
      expect(Math.max(...norms)).toBeGreaterThan(globalNorm)
      for (const [i, value] of parametersOf(two).entries()) {
        expect(parametersOf(one)[i]).toBeCloseTo(value, precision === 'f64' ? 12 : 5)
      }
      expect(parametersOf(one)).not.toEqual(parametersOf(free))
    }
  })

  it('clipGradients is for this fit alone, and beyond the largest norm changes next to nothing', async () => {
    const [one, two] = [fresh(), fresh()]
    const given = { epochs: 2, batchSize: 16, optimizer: adam() }
    await one.fit(data, { ...given, clipGradients: { globalNorm: 1e9 } })
    await two.fit(data, given)
    for (const [i, value] of parametersOf(two).entries()) expect(parametersOf(one)[i]).toBeCloseTo(value, 5)
    const [three, four] = [fresh(), fresh()]
    await three.fit(data, { ...given, schedule: () => 0, clipGradients: { globalNorm: 1e-9 } })
    await four.fit(data, { ...given, schedule: () => 0 })
    three.train(data.x, data.y, sgd({ learningRate: 0.1 }))
    four.train(data.x, data.y, sgd({ learningRate: 0.1 }))
    expect(parametersOf(three)).toEqual(parametersOf(four))
  })

  it('label smoothing: (1 − ε)·y + ε/K, for K columns or one of two classes', async () => {
    const labels = data.x.map(([first], i) => (first > 0 ? i % 3 : 0))
    const cases = [
      { columns: 3, y: labels.map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0))), floor: 0.3 / 3 },
      { columns: 1, y: labels.map((label) => [label > 0 ? 1 : 0]), floor: 0.3 / 2 },
    ]
    for (const { columns, y, floor } of cases) {
      const [one, two] = [new Network([4, columns], options), new Network([4, columns], options)]
      const smooth = y.map((row) => row.map((value) => 0.7 * value + floor))
      const validation = { x: data.x, y }
      const { epochs } = await one.fit({ x: data.x, y }, { epochs: 2, labelSmoothing: 0.3, validation })
      await two.fit({ x: data.x, y: smooth }, { epochs: 2 })
      for (const [i, value] of parametersOf(two).entries()) expect(parametersOf(one)[i]).toBeCloseTo(value, 6)
      expect(epochs[1].validation?.loss).toBeCloseTo(one.loss(data.x, y) / 50, 6)
    }
    await expect(fresh().fit(data, { labelSmoothing: 0.1 })).rejects.toThrow(
      'labelSmoothing: expected targets that are classes: rows of one 1, or one column of 0 and 1',
    )
  })

  it('epochs: the loop in the hands of the caller, with the same bits', async () => {
    const [one, two] = [fresh(), fresh()]
    const reports: EpochReport[] = []
    const given = { epochs: 3, optimizer: adam() }
    for await (const report of one.epochs(data, given)) reports.push(report)
    const { epochs } = await two.fit(data, given)
    expect(reports.map(({ loss }) => loss)).toEqual(epochs.map(({ loss }) => loss))
    expect(one.toBytes()).toEqual(two.toBytes())
  })

  it('epochs: nothing is trained while nobody asks; leaving the loop ends the training', async () => {
    const [one, two] = [fresh(), fresh()]
    for await (const { epoch } of one.epochs(data, { epochs: 1000 })) {
      const before = parametersOf(one)
      await new Promise((resolve) => setTimeout(resolve))
      expect(parametersOf(one)).toEqual(before)
      if (epoch === 2) break
    }
    await two.fit(data, { epochs: 2 })
    expect(one.toBytes()).toEqual(two.toBytes())
    await one.fit(data)
  })

  it('epochs: a throw in the loop, a signal and an error in a later epoch end it, and the network is free again', async () => {
    const net = fresh()
    const loop = async (given: FitOptions, body: (report: EpochReport) => void): Promise<void> => {
      for await (const report of net.epochs(data, { epochs: 9, ...given })) body(report)
    }
    const throwing = (): void => {
      throw new Error('mine')
    }
    await expect(loop({}, throwing)).rejects.toThrow('mine')
    await expect(loop({ onEpoch: throwing }, () => undefined)).rejects.toThrow('mine')
    const controller = new AbortController()
    const abort = (): void => controller.abort(new Error('stopped'))
    await expect(loop({ signal: controller.signal }, abort)).rejects.toThrow('stopped')
    const schedule = (update: number): number => (update > 3 ? NaN : 0.01)
    await expect(loop({ schedule }, () => undefined)).rejects.toThrow(
      'schedule(4): expected a number >= 0, got NaN',
    )
    await net.fit(data)
  })

  it('epochs: what goes wrong comes out of the loop, and the history in its end', async () => {
    const net = fresh()
    await expect(net.epochs(data, { epochs: 0 }).next()).rejects.toThrow(
      'epochs: expected an integer >= 1, got 0',
    )
    const onEpoch = ({ epoch }: EpochReport): boolean => epoch < 2
    const loop = net.epochs(data, { epochs: 5, onEpoch })
    expect((await loop.next()).value).toMatchObject({ epoch: 1 })
    expect((await loop.next()).value).toMatchObject({ epoch: 2 })
    expect(await loop.next()).toMatchObject({ done: true, value: { ended: 'onEpoch' } })
  })
})

describe('with threads', () => {
  const data = { x: randomRows(50, 4, 1), y: randomRows(50, 2, 2) }
  const fresh = (): Network => new Network([4, 6, 2], { activation: 'tanh', seed: 3 })

  it('the same bits, with a schedule and a callback after every batch', async () => {
    const given = {
      epochs: 3,
      batchSize: 16,
      optimizer: adam(),
      schedule: [decay, warmup],
      clipGradients: { globalNorm: 0.3 },
    }
    const results: unknown[] = []
    for (const threads of [1, 2, 3]) {
      for (const onBatch of [undefined, (): void => undefined]) {
        const net = fresh()
        const { epochs } = await net.fit(data, { ...given, threads, ...(onBatch && { onBatch }) })
        results.push([net.toBytes(), epochs.map(({ loss, learningRate }) => [loss, learningRate])])
      }
    }
    for (const result of results) expect(result).toEqual(results[0])
  })

  it('ends after a batch; a signal ends it with the network of the last finished epoch', async () => {
    const [one, two] = [fresh(), fresh()]
    const onBatch = ({ epoch, batch }: BatchReport): boolean => epoch < 2 || batch < 3
    const given = { epochs: 9, batchSize: 16, optimizer: adam() }
    const history = await one.fit(data, { ...given, onBatch, threads: 2 })
    await two.fit(data, { ...given, onBatch })
    expect(history.ended).toBe('onBatch')
    expect(one.toBytes()).toEqual(two.toBytes())
    const controller = new AbortController()
    const aborting = ({ epoch }: BatchReport): void => {
      if (epoch === 2) controller.abort()
    }
    const fit = one.fit(data, { ...given, onBatch: aborting, signal: controller.signal, threads: 2 })
    await expect(fit).rejects.toThrow('aborted')
    await two.fit(data, { ...given, epochs: 1 })
    expect(one.toBytes()).toEqual(two.toBytes())
  })
})

describe('splitting a validation off', () => {
  const oneHot = (label: number, classes: number): number[] =>
    Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0))

  it('takes of every class the same fraction, and of both sides nothing twice', () => {
    const random = new Random(1, 'labels')
    for (const [classes, counts] of [
      [3, [50, 20, 30]],
      [1, [70, 30]],
    ] as const) {
      const labels = Uint32Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)))
      random.shuffle(labels)
      const rows = Array.from(labels, (label) => (classes === 1 ? [label] : oneHot(label, classes)))
      const spec = resolveSpec([1, classes], { seed: 1, loss: 'halfSquared', activation: 'linear' })
      const x = readSamples(
        'x',
        Array.from(rows, (_, i) => i),
        1,
        'inputs',
        'f32',
      )
      const y = readSamples('y', rows, classes, 'outputs', 'f32')
      const split = splitValidation(spec, { x, y, weights: undefined }, 0.3)
      const held = Array.from(split.validation?.x.values ?? [])
      const kept = Array.from(split.x.values)
      expect([...kept, ...held].sort((one, other) => one - other)).toEqual(Array.from(rows, (_, i) => i))
      for (const [label, count] of counts.entries()) {
        expect(held.filter((row) => labels[row] === label)).toHaveLength(0.3 * count)
      }
      expect(splitValidation(spec, { x, y, weights: undefined }, 0.3)).toEqual(split)
      expect(splitValidation({ ...spec, seed: 2 }, { x, y, weights: undefined }, 0.3)).not.toEqual(split)
    }
  })
})

describe('wrong options', () => {
  const net = new Network([2, 1], { seed: 1 })
  const data = { x: [1, 2, 3, 4], y: [1, 0] }
  it.each<[object, string]>([
    [
      { validation: 'half' },
      'TypeError: validation: expected samples { x, y } or a fraction of the samples, got "half"',
    ],
    [{ validation: 1 }, 'RangeError: validation: expected a number > 0 and < 1, got 1'],
    [
      { validation: 0.1 },
      'RangeError: validation: expected a fraction that leaves samples on both sides, got 0.1 of 2',
    ],
    [
      { validation: { x: [1, 2], y: [1], weight: [1] } },
      'RangeError: validation: expected one of x, y, weights, got "weight"; did you mean weights?',
    ],
    [
      { validation: { x: [1, 2], y: [1], weights: [-1] } },
      'RangeError: validation.weights[0]: expected a number >= 0, got -1',
    ],
    [{ validation: { x: [1, 2], y: [1, 2] } }, 'RangeError: validation.y: expected 1 samples as in x, got 2'],
    [
      { validation: { x: [1, NaN], y: [1] } },
      'RangeError: validation.x[1]: expected a finite number, got NaN',
    ],
    [
      { earlyStopping: { patience: 0 } },
      'RangeError: earlyStopping.patience: expected an integer >= 1, got 0',
    ],
    [
      { earlyStopping: { pacience: 1 } },
      'RangeError: earlyStopping: expected one of patience, minDelta, restoreBest, got "pacience"; did you mean patience?',
    ],
    [{ labelSmoothing: 2 }, 'RangeError: labelSmoothing: expected a number >= 0 and <= 1, got 2'],
    [{ timeLimit: 0 }, 'RangeError: timeLimit: expected a number > 0, got 0'],
    [{ signal: {} }, 'TypeError: signal: expected an AbortSignal, got an object'],
    [{ onBatch: 1 }, 'TypeError: onBatch: expected a function, got 1'],
  ])('%o', async (options, message) => {
    const before = net.toBytes()
    await expect(net.fit(data, options).catch(String)).resolves.toBe(message)
    expect(net.toBytes()).toEqual(before)
  })
})
