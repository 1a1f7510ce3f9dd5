/** Grid and random search. */
import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { adam, Network, sgd, type FitOptions } from '../../src/index.js'
import { Random } from '../../src/base/random.js'
import { crossValidate, gridSearch, randomSearch, type Trial } from '../../src/selection/index.js'
import { searchTable } from '../../src/selection/result-tables.js'
import { allChoices, randomChoices } from '../../src/selection/space.js'
import { randomRows } from '../support/random-rows.js'

/** Exclusive or of two signs: no network without a hidden layer tells it. */
const x = randomRows(120, 2, 7)
const y = x.map(([a, b]) => [Number(a > 0 !== b > 0)])
const data = { x, y }
const network = {
  activation: { hidden: 'tanh', output: 'sigmoid' },
  loss: 'binaryCrossEntropy',
} as const
const fit = { epochs: 150, batchSize: 16, optimizer: adam({ learningRate: 0.03 }) }

/** A table without its last column, the seconds. */
const withoutSeconds = (text: string): string => text.replace(/ +(seconds|[\d.]+)$/gm, '')

describe('gridSearch', () => {
  const space = { hidden: [[], [8]], learningRate: [0.001, 0.03] }
  const options = { space, network, fit, folds: 3, seed: 2 } as const

  it('finds the choice that does better, and trains with it', async () => {
    const result = await gridSearch(data, { ...options, score: 'accuracy' })
    expect(result.trials.map(({ choice }) => choice)).toEqual([
      { hidden: [], learningRate: 0.001 },
      { hidden: [], learningRate: 0.03 },
      { hidden: [8], learningRate: 0.001 },
      { hidden: [8], learningRate: 0.03 },
    ])
    const { best } = result
    expect(best.trial).toBe(4)
    expect(best.score).toBeGreaterThan(0.9)
    for (const { score } of result.trials.slice(0, 3)) expect(score).toBeLessThan(0.75)
    const net = await best.train(data)
    const own = new Network([2, 8, 1], { ...network, seed: 2 })
    await own.fit(data, fit)
    expect(net.toBytes()).toEqual(own.toBytes())
  })

  it('a trial is what crossValidate says of its options', async () => {
    const { trials } = await gridSearch(data, options)
    for (const { choice, score, deviation, metrics, epochs } of trials) {
      const { hidden, learningRate } = choice
      const result = await crossValidate(data, {
        folds: 3,
        seed: 2,
        network: { ...network, hidden },
        fit: { ...fit, optimizer: adam({ learningRate }) },
      })
      expect(metrics).toEqual(result.metrics)
      expect({ mean: score, deviation }).toEqual(result.metrics.loss)
      expect(epochs).toBe(150)
    }
  })

  it('the same table for any number of fits at once, but for the seconds', async () => {
    const tables: string[] = []
    for (const parallel of [1, 2, 'auto'] as const) {
      tables.push(withoutSeconds(String(await gridSearch(data, { ...options, parallel }))))
    }
    expect(tables[0]).toMatch(/^trial {2}hidden {2}learningRate +loss +± {2}epochs$/m)
    expect(tables[0].split('\n')).toHaveLength(5)
    expect(tables.slice(1)).toEqual([tables[0], tables[0]])
  })

  it('the best has the least loss, or the greatest accuracy; of equals it is the first', async () => {
    const byLoss = await gridSearch(data, options)
    const losses = byLoss.trials.map(({ score }) => score)
    expect(byLoss.best.score).toBe(Math.min(...losses))
    const byAccuracy = await gridSearch(data, { ...options, score: 'macro.f1' })
    expect(byAccuracy.best.score).toBe(Math.max(...byAccuracy.trials.map(({ score }) => score)))
    const equal = await gridSearch(data, { ...options, space: { hidden: [[3], [3]], batchSize: [16, 16] } })
    expect(equal.best.trial).toBe(1)
  })

  it('by metrics of several labels: the least Hamming loss, the greatest subset accuracy and F1', async () => {
    const several = { x, y: x.map(([a, b]) => [Number(a > 0), Number(b > 0), Number(a + b > 0)]) }
    const given = { ...options, space: { learningRate: [0.0001, 0.03] }, fit: { ...fit, epochs: 20 } }
    for (const [score, direction] of [
      ['hammingLoss', -1],
      ['subsetAccuracy', 1],
      ['micro.f1', 1],
      ['samples.f1', 1],
      ['rocAuc', 1],
      ['logLoss', -1],
    ] as const) {
      const result = await gridSearch(several, { ...given, score })
      const [slow, quick] = result.trials.map((trial) => direction * trial.score)
      expect(quick).toBeGreaterThan(slow)
      expect(result.best.trial).toBe(2)
    }
    const numbers = { x, y: x.map(([a, b]) => [a, 7, a - b]) }
    const regression = { ...given, network: { activation: { hidden: 'tanh' } } as const }
    const result = await gridSearch(numbers, { ...regression, score: 'r2VarianceWeighted' })
    expect(result.best.trial).toBe(2)
    expect(result.best.score).toBeGreaterThan(result.best.metrics.r2.mean)
  })

  it('judged by one part of the data: stratified, without a deviation', async () => {
    const { trials } = await gridSearch(data, {
      space: options.space,
      network,
      fit,
      seed: 2,
      validation: 0.25,
      score: 'accuracy',
    })
    for (const { score, deviation } of trials) {
      expect(deviation).toBeNaN()
      // Of 30 samples.
      expect(score * 30).toBeCloseTo(Math.round(score * 30), 9)
    }
    expect(trials[3].score).toBeGreaterThan(0.85)
  })

  it('every name is the option of that name: of the network, of the optimiser, of fit', async () => {
    const { trials } = await gridSearch(data, {
      space: {
        hidden: [[4]],
        activation: ['softsign'],
        precision: ['f64'],
        optimizer: ['sgd'],
        momentum: [0.9],
        learningRate: [0.1],
        batchSize: [20],
        dropout: [0.1],
        schedule: [{ type: 'exponential', gamma: 0.99 }],
      },
      fit: { epochs: 5 },
      folds: 2,
      seed: 4,
    })
    const { metrics } = await crossValidate(data, {
      network: { hidden: [4], activation: 'softsign', precision: 'f64' },
      fit: {
        epochs: 5,
        batchSize: 20,
        dropout: 0.1,
        optimizer: sgd({ momentum: 0.9, learningRate: 0.1 }),
        schedule: { type: 'exponential', gamma: 0.99 },
      },
      folds: 2,
      seed: 4,
    })
    expect(trials[0].metrics).toEqual(metrics)
  })

  it('build makes network and fit of a choice, by whatever names', async () => {
    const built = await gridSearch(data, {
      space: { width: [4, 8], depth: [1, 2], epochs: [5] },
      build: ({ width, depth, epochs }) => ({
        create: () => new Network([2, ...new Array<number>(depth).fill(width), 1], { ...network, seed: 2 }),
        fit: { ...fit, epochs },
      }),
      folds: 3,
      seed: 2,
    })
    const named = await gridSearch(data, {
      ...options,
      space: { hidden: [[4], [4, 4], [8], [8, 8]] },
      fit: { ...fit, epochs: 5 },
    })
    expect(built.trials.map(({ metrics }) => metrics)).toEqual(named.trials.map(({ metrics }) => metrics))
    const { choice } = built.best
    expect(choice.width * choice.depth).toBeGreaterThan(3)
  })

  it('models, with the options that they have', async () => {
    const records = x.map(([a, b]) => ({ a, b, same: a > 0 === b > 0 ? 'yes' : 'no' }))
    const result = await gridSearch(records, {
      model: { target: 'same', activation: 'tanh' },
      space: { hidden: [[], [8]], scale: ['standardize', 'minMax'] },
      fit,
      folds: 3,
      seed: 2,
      score: 'accuracy',
    })
    expect(result.best.choice.hidden).toEqual([8])
    expect(result.best.score).toBeGreaterThan(0.9)
    const model = await result.best.train(records)
    expect(model.predict({ a: 0.7, b: 0.8 }).same).toBe('yes')
  })

  it('models by build, too', async () => {
    const records = x.map(([a, b]) => ({ a, b, sum: a + b }))
    const result = await gridSearch(records, {
      space: { without: ['a', 'none'] },
      build: ({ without }) => ({
        model: { target: 'sum', hidden: [], features: ['a', 'b'].filter((name) => name !== without) },
        fit: { epochs: 60, optimizer: adam({ learningRate: 0.05 }) },
      }),
      score: 'r2',
      seed: 1,
    })
    expect(result.best.choice.without).toBe('none')
    expect(result.best.score).toBeGreaterThan(0.99)
    expect(result.trials[0].score).toBeLessThan(0.7)
    expect((await result.best.train(records)).predict({ a: 0.5, b: 0.25 }).sum).toBeCloseTo(0.75, 1)
  })

  it('a trial that fails is told with its error, and comes last; nothing else is lost', async () => {
    const failing = { ...options, space: { learningRate: [1e30, 0.03] }, network: { hidden: [6] } }
    const messages: unknown[] = []
    for (const parallel of [1, 3] as const) {
      const result = await gridSearch(data, { ...failing, parallel })
      const [failed, good] = result.trials
      expect(failed).toMatchObject({ trial: 1, score: NaN, deviation: NaN, epochs: NaN, metrics: {} })
      expect(failed.error).toMatch(
        /^fit: the loss is \w+ in batch \d of epoch 1; the weights are those before the first/,
      )
      expect(good.error).toBeUndefined()
      expect(result.best).toBe(good)
      expect(String(result).split('\n')[2]).toMatch(/^ {4}1 +1e\+30 {2}failed: fit: the loss is/)
      messages.push(failed.error)
    }
    expect(messages[1]).toBe(messages[0])
  })

  it('if all fail there is no best', async () => {
    const given = { ...options, space: { learningRate: [1e30, 1e31] }, network: { hidden: [6] } }
    const result = await gridSearch(data, given)
    expect(result.trials.map(({ error }) => error === undefined)).toEqual([false, false])
    const message = `best: expected a trial that did not fail, got 2 that did: ${String(result.trials[0].error)}`
    expect(() => result.best).toThrow(new Error(message))
    expect(String(result).split('\n')).toHaveLength(3)
  })

  it('a score that is no number is a failure', async () => {
    // One sample of class 1, which has no ROC curve where it is not.
    const rare = { x, y: y.map((_, row) => [Number(row === 3)]) }
    const { trials } = await gridSearch(rare, { ...options, score: 'rocAuc' })
    expect(trials[0].error).toBe('score: expected a finite rocAuc in every fold, got NaN')
  })

  it('onTrial is called once for each, and awaited; what it throws ends the search', async () => {
    const done: number[] = []
    let running = 0
    const onTrial = async ({ trial }: Trial): Promise<void> => {
      expect(++running).toBe(1)
      await Promise.resolve()
      running -= 1
      done.push(trial)
    }
    const short = { ...options, fit: { ...fit, epochs: 2 } }
    const { trials } = await gridSearch(data, { ...short, onTrial, parallel: 1 })
    expect(done).toEqual([1, 2, 3, 4])
    expect(trials).toHaveLength(4)
    const fail = ({ trial }: Trial): void => {
      done.push(trial)
      throw new Error('enough')
    }
    await expect(gridSearch(data, { ...short, onTrial: fail, parallel: 1 })).rejects.toThrow('enough')
    expect(done).toEqual([1, 2, 3, 4, 1])
  })

  it('a signal ends it with its reason', async () => {
    const controller = new AbortController()
    const onTrial = ({ trial }: Trial): void => {
      if (trial === 2) controller.abort(new Error('no more'))
    }
    const { signal } = controller
    await expect(gridSearch(data, { ...options, onTrial, signal, parallel: 1 })).rejects.toThrow('no more')
    await expect(gridSearch(data, { ...options, signal })).rejects.toThrow('no more')
  })

  const names =
    'hidden, activation, initializer, biasInitializer, loss, precision, seed, engine, arithmetic, epochs, batchSize, accumulate, optimizer, schedule, classWeights, l1, l2, clipGradients, maxWeightNorm, dropout, averageWeights, labelSmoothing, shuffle, validation, earlyStopping, timeLimit, learningRate, weightDecay, momentum, nesterov, beta1, beta2, epsilon, amsgrad, alpha, centered, rho, momentumDecay, learningRateDecay, etaMinus, etaPlus, stepMin, stepMax'
  it('a logarithmic range is one of which f64 has the quotient', async () => {
    const space = { learningRate: { from: 1e-300, to: 1e300, scale: 'log' } } as const
    await expect(randomSearch(data, { ...options, space, trials: 2 })).rejects.toThrow(
      'space.learningRate: expected at most 307 powers of ten from 1e-300 to 1e+300',
    )
  })

  it.each<[object, string]>([
    [{ space: undefined }, 'TypeError: space: expected an object, got undefined'],
    [{ space: {} }, 'RangeError: space: expected at least 1 name, got 0'],
    [{ space: { hidden: [] } }, 'RangeError: space.hidden: expected at least 1 value, got 0'],
    [
      { space: { batchSize: { from: 1, to: 3 } } },
      'TypeError: space.batchSize: expected an array of values, got an object',
    ],
    [
      { space: { l1: new Array<number>(1000).fill(0), l2: new Array<number>(101).fill(0) } },
      'RangeError: space: expected at most 100000 choices, got 101000',
    ],
    [
      { space: { hiden: [[3]] } },
      `RangeError: space: expected one of ${names}, got "hiden"; did you mean hidden?`,
    ],
    [
      { space: { hidden: [[3], 4] } },
      'TypeError: hidden: expected an array of units, got 4; [8] is one layer',
    ],
    [{ space: { batchSize: [4, 0] } }, 'RangeError: batchSize: expected an integer >= 1, got 0'],
    [
      { space: { optimizer: ['adam', 'adan'] } },
      'RangeError: optimizer: expected one of sgd, adagrad, rmsprop, adadelta, adam, adamw, nadam, rprop, got "adan"; did you mean adam?',
    ],
    [
      { space: { optimizer: ['adam', 'sgd'], momentum: [0.9] }, fit: {} },
      'RangeError: adam: expected one of learningRate, beta1, beta2, epsilon, weightDecay, amsgrad, got "momentum"',
    ],
    [
      { score: 'acuracy' },
      'RangeError: score: expected one of loss, accuracy, macro.precision, macro.recall, macro.f1, micro.precision, micro.recall, micro.f1, weighted.precision, weighted.recall, weighted.f1, kappa, matthews, rocAuc, logLoss, brier, got "acuracy"; did you mean accuracy?',
    ],
    [{ folds: 3, validation: 0.2 }, 'TypeError: folds: expected nothing beside validation, got 3'],
    [{ folds: undefined, validation: 1 }, 'RangeError: validation: expected a number > 0 and < 1, got 1'],
    [
      { folds: undefined, validation: 0.001 },
      'RangeError: validation: expected a fraction that leaves rows on both sides, got 0.001 of 120',
    ],
    [{ onTrial: 1 }, 'TypeError: onTrial: expected a function, got 1'],
    [{ build: 1 }, 'TypeError: build: expected a function, got 1'],
    [{ build: () => ({}) }, 'TypeError: network: expected nothing beside build, got an object'],
    [{ network: undefined, fit: undefined, build: () => 1 }, 'TypeError: build: expected an object, got 1'],
    [
      { network: undefined, fit: undefined, build: () => ({ net: 1 }) },
      'RangeError: build: expected one of network, create, model, fit, got "net"',
    ],
    [
      { trials: 3 },
      'RangeError: options: expected one of space, network, model, fit, build, validation, score, onTrial, folds, stratify, seed, inputs, parallel, on, signal, got "trials"',
    ],
  ])('%j is refused before any training', async (given, message) => {
    let trained = 0
    const onEpoch = (): number => ++trained
    const training = { ...fit, onEpoch } as FitOptions
    const run = gridSearch(data, { ...options, fit: training, ...given })
    expect(await run.then(String, String)).toBe(message)
    expect(trained).toBe(0)
  })
})

describe('randomSearch', () => {
  it('finds the better half of a range', async () => {
    const result = await randomSearch(data, {
      space: {
        learningRate: { from: 1e-6, to: 0.1, scale: 'log' },
        batchSize: { from: 8, to: 32, integer: true },
      },
      network: { ...network, hidden: [8] },
      fit,
      trials: 8,
      validation: 0.25,
      seed: 3,
    })
    expect(result.trials).toHaveLength(8)
    expect(result.best.choice.learningRate).toBeGreaterThan(0.003)
    expect(result.trials.map(({ trial }) => trial)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it.each<[object, string]>([
    [{ trials: 0 }, 'RangeError: trials: expected an integer >= 1 and <= 100000, got 0'],
    [{ seed: undefined }, 'TypeError: seed: expected an integer >= 0, got undefined'],
    [{ space: { l1: 3 } }, 'TypeError: space.l1: expected an object, got 3'],
    [
      { space: { l1: { min: 3 } } },
      'RangeError: space.l1: expected one of from, to, scale, integer, got "min"',
    ],
    [{ space: { l1: { from: 3, to: 2 } } }, 'RangeError: space.l1.to: expected a number >= 3, got 2'],
    [
      { space: { l1: { from: 0, to: 2, scale: 'log' } } },
      'RangeError: space.l1.from: expected a number > 0, got 0',
    ],
    [
      { space: { l1: { from: 0, to: 2, scale: 'ln' } } },
      'RangeError: space.l1.scale: expected one of linear, log, got "ln"',
    ],
    [
      { space: { epochs: { from: 1.2, to: 1.8, integer: true } } },
      'RangeError: space.epochs: expected a whole number from 1.2 to 1.8, got none',
    ],
    [
      { space: { l1: { from: 0, to: 1, integer: 1 } } },
      'TypeError: space.l1.integer: expected true or false, got 1',
    ],
  ])('%j is refused', async (given, message) => {
    const run = randomSearch(data, { space: { l1: [0, 1] }, network, trials: 2, seed: 1, ...given })
    expect(await run.then(String, String)).toBe(message)
  })
})

describe('choices', () => {
  it('of a grid: every combination once, those of the last name changing first', () => {
    const values = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const nested: unknown[] = []
        for (const i of a) for (const j of b) for (const k of c) nested.push({ a: i, b: j, c: k })
        expect(allChoices({ a, b, c })).toEqual(nested)
      }),
    )
  })

  const seeds = fc.integer({ min: 0, max: 2 ** 53 - 1 })

  it('of ranges: within them, whole numbers with both ends', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        fc.constantFrom('linear', 'log'),
        (seed, from, ratio, scale) => {
          const range = { from, to: from * ratio, scale }
          for (const { a } of randomChoices({ a: range }, 20, seed)) {
            expect(a).toBeGreaterThanOrEqual(from)
            expect(a).toBeLessThanOrEqual(from * ratio)
          }
        },
      ),
    )
    for (const scale of ['linear', 'log']) {
      const drawn = randomChoices({ a: { from: 1, to: 4, scale, integer: true } }, 200, 1).map(({ a }) => a)
      expect(new Set(drawn)).toEqual(new Set([1, 2, 3, 4]))
    }
  })

  it('of a logarithmic range: as many in every decade; of a linear one: in every part', () => {
    const n = 4000
    const log = randomChoices({ a: { from: 1e-4, to: 1, scale: 'log' } }, n, 5).map(({ a }) => Number(a))
    const linear = randomChoices({ a: { from: -2, to: 2 } }, n, 5).map(({ a }) => Number(a))
    for (const k of [0, 1, 2, 3]) {
      const decade = log.filter((value) => value >= 10 ** (k - 4) && value < 10 ** (k - 3)).length
      const part = linear.filter((value) => value >= k - 2 && value < k - 1).length
      // n/4 ± 5 standard deviations.
      const bound = 5 * Math.sqrt((n * 3) / 16)
      expect(Math.abs(decade - n / 4)).toBeLessThan(bound)
      expect(Math.abs(part - n / 4)).toBeLessThan(bound)
    }
  })

  it('follow from the seed: the same numbers everywhere, the first of few the first of many', () => {
    const space = {
      rate: { from: 1e-5, to: 0.1, scale: 'log' },
      drop: { from: 0, to: 0.5 },
      units: { from: 4, to: 512, scale: 'log', integer: true },
      kind: ['tanh', 'relu'],
    }
    const many = randomChoices(space, 50, 7)
    expect(randomChoices(space, 4, 7)).toEqual(many.slice(0, 4))
    expect(randomChoices(space, 50, 8)).not.toEqual(many)
    expect(many.slice(0, 3)).toEqual([
      { rate: 0.01748, drop: 0.4167, units: 228, kind: 'relu' },
      { rate: 0.0004757, drop: 0.277, units: 17, kind: 'tanh' },
      { rate: 0.001299, drop: 0.09878, units: 5, kind: 'tanh' },
    ])
    for (const [trial, { rate, drop }] of many.entries()) {
      const random = new Random(7, `trial ${trial}`)
      expect(Number(rate) / (0.1 * 1e-4 ** (1 - random.uniform()))).toBeCloseTo(1, 3)
      expect(drop).toBeCloseTo(random.uniform() / 2, 4)
    }
  })

  it('a narrow range keeps its digits', () => {
    const drawn = randomChoices({ a: { from: 1000.1, to: 1000.2 } }, 20, 1).map(({ a }) => a)
    expect(new Set(drawn).size).toBe(20)
  })
})

describe('the table', () => {
  const trial = { score: NaN, deviation: NaN, epochs: NaN, seconds: 0.25, error: undefined }

  it('scores of any size keep their columns', () => {
    const rest = { epochs: 3, seconds: 0.1, error: undefined }
    const trials = [
      { trial: 1, choice: { rate: 0.1 }, score: 0.9523, deviation: 0.1, ...rest },
      { trial: 2, choice: { rate: 9 }, score: 7.4574e37, deviation: 1e12, ...rest },
    ]
    expect(searchTable(trials, 'loss').split('\n')).toEqual([
      'trial  rate       loss          ±  epochs  seconds',
      '    1   0.1     0.9523     0.1000       3    0.100',
      '    2     9  7.457e+37  1.000e+12       3    0.100',
    ])
  })

  it('is aligned, best first, and no wider than 120 columns', () => {
    const relu = { hidden: [16, 8], learningRate: 0.01, activation: { type: 'leakyRelu', slope: 0.1 } }
    const long = 'fit: the loss is NaN in batch 2 of epoch 1; the weights are those before the first epoch'
    const table = searchTable(
      [
        {
          ...trial,
          trial: 12,
          choice: relu,
          score: 0.01234,
          deviation: 0.0021,
          epochs: 31.4,
          seconds: 12.345,
        },
        { ...trial, trial: 3, choice: { ...relu, hidden: [] }, score: 1.5, deviation: 0.4, epochs: 100 },
        { ...trial, trial: 1, choice: { ...relu, activation: 'x'.repeat(30) }, error: `${long}, ${long}` },
      ],
      'loss',
    )
    expect(`\n${table}\n`).toBe(`
trial  hidden   learningRate  activation                   loss        ±  epochs  seconds
   12  [16, 8]          0.01  leakyRelu                 0.01234  0.00210    31.4     12.3
    3  []               0.01  leakyRelu                 1.50000  0.40000   100.0      0.3
    1  [16, 8]          0.01  xxxxxxxxxxxxxxxxxxxxxxx…  failed: fit: the loss is NaN in batch 2 of epoch 1; the weights…
`)
  })
})
