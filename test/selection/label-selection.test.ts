/** Selection with the numbers of classes: as many outputs as there are classes, and every class in every part. */
import { describe, expect, it } from 'vitest'
import { Network, type FitData, type Samples } from '../../src/index.js'
import { crossValidate, gridSearch, randomSearch, split } from '../../src/selection/index.js'
import { randomRows } from '../support/random-rows.js'

const ROWS = 60
const x = randomRows(ROWS, 4, 5)
/** 40 samples of class 0, 13 of 1, 7 of 2 */
const labels = x.map((_, row) => (row < 40 ? 0 : row < 53 ? 1 : 2))
const oneHot = labels.map((label) => [0, 1, 2].map((c) => Number(c === label)))
const network = { hidden: [5], activation: { hidden: 'tanh', output: 'softmax' } } as const
const fit = { epochs: 4, batchSize: 8 }

const forms: [name: string, y: Samples][] = [
  ['an array', labels],
  ['rows of one', labels.map((label) => [label])],
  ['Uint8Array', Uint8Array.from(labels)],
  ['Float32Array', Float32Array.from(labels)],
]

function countsOf(given: Iterable<number>): number[] {
  const counts = [0, 0, 0]
  for (const label of given) counts[label] += 1
  return counts
}

describe('crossValidate', () => {
  it.each(forms)('%s: the same as one-hot rows', async (_, y) => {
    const options = { network, fit, seed: 2, folds: 4 }
    const [one, other] = [
      await crossValidate({ x, y }, options),
      await crossValidate({ x, y: oneHot }, options),
    ]
    expect(one.metrics).toEqual(other.metrics)
    expect(one.folds.map(({ rows }) => rows)).toEqual(other.folds.map(({ rows }) => rows))
    expect(one.folds[0].evaluation.kind).toBe('classification')
  })

  it('every fold has its share of every class, also of those that another has one sample of', async () => {
    const { folds } = await crossValidate({ x, y: labels }, { network, fit, seed: 2, folds: 5 })
    for (const { rows, evaluation } of folds) {
      const counts = countsOf(Array.from(rows, (row) => labels[row]))
      for (const [c, all] of [40, 13, 7].entries()) expect(Math.abs(counts[c] - all / 5)).toBeLessThan(1)
      expect(evaluation.kind === 'classification' && evaluation.classes).toBe(3)
    }
  })

  it('a class in one fold only is a class of all', async () => {
    const y = x.map((_, row) => (row === 7 ? 2 : row % 2))
    const { folds } = await crossValidate({ x, y }, { network, fit, seed: 2, folds: 5, stratify: false })
    for (const { evaluation } of folds) {
      expect(evaluation.kind === 'classification' && evaluation.classes).toBe(3)
    }
  })

  it('the long form, and networks that are made, have as many units, or more', async () => {
    const layers = [
      { units: 5, activation: 'tanh' },
      { units: 3, activation: 'softmax' },
    ] as const
    const common = { fit, seed: 2, folds: 4 }
    const expected = await crossValidate({ x, y: oneHot }, { network, ...common })
    const long = await crossValidate({ x, y: labels }, { network: { inputs: 4, layers }, ...common })
    expect(long.metrics).toEqual(expected.metrics)
    const create = (): Network => new Network({ inputs: 4, layers, seed: 2 })
    expect((await crossValidate({ x, y: labels }, { create, ...common })).metrics).toEqual(expected.metrics)
    const four = [layers[0], { units: 4, activation: 'softmax' }] as const
    const more = await crossValidate({ x, y: labels }, { network: { inputs: 4, layers: four }, ...common })
    expect(more.folds[0].evaluation).toMatchObject({ classes: 4 })
    const two = [layers[0], { units: 2, activation: 'softmax' }] as const
    await expect(
      crossValidate({ x, y: labels }, { network: { inputs: 4, layers: two }, ...common }),
    ).rejects.toThrow(new RangeError('network: expected at least 3 outputs, the classes of y, got 2'))
  })

  it.each([
    ['softmax', 3],
    [{ output: 'softmax' }, 3],
    [{ type: 'softmax' }, 3],
    [{ hidden: 'relu', output: { type: 'softmax' } }, 3],
  ] as const)('the activation %j', async (activation, classes) => {
    const { folds } = await crossValidate({ x, y: labels }, { network: { activation }, seed: 1, fit })
    expect(folds[0].evaluation).toMatchObject({ classes })
  })

  it.each<[name: string, y: Samples, message: string]>([
    [
      'no integers',
      x.map(([value]) => value),
      `y[0]: expected an integer >= 0, the number of a class, as there is a softmax, got ${x[0][0]}`,
    ],
    [
      'negative',
      labels.map((label) => -label),
      'y[40]: expected an integer >= 0, the number of a class, as there is a softmax, got -1',
    ],
    ['of one class', labels.map(() => 0), 'y: expected the numbers of at least 2 classes, got 0 alone'],
  ])('%s', async (_, y, message) => {
    const given = { x: x as FitData['x'], y }
    await expect(crossValidate(given, { network, fit, seed: 1 })).rejects.toThrow(new RangeError(message))
    await expect(
      gridSearch(given, { space: { learningRate: [0.1] }, network, fit, seed: 1 }),
    ).rejects.toThrow(new RangeError(message))
  })

  it('a regression of whole numbers keeps its folds', async () => {
    const options = { network: { hidden: [3] }, fit, seed: 4 }
    const whole = await crossValidate({ x, y: labels }, options)
    const other = await crossValidate({ x, y: labels.map((label) => label + 0.5) }, options)
    expect(whole.folds.map(({ rows }) => rows)).toEqual(other.folds.map(({ rows }) => rows))
    expect(whole.folds[0].evaluation.kind).toBe('regression')
  })
})

describe('searches', () => {
  const options = { network, fit, seed: 2, folds: 3, score: 'accuracy' }

  it('gridSearch: the same as with one-hot rows', async () => {
    const space = { learningRate: [0.1, 0.001] }
    const [one, other] = [
      await gridSearch({ x, y: labels }, { ...options, space }),
      await gridSearch({ x, y: oneHot }, { ...options, space }),
    ]
    expect(one.trials.map(({ metrics }) => metrics)).toEqual(other.trials.map(({ metrics }) => metrics))
    const net = await one.best.train({ x, y: labels })
    expect(net.toBytes()).toEqual((await other.best.train({ x, y: oneHot })).toBytes())
  })

  it('randomSearch: the same, judged by a part', async () => {
    const given = {
      network,
      fit,
      seed: 2,
      score: 'accuracy',
      space: { learningRate: { from: 0.001, to: 0.1 } },
      trials: 2,
      validation: 0.3,
    } as const
    const [one, other] = [
      await randomSearch({ x, y: labels }, given),
      await randomSearch({ x, y: oneHot }, given),
    ]
    expect(one.trials.map(({ metrics }) => metrics)).toEqual(other.trials.map(({ metrics }) => metrics))
  })

  it('by build, of the activation that a choice has', async () => {
    const result = await gridSearch(
      { x, y: labels },
      {
        space: { output: ['softmax', 'linear'] as const },
        build: ({ output }) => ({ network: { activation: { output } }, fit }),
        seed: 1,
      },
    )
    expect(result.trials.map(({ metrics }) => 'accuracy' in metrics)).toEqual([true, false])
  })
})

describe('split', () => {
  it.each(forms)('%s: the same rows as of one-hot rows', (_, y) => {
    const options = { validation: 0.2, test: 0.3, seed: 9 }
    const [one, other] = [split({ x, y }, options), split({ x, y: oneHot }, options)]
    for (const part of ['train', 'validation', 'test'] as const) {
      expect(one[part].x).toEqual(other[part].x)
    }
    expect(countsOf(Array.from(one.test.y as ArrayLike<number | number[]>, Number))).toEqual([12, 4, 2])
  })

  it('a column that is none of class numbers is not stratified by', () => {
    const rows = (y: number[]): unknown => split({ x, y }, { seed: 9 }).test.x
    const plain = rows(x.map(([value]) => value))
    for (const y of [
      x.map((_, row) => row),
      labels.map((label) => label + 1),
      labels.map((label) => 2 * label),
      labels.map((label) => -label),
      x.map((_, row) => Math.min(row, 30)),
    ]) {
      expect(rows(y)).toEqual(plain)
    }
    expect(rows(labels)).not.toEqual(plain)
  })
})
