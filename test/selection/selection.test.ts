/** Splits, folds and cross-validation. */
import fc from '../support/fast-check.js'
import { describe, expect, it, vi } from 'vitest'
import type { Table } from '../../src/data/index.js'
import { evaluate, adam, multilabelMetrics, Network, sgd, type FitData } from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import { Random } from '../../src/base/random.js'
import { dealFolds } from '../../src/selection/division.js'
import { crossValidate, split, type CrossValidation } from '../../src/selection/index.js'
import { groupRows } from '../../src/base/stratify.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

const seeds = fc.integer({ min: 0, max: 2 ** 53 - 1 })
const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 120 })
const fractions = fc.constantFrom(0.1, 0.2, 0.25, 1 / 3)

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const ascending = (rows: Iterable<number>): number[] => Array.from(rows).sort((one, other) => one - other)
const oneHot = (label: number): number[] => upTo(5).map((c) => Number(c === label))
const countsOf = (given: readonly number[]): number[] =>
  upTo(5).map((c) => given.filter((label) => label === c).length)

describe('split', () => {
  it('has every row in exactly one part, in the order of the data; the sizes are rounded fractions', () => {
    fc.assert(
      fc.property(labels, fractions, fractions, seeds, fc.boolean(), (classes, v, t, seed, stratify) => {
        const n = classes.length
        const data = { x: upTo(n).map((row) => [row, -row]), y: classes.map(oneHot) }
        const parts = split(data, { validation: v, test: t, seed, stratify })
        const all = [parts.train, parts.validation, parts.test]
        const rows = all.map((part) => part.x.map(([row]) => row))
        expect(ascending(rows.flat())).toEqual(upTo(n))
        for (const each of rows) expect(each).toEqual(ascending(each))
        expect(rows[1]).toHaveLength(Math.round(v * n))
        expect(rows[2]).toHaveLength(Math.round(t * n))
        // The rows are those that were given, and the targets go with them.
        expect(parts.test.x[0]).toBe(data.x[rows[2][0]])
        for (const { x, y } of all) expect(y).toEqual(x.map(([row]) => data.y[row]))
        expect(split(data, { validation: v, test: t, seed, stratify })).toEqual(parts)
      }),
    )
  })

  it('stratified: every class gives each part its share, to two rows', () => {
    fc.assert(
      fc.property(labels, fractions, fractions, seeds, (classes, v, t, seed) => {
        const y = classes.map(oneHot)
        const parts = split({ x: classes, y }, { validation: v, test: t, seed })
        const shares = countsOf(classes)
        for (const [c, count] of countsOf(parts.test.x).entries()) {
          // One row by rounding each class, half of one by rounding all rows of the part.
          expect(Math.abs(count - t * shares[c])).toBeLessThanOrEqual(1.5)
        }
        for (const [c, count] of countsOf(parts.validation.x).entries()) {
          expect(Math.abs(count - v * shares[c])).toBeLessThanOrEqual(2)
        }
      }),
    )
  })

  it('whichever kind of rows it is given, the same ones are chosen, and come back as that kind', () => {
    const [rows, targets] = [randomRows(40, 3, 1), randomRows(40, 2, 2)]
    const weights = upTo(40)
    const given = { validation: 0.3, test: 0.1, seed: 5 }
    const byRow = split({ x: rows, y: targets, weights }, given).validation
    const flat = split({ x: rows.flat(), y: targets.flat(), weights }, { ...given, inputs: 3 }).validation
    const typed = { x: Float32Array.from(rows.flat()), y: targets, weights: Uint8Array.from(weights) }
    const mixed = split(typed, given).validation
    expect(flat).toEqual({ x: byRow.x.flat(), y: byRow.y.flat(), weights: byRow.weights })
    expect(mixed).toEqual({
      x: Float32Array.from(byRow.x.flat()),
      y: byRow.y,
      weights: Uint8Array.from(byRow.weights),
    })
    expect(byRow.weights.map((row) => rows[row])).toEqual(byRow.x)
    expect(split({ x: rows, y: targets.flat(), weights }, given).validation.y).toEqual(byRow.y.flat())
  })

  it('another seed chooses other rows; a part may be nothing', () => {
    const data = { x: upTo(100), y: new Uint8Array(100) }
    const testOf = (seed: number): number[] => split(data, { seed, inputs: 1 }).test.x
    expect(testOf(1)).not.toEqual(testOf(2))
    const { train, validation, test } = split(data, { seed: 1, inputs: 1, test: 0, validation: 0 })
    expect([train.x, validation.x, test.y]).toEqual([data.x, [], new Uint8Array(0)])
  })

  it('a table and records, stratified by the values of a column', () => {
    const species = upTo(60).map((row) => ['setosa', 'versicolor', 'virginica'][row % 3])
    const table: Table = {
      rows: 60,
      columns: [
        { name: 'row', kind: 'number', values: Float64Array.from(upTo(60)) },
        { name: 'species', kind: 'text', values: species },
      ],
    }
    const records = species.map((name, row) => ({ row, species: name }))
    const options = { validation: 0.25, test: 0.5, seed: 3, target: 'species' }
    const [byColumn, byRecord] = [split(table, options), split(records, options)]
    for (const part of ['train', 'validation', 'test'] as const) {
      const [rows, names] = byColumn[part].columns
      expect(byColumn[part].rows).toBe({ train: 15, validation: 15, test: 30 }[part])
      expect(byRecord[part]).toEqual(Array.from(rows.values as Float64Array, (row) => records[row]))
      for (const name of new Set(species)) {
        expect(names.values.filter((each) => each === name)).toHaveLength(byColumn[part].rows / 3)
      }
    }
    expect(byRecord.test[0]).toBe(records[byRecord.test[0].row])
    expect(split(table, { seed: 3 }).train.rows).toBe(36)
  })

  it('of a column in which every value is another one, it is chance which rows are chosen', () => {
    const records = upTo(50).map((price) => ({ price }))
    const testOf = (seed: number): number[] =>
      split(records, { seed, target: 'price' }).test.map((r) => r.price)
    expect(testOf(1)).not.toEqual(testOf(2))
  })

  const pair = { x: [[1], [2], [3], [4], [5]], y: [1, 2, 3, 4, 5] }
  const table = { rows: 2, columns: [{ name: 'a', kind: 'text', values: ['p', 'q'] }] }
  it.each<[unknown, object, string]>([
    [pair, {}, 'TypeError: seed: expected an integer >= 0, got undefined'],
    [pair, { seed: -1 }, 'RangeError: seed: expected an integer >= 0, got -1'],
    [pair, { seed: 1, test: 1 }, 'RangeError: test: expected a number >= 0 and < 1, got 1'],
    [pair, { seed: 1, validation: 'a' }, 'TypeError: validation: expected a number >= 0 and < 1, got "a"'],
    [
      pair,
      { seed: 1, validation: 0.05 },
      'RangeError: validation: expected a fraction that gives at least 1 row, got 0.05 of 5',
    ],
    [
      pair,
      { seed: 1, validation: 0.6, test: 0.4 },
      'RangeError: validation, test: expected fractions that leave rows to train on, got 0.6 and 0.4 of 5',
    ],
    [
      pair,
      { seed: 1, tests: 0.1 },
      'RangeError: options: expected one of validation, test, seed, stratify, inputs, got "tests"; did you mean test?',
    ],
    [pair, { seed: 1, stratify: 'y' }, 'TypeError: stratify: expected true or false, got "y"'],
    [
      { x: [[1], [2]], y: [1, 2, 3] },
      { seed: 1 },
      'RangeError: y: expected a multiple of 2 values, samples as in x, got 3',
    ],
    [{ x: [[1], [2]], y: [[1]] }, { seed: 1 }, 'RangeError: y: expected 2 samples as in x, got 1'],
    [
      { x: [1, 2], y: [1, 2] },
      { seed: 1 },
      'TypeError: inputs: expected how many numbers a sample has, as x and y are flat, got undefined',
    ],
    [
      { x: [1, 2], y: [1] },
      { seed: 1, inputs: 3 },
      'RangeError: x: expected a multiple of 3 values (inputs), got 2',
    ],
    [{ x: 'a', y: [1] }, { seed: 1 }, 'TypeError: x: expected an array of numbers or of rows, got "a"'],
    [{ x: [], y: [1] }, { seed: 1 }, 'RangeError: x: expected at least 1 sample, got 0'],
    [{ x: [[1], [2]], y: [1, NaN] }, { seed: 1 }, 'RangeError: y[1]: expected a finite number, got NaN'],
    [{ ...pair, weights: [1] }, { seed: 1 }, 'RangeError: weights: expected 5 samples as in x, got 1'],
    [{ ...pair, z: 1 }, { seed: 1 }, 'RangeError: data: expected one of x, y, weights, got "z"'],
    [
      'a.csv',
      { seed: 1 },
      'TypeError: data: expected samples { x, y }, a table or an array of records, got "a.csv"',
    ],
    [table, { seed: 1, target: 'b' }, 'RangeError: target: expected one of a, got "b"'],
    [table, { seed: 1, target: 1 }, 'TypeError: target: expected the name of a column, got 1'],
    [{ ...table, rows: 3 }, { seed: 1 }, 'RangeError: data: expected 3 values in column "a", got 2'],
    [
      [{ a: 1 }, {}],
      { seed: 1, target: 'a' },
      'TypeError: row 2, column a: expected a text, a number or a boolean, got undefined',
    ],
    [[{ a: 1 }, 2], { seed: 1 }, 'TypeError: row 2: expected an object, got 2'],
    [
      [{}, {}],
      { seed: 1, target: '__proto__' },
      'TypeError: row 1, column __proto__: expected a text, a number or a boolean, got undefined',
    ],
    [[], { seed: 1 }, 'RangeError: data: expected at least 1 row, got 0'],
    [{ rows: 0, columns: [] }, { seed: 1 }, 'RangeError: data: expected at least 1 row, got 0'],
  ])('%j, %j is refused', (data, options, message) => {
    let error: unknown
    try {
      split(data as FitData, options as { seed: number })
    } catch (thrown) {
      error = thrown
    }
    expect(String(error)).toBe(message)
  })
})

describe('folds', () => {
  it('cover all rows, have none twice, and as many of every class as any other, or one more', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 2, max: 12 }), seeds, (classes, k, seed) => {
        const groups = Array.from(groupRows(classes).values())
        const folds = dealFolds(groups, k, new Random(seed, 'folds'))
        expect(folds).toHaveLength(k)
        expect(ascending(folds.flatMap((rows) => Array.from(rows)))).toEqual(upTo(classes.length))
        const balanced = [folds.map((rows) => rows.length)]
        for (const c of upTo(5))
          balanced.push(folds.map((rows) => rows.filter((row) => classes[row] === c).length))
        for (const sizes of balanced) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('crossValidate', () => {
  const x = randomRows(64, 3, 4)
  const classes = x.map(([a, b]) => (a > 0.3 ? 2 : b > 0 ? 1 : 0))
  const y = classes.map((label) => upTo(3).map((c) => Number(c === label)))
  const network = { hidden: [6], activation: { hidden: 'tanh', output: 'softmax' } } as const
  const fit = { epochs: 4, batchSize: 8, optimizer: adam({ learningRate: 0.02 }) }
  const options = { folds: 4, seed: 9, network, fit }

  it('trains a network on all folds but one, and evaluates it on that', async () => {
    const { folds } = await crossValidate({ x, y }, options)
    for (const { rows, evaluation, history } of folds) {
      const held = new Set(rows)
      const part = (isHeld: boolean): FitData => ({
        x: x.filter((_, row) => held.has(row) === isHeld),
        y: y.filter((_, row) => held.has(row) === isHeld),
      })
      const net = new Network([3, 6, 3], { activation: network.activation, seed: 9 })
      const { epochs } = await net.fit(part(false), fit)
      expect(history.epochs.map(({ loss }) => loss)).toEqual(epochs.map(({ loss }) => loss))
      expect(evaluation).toEqual(evaluate(net, part(true)))
    }
    expect(ascending(folds.flatMap(({ rows }) => Array.from(rows)))).toEqual(upTo(64))
  })

  it('every metric: mean and standard deviation over the folds', async () => {
    const { folds, metrics } = await crossValidate({ x, y }, options)
    const values = folds.map(({ evaluation }) => evaluation.loss)
    const mean = (values[0] + values[1] + values[2] + values[3]) / 4
    let squares = 0
    for (const value of values) squares += (value - mean) ** 2
    expect(metrics.loss.mean).toBeCloseTo(mean, 14)
    expect(metrics.loss.deviation).toBeCloseTo(Math.sqrt(squares / 3), 14)
    expect(Object.keys(metrics).slice(0, 5)).toEqual([
      'loss',
      'accuracy',
      'macro.precision',
      'macro.recall',
      'macro.f1',
    ])
    expect(metrics).not.toHaveProperty('classes')
  })

  it('prints them', async () => {
    const text = String(await crossValidate({ x, y }, options))
    expect(text).toMatch(/^4 folds of 64 rows\nloss +\d\.\d+ {2}± 0\.\d+\naccuracy +0\.\d{4} {2}± 0\.\d+\n/)
    for (const line of text.split('\n')) expect(line).toBe(line.trimEnd())
  })

  const comparable = ({ folds }: CrossValidation): unknown =>
    folds.map(({ rows, evaluation, history }) => [rows, evaluation, history.epochs.map(({ loss }) => loss)])

  it('the same bits for any number of fits at once, also on this thread', async () => {
    const expected = comparable(await crossValidate({ x, y }, options))
    for (const parallel of [1, 2, 3, 'auto'] as const) {
      expect(comparable(await crossValidate({ x, y }, { ...options, parallel }))).toEqual(expected)
    }
  })

  it('samples given flat, in f32 or f64, with weights', async () => {
    const weights = upTo(64).map((row) => (row % 3) / 2)
    const byRow = await crossValidate({ x, y, weights }, options)
    const flat = {
      x: Float64Array.from(x.flat()),
      y: Float32Array.from(y.flat()),
      weights: Float64Array.from(weights),
    }
    expect(comparable(await crossValidate(flat, { ...options, inputs: 3 }))).toEqual(comparable(byRow))
    expect(comparable(await crossValidate({ x, y }, options))).not.toEqual(comparable(byRow))
  })

  describe('folds are taken for what all data are', () => {
    const one = x.map((_, row) => [Number(row % 2 === 0), Number(row % 2 === 1)])
    const all = { folds: 8, seed: 9, fit, stratify: false }
    const bits = { hidden: [4], activation: { output: 'sigmoid' }, loss: 'binaryCrossEntropy' } as const
    const others = one.map((row, i) => (i === 5 ? [1, 1] : row))
    const kinds = ({ folds }: CrossValidation): Set<string> =>
      new Set(folds.map(({ evaluation }) => evaluation.kind))

    it('labels, of which one sample alone has two', async () => {
      const result = await crossValidate({ x, y: others }, { ...all, network: bits })
      expect(kinds(result)).toEqual(new Set(['multilabel']))
      expect(Object.keys(result.metrics)).toEqual([
        'loss',
        'subsetAccuracy',
        'hammingLoss',
        'macro.precision',
        'macro.recall',
        'macro.f1',
        'micro.precision',
        'micro.recall',
        'micro.f1',
        'weighted.precision',
        'weighted.recall',
        'weighted.f1',
        'samples.precision',
        'samples.recall',
        'samples.f1',
        'rocAuc',
        'logLoss',
      ])
      expect(kinds(await crossValidate({ x, y: one }, { ...all, network: bits }))).toEqual(
        new Set(['classification']),
      )
    })

    it('numbers, most of which are 0 and 1', async () => {
      const network = { hidden: [4] }
      const few = x.map((_, row) => [row === 5 ? 2 : row % 2])
      const result = await crossValidate({ x, y: few }, { ...all, network })
      expect(kinds(result)).toEqual(new Set(['regression']))
      expect(Object.keys(result.metrics)).toEqual([
        'loss',
        'meanSquared',
        'rootMeanSquared',
        'meanAbsolute',
        'r2',
        'r2VarianceWeighted',
      ])
      // Soft labels among bits.
      const soft = others.map((row, i) => (i === 7 ? [0.5, 1] : row))
      expect(kinds(await crossValidate({ x, y: soft }, { ...all, network: bits }))).toEqual(
        new Set(['regression']),
      )
    })

    it('the sample that says so counts nowhere', async () => {
      const weights = x.map((_, row) => 1 + (row % 3))
      for (const given of [
        { x, y: others },
        { x, y: others, weights },
      ]) {
        const { folds } = await crossValidate(given, { ...all, network: bits })
        for (const { rows, evaluation } of folds) {
          if (rows.includes(5)) continue
          const held = <T>(values: readonly T[]): T[] => Array.from(rows, (row) => values[row])
          const net = new Network([3, 4, 2], { activation: bits.activation, loss: bits.loss, seed: 9 })
          const others = upTo(64).filter((row) => !rows.includes(row))
          await net.fit(
            {
              x: others.map((row) => x[row]),
              y: others.map((row) => given.y[row]),
              ...('weights' in given && { weights: others.map((row) => weights[row]) }),
            },
            fit,
          )
          const expected = multilabelMetrics(
            held(given.y),
            net.predict(held(x)),
            2,
            'weights' in given ? held(weights) : undefined,
          )
          expect(evaluation).toMatchObject({ ...expected, kind: 'multilabel', labels: 2 })
          const { loss } = evaluate(net, {
            x: held(x),
            y: held(given.y),
            ...('weights' in given && { weights: held(weights) }),
          })
          expect(evaluation.loss).toBeCloseTo(loss, 6)
        }
      }
    })
  })

  it('a network of its own for each fold: by a function, or by the long form', async () => {
    const folds: number[] = []
    const create = (fold: number): Network => {
      folds.push(fold)
      return new Network([3, 6, 3], { activation: network.activation, seed: 9 })
    }
    const expected = comparable(await crossValidate({ x, y }, options))
    const given = { folds: 4, seed: 9, fit }
    expect(comparable(await crossValidate({ x, y }, { ...given, create }))).toEqual(expected)
    // The first of them is for the check of the options.
    expect(folds).toEqual([0, 0, 1, 2, 3])
    const layers = [
      { units: 6, activation: 'tanh' },
      { units: 3, activation: 'softmax' },
    ] as const
    const long = await crossValidate({ x, y }, { ...given, network: { inputs: 3, layers } })
    expect(comparable(long)).toEqual(expected)
  })

  it('models learn scales and categories from what a fold is trained on alone', async () => {
    const records = x.map(([a, b], row) => ({ a: 100 * a, b, kind: ['low', 'mid', 'high'][classes[row]] }))
    const model = { target: 'kind', hidden: [5] }
    const { folds } = await crossValidate(records, { folds: 4, seed: 9, model, fit })
    for (const { rows, evaluation } of folds) {
      const held = new Set(rows)
      const trained = records.filter((_, row) => !held.has(row))
      const own = Model.create(trained, { ...model, seed: 9 })
      await own.fit(trained, fit)
      expect(evaluation).toEqual(own.evaluate(records.filter((_, row) => held.has(row))))
      // Stratified by the classes of the target.
      for (const c of upTo(3)) {
        const count = classes.filter((label) => label === c).length
        const share = Array.from(rows).filter((row) => classes[row] === c).length
        expect(Math.abs(share - count / 4)).toBeLessThan(1)
      }
    }
  })

  it('an error of training names the first fold that has one, whatever runs at once', async () => {
    // A sample that is too large for the loss is trained on in all folds but the first.
    const unstratified = { ...options, network: { hidden: [4] }, stratify: false }
    const [{ rows }] = (await crossValidate({ x, y }, unstratified)).folds
    const steep = y.map((row, i) => (i === rows[0] ? [3e38, -3e38, 0] : row))
    for (const parallel of [1, 3] as const) {
      const failed = crossValidate({ x, y: steep }, { ...unstratified, parallel })
      expect(await failed.catch(String)).toMatch(
        /^Error: crossValidate: fold 1: fit: the loss is \w+ in batch \d of epoch 1; the weights are those before the first epoch$/,
      )
    }
  })

  it('a signal ends it with its reason', async () => {
    const controller = new AbortController()
    let epochs = 0
    const onEpoch = (): void => {
      if (++epochs === 6) controller.abort(new Error('enough'))
    }
    const { signal } = controller
    const run = crossValidate({ x, y }, { ...options, fit: { ...fit, onEpoch }, parallel: 2, signal })
    await expect(run).rejects.toThrow('enough')
    expect(epochs).toBeLessThan(16)
    await expect(crossValidate({ x, y }, { ...options, signal })).rejects.toThrow('enough')
  })

  it('short fits, too, leave turns to the event loop', async () => {
    let turns = 0
    const timer = setInterval(() => ++turns, 1)
    const before = process.cpuUsage()
    await crossValidate({ x, y }, { ...options, folds: 64, fit: { ...fit, epochs: 60 } })
    clearInterval(timer)
    // By the time that this process had, and not by the clock: what else runs on the machine takes turns from nobody.
    const { user, system } = process.cpuUsage(before)
    expect(turns).toBeGreaterThan((user + system) / 1000 / 50)
  })

  it('no more workers than fits at once; none for short fits, unless asked for', async () => {
    const threads = process.getBuiltinModule('node:worker_threads')
    let [alive, most, started] = [0, 0, 0]
    class Watched extends threads.Worker {
      constructor(...args: ConstructorParameters<typeof threads.Worker>) {
        super(...args)
        ++started
        most = Math.max(most, ++alive)
      }
      override terminate(): Promise<number> {
        --alive
        return super.terminate()
      }
    }
    const spy = vi
      .spyOn(process, 'getBuiltinModule')
      .mockImplementation((name: string) =>
        name === 'node:worker_threads' ? { ...threads, Worker: Watched } : { availableParallelism: () => 2 },
      )
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    try {
      await crossValidate({ x, y }, { ...options, parallel: 2 })
      expect(started).toBe(4)
      expect(most).toBe(2)
      started = 0
      await crossValidate({ x, y }, options)
      expect(started).toBe(0)
      // Of a million epochs, as far as is known before the first.
      const long = { ...fit, epochs: 1e6, onEpoch: (): boolean => false }
      await crossValidate({ x, y }, { ...options, fit: long })
      expect(started).toBe(4)
      const baseline = { ...network, engine: engineOf.baseline } as const
      await crossValidate({ x, y }, { ...options, network: baseline, fit: long })
      expect(started).toBe(4)
      await crossValidate({ x, y }, { ...options, fit: { ...fit, shards: 2 }, parallel: 2 })
      expect(started).toBe(4)
      expect(warn).not.toHaveBeenCalled()
      expect(alive).toBe(0)
    } finally {
      spy.mockRestore()
      warn.mockRestore()
    }
  })

  const shared = new Network([3, 6, 3])
  it.each<[object, string | RegExp]>([
    [{ folds: 1 }, 'RangeError: folds: expected an integer >= 2, got 1'],
    [{ folds: 65 }, 'RangeError: folds: expected an integer <= 64, a row for each, got 65'],
    [{ seed: undefined }, 'TypeError: seed: expected an integer >= 0, got undefined'],
    [{ parallel: 0 }, 'RangeError: parallel: expected an integer >= 1 and <= 64, got 0'],
    [{ parallel: 'all' }, 'TypeError: parallel: expected an integer >= 1 and <= 64, or "auto", got "all"'],
    [{ signal: 1 }, 'TypeError: signal: expected an AbortSignal, got 1'],
    [
      { fold: 3 },
      'RangeError: options: expected one of folds, stratify, seed, inputs, parallel, on, signal, network, create, model, fit, got "fold"; did you mean folds?',
    ],
    [{ network: undefined }, 'TypeError: network: expected it, create or model, got none of them'],
    [
      { network: { hiden: [3] } },
      'RangeError: network: expected one of hidden, activation, initializer, biasInitializer, loss, precision, seed, engine, arithmetic, got "hiden"; did you mean hidden?',
    ],
    [{ network: { hidden: 3 } }, 'TypeError: hidden: expected an array of units, got 3; [8] is one layer'],
    [{ network: { hidden: [3, 0] } }, 'RangeError: hidden[1]: expected an integer >= 1, got 0'],
    [{ network: { loss: 'least' } }, /^RangeError: loss: expected one of halfSquared, .*, got "least"$/],
    [
      { network: { inputs: 2, layers: [{ units: 3 }] } },
      'RangeError: network: expected 3 inputs as in x, got 2',
    ],
    [
      { network: { inputs: 3, layers: [{ units: 1 }] } },
      'RangeError: network: expected 3 outputs as in y, got 1',
    ],
    [{ create: () => shared }, 'TypeError: network: expected nothing beside create, got an object'],
    [{ network: undefined, create: 1 }, 'TypeError: create: expected a function, got 1'],
    [{ network: undefined, create: () => 1 }, 'TypeError: create: expected it to return a Network, got 1'],
    [{ model: { target: 'a' } }, 'TypeError: data: expected a table or an array of records, got an object'],
    [{ fit: 3 }, 'TypeError: fit: expected an object, got 3'],
    [
      { fit: { threads: 2 } },
      'TypeError: fit.threads: expected nothing, for there is the option parallel, got 2',
    ],
    [
      { fit: { signal: AbortSignal.abort() } },
      'TypeError: fit.signal: expected nothing, for there is the option signal, got an AbortSignal',
    ],
    [{ fit: { epochs: 0 } }, 'RangeError: epochs: expected an integer >= 1, got 0'],
    [{ fit: { optimizer: { type: 'adan' } } }, /^RangeError: optimizer.type: expected one of sgd, /],
  ])('%j is refused', async (given, message) => {
    const run = crossValidate({ x, y }, { ...options, ...given })
    const shown = await run.then(String, String)
    if (typeof message === 'string') expect(shown).toBe(message)
    else expect(shown).toMatch(message)
  })

  it('names need a model', async () => {
    const options = { seed: 1, network: { hidden: [3] } }
    const table = { rows: 2, columns: [{ name: 'a', kind: 'number', values: new Float64Array(2) }] }
    for (const [data, what] of [
      [table, 'a table'],
      [[{ a: 1 }, { a: 2 }], 'an array'],
    ] as const) {
      await expect(crossValidate(data as unknown as FitData, options)).rejects.toThrow(
        `data: expected samples { x, y } unless there is a model, got ${what}`,
      )
    }
  })

  it('what is wrong in a row is named by its number in all of the data', async () => {
    const records = ['x', 'x', 'x', 'y', 'x', 'x'].map((kind, a) => ({ kind, a }))
    const failed = crossValidate(records, { seed: 1, folds: 6, model: { target: 'a' }, fit, parallel: 1 })
    await expect(failed).rejects.toThrow(
      /row 4, column kind: expected one of x, got "y"; unknown: 'zeros' in training/,
    )
    const broken = crossValidate(
      records.map((each, row) => (row === 4 ? { ...each, a: NaN } : each)),
      {
        seed: 1,
        folds: 6,
        model: { target: 'a' },
      },
    )
    await expect(broken).rejects.toThrow('row 5, column a: expected a value, got NaN, a missing one')
  })

  it('one network for all folds is refused', async () => {
    const run = crossValidate(
      { x, y },
      { folds: 4, seed: 9, fit: { optimizer: sgd() }, create: () => shared },
    )
    await expect(run).rejects.toThrow(
      'crossValidate: fold 0: create: expected a new network in every call, got one of another',
    )
  })
})
