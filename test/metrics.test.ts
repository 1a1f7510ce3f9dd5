/** Metrics against scikit-learn's values, against their definitions, and where denominators are zero or scores equal. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Network } from '../src/index.js'
import { classificationMetrics } from '../src/metrics/classification.js'
import { evaluate } from '../src/metrics/evaluate.js'
import { regressionMetrics } from '../src/metrics/regression.js'
import { topK } from '../src/metrics/top-k.js'
import { expectClose, type Bound } from './support/expect-close.js'
import { randomRows } from './support/random-rows.js'
import { metricsCases, type ClassificationCase, type RegressionCase } from './support/fixtures.js'

/** Sums of at most 100 terms, in other orders: 100·2⁻⁵³ = 1.1e-14 of the sum; κ and r2 lose a digit of that. */
const BOUND = { relative: 1e-12 }
const ones = (samples: number): number[] => new Array<number>(samples).fill(1)
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** All numbers of a result by their path, such as macro.recall or confusionMatrix.0.1. */
function numbersOf(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    numbersOf(inner, path === '' ? key : `${path}.${key}`),
  )
}

/** Expects every number of expected in actual. */
function expectSame(actual: unknown, expected: unknown, bound: Bound = BOUND): void {
  const found = new Map(numbersOf(actual))
  for (const [path, value] of numbersOf(expected)) {
    expectClose(found.get(path) ?? Number.NEGATIVE_INFINITY, value, bound, path)
  }
}

/** Σ⁺ Σ⁻ w⁺·w⁻·([s⁺ > s⁻] + ½[s⁺ = s⁻]) / (Σ⁺ w⁺ · Σ⁻ w⁻), pair by pair. */
function pairwiseAuc(truth: number[], scores: number[][], weights: readonly number[], c: number): number {
  let [area, pairs] = [0, 0]
  for (const [i, label] of truth.entries()) {
    for (const [j, other] of truth.entries()) {
      if (label !== c || other === c) continue
      const w = weights[i] * weights[j]
      area += (w * (1 + Math.sign(scores[i][c] - scores[j][c]))) / 2
      pairs += w
    }
  }
  return area / pairs
}

function meanPairwiseAuc(truth: number[], scores: number[][], weights: readonly number[]): number {
  if (scores[0].length === 2) return pairwiseAuc(truth, scores, weights, 1)
  return total(scores[0].map((_, c) => pairwiseAuc(truth, scores, weights, c))) / scores[0].length
}

/** Samples with scores of a few values, so that many are equal, and with weights 0 … 3, not all 0. */
const scored = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 12 }))
  .chain(([classes, samples]) => {
    const each = <T>(value: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
      fc.array(value, { minLength: length, maxLength: length })
    const score = fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8)
    return fc.record({
      classes: fc.constant(classes),
      truth: each(fc.integer({ min: 0, max: classes - 1 }), samples),
      scores: each(each(score, classes), samples),
      weights: each(fc.integer({ min: 0, max: 3 }), samples).filter((weights) => total(weights) > 0),
    })
  })

const repeated = <T>(values: readonly T[], times: readonly number[]): T[] =>
  values.flatMap((value, s) => new Array<T>(times[s]).fill(value))

describe('scikit-learn 1.2', () => {
  const cases = metricsCases().map((given, i) => ({ ...given, title: `case ${i}` }))
  const isClassification = <C extends { kind: string }>(given: C): given is C & ClassificationCase =>
    given.kind === 'classification'
  const isRegression = <C extends { kind: string }>(given: C): given is C & RegressionCase =>
    given.kind === 'regression'

  it.each(cases.filter(isClassification))('$title: $samples samples of $classes classes', (given) => {
    const { truth, scores, classes, sampleWeight, expected } = given
    const weights = sampleWeight ?? undefined
    const { rocAucOvrMacro, top3, ...others } = expected
    const actual = classificationMetrics(truth, scores, classes, weights)
    expectSame(actual, others)
    if (typeof rocAucOvrMacro === 'number') expectClose(actual.rocAuc, rocAucOvrMacro, BOUND)
    if (typeof top3 === 'number') expectClose(topK(3, truth, scores, classes, weights), top3, BOUND)
    expect(evaluate(scores, oneHot(truth, classes), classes)).toEqual({
      kind: 'classification',
      classes,
      ...classificationMetrics(truth, scores, classes),
    })
  })

  // scikit-learn has no AUC where one of several classes is missing; the fixtures have none for the weighted case of three either.
  it.each(cases.filter(isClassification))('$title: the AUC is that of all pairs', (given) => {
    const { truth, scores, classes, sampleWeight } = given
    const weights = sampleWeight ?? ones(truth.length)
    const { rocAuc } = classificationMetrics(truth, scores, classes, weights)
    expectClose(rocAuc, meanPairwiseAuc(truth, scores, weights), BOUND)
    expect(Number.isNaN(rocAuc)).toBe(new Set(truth).size < classes)
  })

  it.each(cases.filter(isRegression))('$title: $samples samples of $outputs outputs', (given) => {
    const { truth, predicted, outputs, sampleWeight, expected } = given
    const actual = regressionMetrics(truth, predicted, outputs, sampleWeight ?? undefined)
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
    expectSame(actual, expected)
    expect(evaluate(predicted, truth, outputs)).toEqual({
      kind: 'regression',
      ...regressionMetrics(truth, predicted, outputs),
    })
  })

  it('every value of every case is compared', () => {
    const names = new Set(cases.flatMap(({ expected }) => Object.keys(expected)))
    const compared = [
      ...Object.keys(classificationMetrics([0, 1], [1, 0, 0, 1], 2)),
      ...Object.keys(regressionMetrics([0, 1], [1, 0], 1)),
      ...['rocAucOvrMacro', 'top3'],
    ]
    expect([...names].sort()).toEqual(compared.sort())
  })
})

function oneHot(truth: readonly number[], classes: number): number[][] {
  return truth.map((label) => Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0)))
}

describe('classification', () => {
  it('the confusion matrix sums to the weights, its rows to those of the classes', () => {
    fc.assert(
      fc.property(scored, ({ truth, scores, classes, weights }) => {
        const { confusionMatrix } = classificationMetrics(truth, scores, classes, weights)
        const ofClass = confusionMatrix.map((_, c) => total(weights.filter((_, s) => truth[s] === c)))
        expect(confusionMatrix.map(total)).toEqual(ofClass)
        expect(total(confusionMatrix.flat())).toBe(total(weights))
      }),
    )
  })

  it('a sample of weight k is k samples', () => {
    fc.assert(
      fc.property(scored, ({ truth, scores, classes, weights }) => {
        const [labels, rows] = [repeated(truth, weights), repeated(scores, weights)]
        expectSame(
          classificationMetrics(truth, scores, classes, weights),
          classificationMetrics(labels, rows, classes),
        )
        expectClose(topK(2, truth, scores, classes, weights), topK(2, labels, rows, classes), BOUND)
      }),
    )
  })

  it('the ratios of the weights decide, but for the confusion matrix', () => {
    fc.assert(
      fc.property(scored, ({ truth, scores, classes, weights }) => {
        const scaled = weights.map((weight) => weight / 4)
        const { confusionMatrix, ...rest } = classificationMetrics(truth, scores, classes, scaled)
        expectSame(classificationMetrics(truth, scores, classes, weights), rest)
        expect(total(confusionMatrix.flat())).toBe(total(weights) / 4)
      }),
    )
  })

  it('the AUC is that of all pairs, equal scores counting half', () => {
    fc.assert(
      fc.property(scored, ({ truth, scores, classes, weights }) => {
        const { rocAuc } = classificationMetrics(truth, scores, classes, weights)
        expectClose(rocAuc, meanPairwiseAuc(truth, scores, weights), BOUND)
      }),
    )
    expect(classificationMetrics([1, 0, 0], new Array<number>(6).fill(0.5), 2).rocAuc).toBe(0.5)
  })

  it('the AUC stays under a monotone map of the scores', () => {
    fc.assert(
      fc.property(scored, ({ truth, scores, classes, weights }) => {
        const mapped = scores.map((row) => row.map((score) => score ** 3 - 7))
        expect(classificationMetrics(truth, mapped, classes, weights).rocAuc).toEqual(
          classificationMetrics(truth, scores, classes, weights).rocAuc,
        )
      }),
    )
  })

  it('perfect scores', () => {
    fc.assert(
      fc.property(scored, ({ truth, classes, weights }) => {
        const actual = classificationMetrics(truth, oneHot(truth, classes), classes, weights)
        const occurs = actual.confusionMatrix.map((row) => (total(row) > 0 ? 1 : 0))
        const several = total(occurs) > 1 ? 1 : 0
        const all = { precision: 1, recall: 1, f1: 1 }
        expectSame(actual, {
          accuracy: 1,
          micro: all,
          weighted: all,
          kappa: several,
          matthews: several,
          brier: 0,
        })
        expect(actual.perClass).toEqual({ precision: occurs, recall: occurs, f1: occurs })
        expectClose(actual.macro.f1, total(occurs) / classes, BOUND)
        expectClose(actual.logLoss, 2 ** -52, 1e-30)
        if (total(occurs) === classes) expect(actual.rocAuc).toBe(1)
        else expect(actual.rocAuc).toBeNaN()
      }),
    )
  })

  it('of equal scores the first class is the predicted one', () => {
    const third = 1 / 3
    const { confusionMatrix } = classificationMetrics([2, 1], [third, third, third, 0.2, 0.4, 0.4], 3)
    expect(confusionMatrix).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
    ])
  })

  it('flat, nested and typed scores are the same', () => {
    const nested = [
      [0.75, 0.25],
      [0.5, 0.5],
      [0.125, 0.875],
    ]
    const expected = classificationMetrics([0, 1, 1], nested, 2, [1, 2, 3])
    const given = [
      Uint8Array.of(0, 1, 1),
      Float32Array.from(nested.flat()),
      Float32Array.of(1, 2, 3),
    ] as const
    expect(classificationMetrics(given[0], given[1], 2, given[2])).toEqual(expected)
    expect(classificationMetrics([0, 1, 1], nested.flat(), 2, [1, 2, 3])).toEqual(expected)
  })
})

describe('logLoss and brier', () => {
  const of = (truth: number[], scores: number[], classes = 2) => classificationMetrics(truth, scores, classes)

  it('logLoss is of the scores divided by their sum', () => {
    expectClose(of([1, 0], [1, 3, 2, 2]).logLoss, (-Math.log(0.75) - Math.log(0.5)) / 2, BOUND)
  })

  it('logLoss is of probabilities from 2⁻⁵² to 1 − 2⁻⁵²; a row of zeros has 2⁻⁵²', () => {
    const least = 52 * Math.LN2
    expectClose(of([1], [1, 0]).logLoss, least, BOUND)
    expectClose(of([1], [1, 1e-12]).logLoss, 12 * Math.LN10, BOUND)
    expectClose(of([0], [0, 0]).logLoss, least, BOUND)
    expectClose(of([0], [1, 0]).logLoss, 2 ** -52, 1e-30)
  })

  it('brier is of the scores as they are: (p₁ − y₁)² for two classes, Σ (p − y)² for more', () => {
    expectClose(of([1, 0], [0.9, 0.3, 0.1, 0.5]).brier, (0.49 + 0.25) / 2, BOUND)
    expectClose(of([0], [0.5, 0.3, 0.2], 3).brier, 0.25 + 0.09 + 0.04, BOUND)
  })
})

describe('topK', () => {
  it('of equal scores the class of the higher number comes first', () => {
    const even = [0.25, 0.25, 0.25, 0.25]
    const ranks = (label: number): number[] => [1, 2, 3, 4].map((k) => topK(k, [label], even, 4))
    expect([3, 2, 1, 0].map(ranks)).toEqual([
      [1, 1, 1, 1],
      [0, 1, 1, 1],
      [0, 0, 1, 1],
      [0, 0, 0, 1],
    ])
    expect(topK(1, [0, 2], [0.4, 0.4, 0.2, 0.2, 0.4, 0.4], 3)).toBe(0.5)
  })

  it('never falls as k grows, and is 1 from the number of classes on', () => {
    fc.assert(
      fc.property(scored, ({ truth, scores, classes, weights }) => {
        const shares = Array.from({ length: classes + 1 }, (_, k) =>
          topK(k + 1, truth, scores, classes, weights),
        )
        expect([...shares].sort((a, b) => a - b)).toEqual(shares)
        expect(shares.slice(classes - 1)).toEqual([1, 1])
      }),
    )
  })

  it('is the accuracy for k = 1 where no scores are equal', () => {
    fc.assert(
      fc.property(scored, ({ truth, scores, classes, weights }) => {
        const distinct = scores.map((row) => row.map((score, c) => score - c / 100))
        const { accuracy } = classificationMetrics(truth, distinct, classes, weights)
        expectClose(topK(1, truth, distinct, classes, weights), accuracy, BOUND)
      }),
    )
  })
})

describe('denominators of zero', () => {
  it('one class, truth and prediction: κ and Matthews 0, the AUC NaN; a class that is not there has 0', () => {
    const weights = [0.1, 0.2, 0.3]
    const actual = classificationMetrics([0, 0, 0], oneHot([0, 0, 0], 3), 3, weights)
    expect(actual).toMatchObject({ accuracy: 1, kappa: 0, matthews: 0, rocAuc: NaN })
    expect(actual.perClass).toEqual({ precision: [1, 0, 0], recall: [1, 0, 0], f1: [1, 0, 0] })
  })

  it('one class predicted throughout: κ and Matthews 0', () => {
    const weights = [0.1, 0.2, 0.3, 0.7]
    const actual = classificationMetrics([0, 1, 1, 0], oneHot([1, 1, 1, 1], 2), 2, weights)
    expectClose(actual.kappa, 0, 1e-15)
    expectClose(actual.matthews, 0, 1e-15)
    expect(actual.perClass.precision[0]).toBe(0)
  })

  it('all weights 0: no share of anything', () => {
    const actual = classificationMetrics([0, 1], oneHot([0, 1], 2), 2, [0, 0])
    const none = { precision: 0, recall: 0, f1: 0 }
    expect(actual).toMatchObject({ accuracy: 0, macro: none, weighted: none, kappa: 0, matthews: 0 })
    expect(actual).toMatchObject({ logLoss: 0, brier: 0, rocAuc: NaN })
    expect(topK(1, [0, 1], oneHot([0, 1], 2), 2, [0, 0])).toBe(0)
    expect(regressionMetrics([1, 2], [3, 4], 1, [0, 0])).toEqual({
      meanSquared: 0,
      rootMeanSquared: 0,
      meanAbsolute: 0,
      r2: 1,
    })
  })

  it('r2 of a constant: 1 without any error, else 0, also where its weighted mean is not exact', () => {
    const weights = [0.1, 0.2, 0.3]
    const constant = [0.3, 0.3, 0.3]
    expect(total(weights.map((weight) => weight * 0.3)) / total(weights)).not.toBe(0.3)
    expect(regressionMetrics(constant, constant, 1, weights).r2).toBe(1)
    expect(regressionMetrics(constant, [0.3, 0.3, 0.4], 1, weights).r2).toBe(0)
    expect(regressionMetrics([7, ...constant], [7, 0.3, 0.3, 0.4], 1, [0, ...weights]).r2).toBe(0)
    expect(regressionMetrics([3], [3], 1).r2).toBe(1)
  })

  it('r2 of two outputs, of which one is constant', () => {
    expectClose(regressionMetrics([1, 7, 3, 7], [1, 7, 2, 8], 2).r2, (0.5 + 0) / 2, BOUND)
  })
})

describe('regression', () => {
  const number = fc.integer({ min: -64, max: 64 }).map((eighths) => eighths / 8)
  const pairs = fc
    .array(fc.record({ y: fc.tuple(number, number), o: fc.tuple(number, number), weight: fc.nat(3) }), {
      minLength: 1,
      maxLength: 12,
    })
    .filter((samples) => samples.some(({ weight }) => weight > 0))
    .map((samples) => ({
      y: samples.map((sample) => sample.y),
      o: samples.map((sample) => sample.o),
      weights: samples.map(({ weight }) => weight),
    }))

  it('a sample of weight k is k samples', () => {
    fc.assert(
      fc.property(pairs, ({ y, o, weights }) => {
        const expected = regressionMetrics(repeated(y, weights), repeated(o, weights), 2)
        expectSame(regressionMetrics(y, o, 2, weights), expected, { relative: 1e-12, scale: 1 })
      }),
    )
  })

  it('without error all is 0 and r2 is 1; the mean of the truth has r2 0', () => {
    fc.assert(
      fc.property(pairs, ({ y, weights }) => {
        const exact = { meanSquared: 0, rootMeanSquared: 0, meanAbsolute: 0, r2: 1 }
        expect(regressionMetrics(y, y, 2, weights)).toEqual(exact)
        const means = [0, 1].map((j) => total(y.map((row, s) => weights[s] * row[j])) / total(weights))
        const { r2 } = regressionMetrics(
          y,
          y.map(() => means),
          2,
          weights,
        )
        const constant = [0, 1].filter((j) => y.every((row, s) => weights[s] === 0 || row[j] === means[j]))
        expectClose(r2, constant.length / 2, 1e-12)
      }),
    )
  })

  it('rootMeanSquared is √meanSquared, not the mean of the roots', () => {
    expectClose(regressionMetrics([[0, 0]], [[1, 7]], 2).rootMeanSquared, 5, BOUND)
  })
})

describe('Network.evaluate with weights', () => {
  it.each(['wasm', 'baseline'] as const)('%s: the loss and every metric are weighted', (engine) => {
    const net = new Network([3, 2], { activation: 'softmax', seed: 1, engine, precision: 'f64' })
    const x = randomRows(7, 3, 1)
    const y = x.map((_, s) => [s % 2, 1 - (s % 2)])
    const weights = x.map((_, s) => s % 3)
    const truth = y.map((row) => row.indexOf(1))
    const { loss, ...metrics } = net.evaluate({ x, y, weights })
    const losses = x.map((row, s) => weights[s] * net.loss(row, y[s]))
    expectClose(loss, total(losses) / total(weights), { relative: 1e-12 })
    const expected = classificationMetrics(truth, net.predict(x), 2, weights)
    expect(metrics).toEqual({ kind: 'classification', classes: 2, ...expected })
    const none = net.evaluate({ x, y, weights: weights.map(() => 0) })
    expect(none.loss).toBe(0)
    expect(() => net.evaluate({ x, y, weights: [1] })).toThrow('weights: expected 7 samples, got 1')
  })
})

describe('evaluate', () => {
  it('one column of 0 and 1: two classes, of which p is the second; p = ½ is the first', () => {
    const outputs = [0.25, 0.5, 0.75, 0.5]
    const targets = [0, 0, 1, 1]
    const actual = evaluate(outputs, targets, 1)
    expect(actual).toMatchObject({
      kind: 'classification',
      classes: 2,
      confusionMatrix: [
        [2, 0],
        [1, 1],
      ],
    })
    const scores = [0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.5, 0.5]
    expect(actual).toMatchObject(classificationMetrics(targets, scores, 2))
  })

  it.each([
    ['one column of a single class', [1, 1], 1, 'classification'],
    ['one-hot rows', [0, 1, 1, 0], 2, 'classification'],
    ['a row of two ones', [1, 1, 1, 0], 2, 'regression'],
    ['a row of zeros', [0, 0, 1, 0], 2, 'regression'],
    ['rows that sum to 1', [0.5, 0.5, 1, 0], 2, 'regression'],
    ['1 and −1 and 1', [1, -1, 1, 1, 0, 0], 3, 'regression'],
    ['one column with another number', [0, 2], 1, 'regression'],
    ['smoothed labels', [0.1, 0.9], 1, 'regression'],
  ] as const)('%s', (_, targets, columns, kind) => {
    const outputs = new Array<number>(2 * columns).fill(0.5)
    expect(evaluate(outputs, targets, columns).kind).toBe(kind)
  })
})

describe('what is refused', () => {
  const even = [0.5, 0.5]
  const cases: [string, () => unknown][] = [
    ['classes: expected an integer >= 2, got 1', () => classificationMetrics([0], even, 1)],
    ['scores: expected a multiple of 2 values (outputs), got 1', () => classificationMetrics([0], [1], 2)],
    ['scores: expected at least 1 sample, got 0', () => classificationMetrics([], [], 2)],
    ['scores[1]: expected a finite number, got NaN', () => classificationMetrics([0], [1, NaN], 2)],
    ['truth: expected 1 samples as in scores, got 2', () => classificationMetrics([0, 1], even, 2)],
    ['truth[0]: expected an integer >= 0 and < 2, got 2', () => classificationMetrics([2], even, 2)],
    ['truth[0]: expected an integer >= 0 and < 2, got -1', () => classificationMetrics([-1], even, 2)],
    ['truth[0]: expected an integer >= 0 and < 2, got 0.5', () => classificationMetrics([0.5], even, 2)],
    ['weights: expected 1 samples, got 2', () => classificationMetrics([0], even, 2, [1, 1])],
    ['weights[0]: expected a number >= 0, got -1', () => classificationMetrics([0], even, 2, [-1])],
    ['k: expected an integer >= 1, got 0', () => topK(0, [0], even, 2)],
    ['outputs: expected an integer >= 1, got 0', () => regressionMetrics([0], [0], 0)],
    ['predicted: expected 2 samples as in truth, got 1', () => regressionMetrics([0, 1], [0], 1)],
    ['weights: expected 2 samples, got 1', () => regressionMetrics([0, 1], [0, 1], 1, [1])],
    ['columns: expected an integer >= 1, got 1.5', () => evaluate([0], [0], 1.5)],
    ['targets: expected 2 samples as in outputs, got 1', () => evaluate([0, 1], [0], 1)],
    ['outputs[1]: expected a finite number, got NaN', () => evaluate([0, NaN], [0, 1], 1)],
  ]
  it.each(cases)('%s', (message, action) => {
    expect(action).toThrow(new RangeError(message))
  })
})
