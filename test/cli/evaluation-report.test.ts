/** What the command line prints of an evaluation. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { reportEvaluation } from '../../src/cli/reports/evaluation.js'
import { classificationMetrics, multilabelMetrics, regressionMetrics } from '../../src/index.js'
import { Model, type ModelEvaluation } from '../../src/model/index.js'

afterEach(() => vi.restoreAllMocks())

function printed(evaluation: ModelEvaluation, rows = 4): string {
  let text = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((more) => {
    text += String(more)
    return true
  })
  reportEvaluation('Test', rows, 'held out', evaluation)
  vi.restoreAllMocks()
  return text
}

describe('classes', () => {
  const scores = [
    [1, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [0, 1, 0],
  ]
  const reportOf = (truth: number[]): string => {
    const metrics = classificationMetrics(truth, scores, 3)
    return printed({ loss: 1, kind: 'classification', classes: ['a', true, 7], ...metrics })
  }

  it('one that does not occur has no share of anything, and none in the mean', () => {
    const text = reportOf([0, 0, 1, 1])
    expect(text).toMatch(/^\nTest {2}4 rows held out\n\nAccuracy {3}100\.0 %\n/)
    expect(text).toMatch(/^7 +– +– +– +0$/m)
    expect(text).toMatch(/^true +100\.0 % +100\.0 % +100\.0 % +2$/m)
    expect(text).toMatch(/^mean +100\.0 % +100\.0 % +100\.0 %$/m)
  })

  it('one that only the truth has is one that is never found', () => {
    const text = reportOf([0, 0, 1, 2])
    expect(text).toMatch(/^7 +0\.0 % +0\.0 % +0\.0 % +1$/m)
    expect(text).toMatch(/^mean +50\.0 % +66\.7 % +55\.6 %$/m)
  })
})

describe('labels', () => {
  const truth = [
    [1, 0, 0],
    [1, 1, 0],
    [0, 0, 0],
    [1, 1, 0],
  ]
  const scores = [
    [0.9, 0.2, 0.1],
    [0.8, 0.4, 0.1],
    [0.1, 0.3, 0.2],
    [0.3, 0.7, 0.1],
  ]

  it('each has a line, below the subset accuracy and the Hamming loss', () => {
    const metrics = multilabelMetrics(truth, scores, 3)
    const text = printed({ loss: 1, kind: 'multilabel', labels: ['warm', 'wet', 'never'], ...metrics })
    expect(text.split('\n')).toEqual([
      '',
      'Test  4 rows held out',
      '',
      'Accuracy   50.0 % of the rows have every label right (subset accuracy)',
      'Hamming    16.7 % of all labels are wrong (Hamming loss)',
      'Also       F1 75.0 % of all labels together (micro), 58.3 % in the mean of the',
      '           rows (samples), log loss 0.3358',
      '',
      'label  precision  recall      F1  ROC AUC  rows',
      '───────────────────────────────────────────────',
      'warm     100.0 %  66.7 %  80.0 %    1.000     3',
      'wet      100.0 %  50.0 %  66.7 %    1.000     2',
      'never      0.0 %   0.0 %   0.0 %        –     0',
      'mean      66.7 %  38.9 %  48.9 %        –',
      '',
    ])
  })

  it('of many the first 30, names without control characters', () => {
    const rows = [new Array<number>(40).fill(1), new Array<number>(40).fill(0)]
    const labels = rows[0].map((_, c) => `label\t${c}`)
    const text = printed({ loss: 1, kind: 'multilabel', labels, ...multilabelMetrics(rows, rows, 40) })
    expect(text).toMatch(/^label·29 +100\.0 % +100\.0 % +100\.0 % +1\.000 +1\n… 10 more\nmean +100\.0 %/m)
    expect(text).not.toContain('label·30')
  })

  it('of pairs that have several', () => {
    const pairs = truth.map(([warm, wet, never], s) => ({ input: { s }, output: { warm, wet, never } }))
    const options = { loss: 'binaryCrossEntropy', scale: 'none', activation: { output: 'sigmoid' } } as const
    const model = Model.create(pairs, { ...options, hidden: [], seed: 1, precision: 'f64' })
    const evaluation = model.evaluate(pairs)
    const outputs = model.network.predict(truth.map((_, s) => [s]))
    expect(evaluation).toEqual({
      kind: 'multilabel',
      labels: ['warm', 'wet', 'never'],
      loss: evaluation.loss,
      ...multilabelMetrics(truth, outputs, 3),
    })
    expect(printed(evaluation)).toMatch(/^warm +\d/m)
  })
})

describe('targets', () => {
  const rows = [1, 2, 3, 4].map((x) => ({ x, price: 100 * x, year: 1999, rating: 5 - x }))
  const modelOf = (target: string | string[]): Model =>
    Model.create(rows, { target, features: ['x'], hidden: [], precision: 'f64', seed: 1 })

  it('of one: R², RMSE, MAE', () => {
    const evaluation = modelOf('price').evaluate(rows)
    expect(evaluation).toMatchObject({ kind: 'regression', targets: ['price'] })
    expect(printed(evaluation)).toMatch(
      /^\nTest {2}4 rows held out\n\nR² {9}-?\d+\.\d{4}\nRMSE {7}\S+, root of the mean squared error \S+\nMAE {8}\S+, mean absolute error\n$/,
    )
  })

  it('of several each, in its own units and by its name; the first R² is of those that vary', () => {
    const truth = rows.map(({ price, year, rating }) => [price, year, rating])
    const off = truth.map(([price, year, rating]) => [price + 10, year + 1, rating])
    const metrics = regressionMetrics(truth, off, 3)
    const evaluation = {
      loss: 1,
      kind: 'regression',
      targets: ['price', 'year', 'rating'],
      ...metrics,
    } as const
    expect(printed(evaluation).split('\n')).toEqual([
      '',
      'Test  4 rows held out',
      '',
      'R²         0.9920, of 3 targets, weighted by their variances',
      '',
      'target      R²   RMSE    MAE',
      '────────────────────────────',
      'price   0.9920     10     10',
      'year    0.0000      1      1',
      'rating  1.0000      0      0',
      'mean    0.6640  5.802  3.667',
      '',
    ])
    expect(metrics.r2).toBeLessThan(0.67)
  })

  it('model.evaluate has them in the order of the outputs', () => {
    const targets = ['rating', 'year', 'price'] as const
    const model = modelOf([...targets])
    const evaluation = model.evaluate(rows)
    if (evaluation.kind !== 'regression') throw new Error('expected a regression')
    expect(evaluation.targets).toEqual(targets)
    const answers = model.predict(rows)
    for (const [j, target] of targets.entries()) {
      const errors = rows.map((row, s) => Math.abs(Number(answers[s][target]) - row[target]))
      const mean = errors.reduce((sum, error) => sum + error, 0) / 4
      expect(evaluation.perOutput.meanAbsolute[j]).toBeCloseTo(mean, 8)
    }
    expect(evaluation.perOutput.meanAbsolute[2]).toBeGreaterThan(10)
  })
})
