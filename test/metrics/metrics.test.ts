/** Metrics against scikit-learn's values, against their definitions, and where denominators are zero or scores equal. */
import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { evaluate, Network } from '../../src/index.js'
import { classificationMetrics } from '../../src/metrics/classification.js'
import { evaluateOutputs } from '../../src/metrics/evaluate.js'
import { multilabelMetrics } from '../../src/metrics/multilabel.js'
import { regressionMetrics } from '../../src/metrics/regression.js'
import { topK } from '../../src/metrics/top-k.js'
import { expectClose, type Bound } from '../support/expect-close.js'
import { randomRows } from '../support/random-rows.js'
import { metricsCases, type MetricsCase } from '../support/fixtures.js'
import { engineOf } from '../support/ways.js'

/** Sums of at most 100 terms, in other orders: 100·2⁻⁵³ = 1.1e-14 of the sum; κ and r2 lose a digit of that. */
const BOUND = { relative: 1e-12 }
const ones = (samples: number): number[] => new Array<number>(samples).fill(1)
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** All numbers of a result by their path, such as macro.recall or confusionMatrix.0.1; null is NaN, which JSON has not. */
function numbersOf(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]]
  if (value === null) return [[path, NaN]]
  if (typeof value !== 'object') return []
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
  const casesOf = <K extends MetricsCase['kind']>(kind: K): Extract<(typeof cases)[number], { kind: K }>[] =>
    cases.filter((given): given is Extract<typeof given, { kind: K }> => given.kind === kind)

  it.each(casesOf('classification'))('$title: $samples samples of $classes classes', (given) => {
    const { truth, scores, classes, sampleWeight, expected } = given
    const weights = sampleWeight ?? undefined
    const { top3, ...others } = expected
    const actual = classificationMetrics(truth, scores, classes, weights)
    expect(Object.keys(actual).sort()).toEqual(Object.keys(others).sort())
    // Of certain scores scikit-learn's log loss is 2e-16 or 4e-16: it divides by their sum once more.
    expectSame(actual, others, { relative: 1e-12, scale: 1e-3 })
    if (typeof top3 === 'number') expectClose(topK(3, truth, scores, classes, weights), top3, BOUND)
    expect(evaluateOutputs(scores, oneHot(truth, classes), classes)).toEqual({
      kind: 'classification',
      classes,
      ...classificationMetrics(truth, scores, classes),
    })
  })

  it.each(casesOf('classification'))('$title: the AUC is that of all pairs', (given) => {
    const { truth, scores, classes, sampleWeight } = given
    const weights = sampleWeight ?? ones(truth.length)
    const { rocAuc } = classificationMetrics(truth, scores, classes, weights)
    expectClose(rocAuc, meanPairwiseAuc(truth, scores, weights), BOUND)
    expect(Number.isNaN(rocAuc)).toBe(new Set(truth).size < classes)
  })

  it.each(casesOf('regression'))('$title: $samples samples of $outputs outputs', (given) => {
    const { truth, predicted, outputs, sampleWeight, expected } = given
    const actual = regressionMetrics(truth, predicted, outputs, sampleWeight ?? undefined)
    expect(numbersOf(actual).map(([path]) => path)).toEqual(numbersOf(expected).map(([path]) => path))
    expectSame(actual, expected)
    expect(evaluateOutputs(predicted, truth, outputs)).toEqual({
      kind: 'regression',
      ...regressionMetrics(truth, predicted, outputs),
    })
  })

  it.each(casesOf('multilabel'))('$title: $samples samples of $labels labels', (given) => {
    const { truth, scores, labels, sampleWeight, expected } = given
    const actual = multilabelMetrics(truth, scores, labels, sampleWeight ?? undefined)
    const paths = (value: unknown): string[] => numbersOf(value).map(([path]) => path)
    expect(paths(actual).sort()).toEqual(paths(expected).sort())
    expectSame(actual, expected)
  })

  it('there are cases of classes that do not occur, of constant targets, of labels that no sample has, or all', () => {
    const absent = casesOf('classification').filter(({ truth, classes }) => new Set(truth).size < classes)
    const constant = casesOf('regression').filter(({ truth, outputs, samples }) =>
      Array.from({ length: outputs }, (_, j) => new Set(truth.map((row) => row[j]))).some(
        (values) => values.size === 1 && samples > 1,
      ),
    )
    const oneSided = casesOf('multilabel').filter(({ truth, labels }) =>
      Array.from({ length: labels }, (_, c) => new Set(truth.map((row) => row[c]))).some(
        (values) => values.size === 1,
      ),
    )
    for (const some of [absent, constant, oneSided]) {
      expect(some.some(({ sampleWeight }) => sampleWeight !== null)).toBe(true)
      expect(some.some(({ sampleWeight }) => sampleWeight === null)).toBe(true)
    }
  })
})

function oneHot(truth: readonly number[], classes: number): number[][] {
  return truth.map((label) => Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0)))
}

/** What a regression comes to whose predictions are the truth. */
function withoutError(outputs: number): ReturnType<typeof regressionMetrics> {
  const each = <T>(value: T): T[] => new Array<T>(outputs).fill(value)
  const perOutput = { meanSquared: each(0), rootMeanSquared: each(0), meanAbsolute: each(0), r2: each(1) }
  const all = { meanSquared: 0, rootMeanSquared: 0, meanAbsolute: 0, r2: 1 }
  return { ...all, r2VarianceWeighted: 1, perOutput }
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
        expectClose(actual.macro.f1, 1, BOUND)
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

describe('classes that do not occur', () => {
  it('are in no macro mean; those that only the truth has, or only the prediction, are', () => {
    const right = classificationMetrics([0, 0, 1, 1], oneHot([0, 0, 1, 1], 3), 3)
    expect(right.macro).toEqual({ precision: 1, recall: 1, f1: 1 })
    expect(right.perClass.f1).toEqual([1, 1, 0])
    const wrong = classificationMetrics([0, 0, 1, 1], oneHot([0, 2, 1, 1], 3), 3)
    expectClose(wrong.macro.recall, (0.5 + 1 + 0) / 3, BOUND)
    const missed = classificationMetrics([0, 0, 1, 2], oneHot([0, 0, 1, 1], 4), 4)
    expectClose(missed.macro.precision, (1 + 0.5 + 0) / 3, BOUND)
  })

  it('as many as one likes of them change nothing but the AUC', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 5 }), ({ truth, scores, classes, weights }, more) => {
        const wider = scores.map((row) => [...row, ...new Array<number>(more).fill(0)])
        const expected = classificationMetrics(truth, scores, classes, weights)
        const actual = classificationMetrics(truth, wider, classes + more, weights)
        for (const name of [
          'accuracy',
          'macro',
          'micro',
          'weighted',
          'kappa',
          'matthews',
          'logLoss',
        ] as const) {
          expectSame(actual[name], expected[name], { relative: 1e-12, scale: 1 })
        }
        expect(actual.rocAuc).toBeNaN()
      }),
    )
  })

  it('a class of samples of weight 0 is one', () => {
    const { macro } = classificationMetrics([0, 1, 2], oneHot([0, 1, 0], 3), 3, [1, 1, 0])
    expect(macro).toEqual({ precision: 1, recall: 1, f1: 1 })
  })
})

describe('multilabelMetrics', () => {
  const each = <T>(value: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
    fc.array(value, { minLength: length, maxLength: length })
  const labelled = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }))
    .chain(([labels, samples]) =>
      fc.record({
        labels: fc.constant(labels),
        truth: each(each(fc.nat(1), labels), samples),
        scores: each(
          each(
            fc.nat(8).map((eighths) => eighths / 8),
            labels,
          ),
          samples,
        ),
        weights: each(fc.nat(3), samples).filter((weights) => total(weights) > 0),
      }),
    )

  it('a sample of weight k is k samples', () => {
    fc.assert(
      fc.property(labelled, ({ truth, scores, labels, weights }) => {
        expectSame(
          multilabelMetrics(truth, scores, labels, weights),
          multilabelMetrics(repeated(truth, weights), repeated(scores, weights), labels),
          { relative: 1e-12, scale: 1 },
        )
      }),
    )
  })

  it('of a label alone is what the two classes come to of which it is the second', () => {
    fc.assert(
      fc.property(labelled, ({ truth, scores, labels, weights }) => {
        const { perLabel } = multilabelMetrics(truth, scores, labels, weights)
        for (let c = 0; c < labels; ++c) {
          const [bits, p] = [truth.map((row) => row[c]), scores.map((row) => row[c])]
          const pairs = p.map((score) => [1 - score, score])
          const two = classificationMetrics(bits, pairs, 2, weights)
          for (const name of ['precision', 'recall', 'f1'] as const) {
            expect(perLabel[name][c]).toBe(two.perClass[name][1])
          }
          expectClose(perLabel.rocAuc[c], two.rocAuc, BOUND)
          const one = multilabelMetrics(bits, p, 1, weights)
          expectClose(one.subsetAccuracy, two.accuracy, BOUND)
          expectClose(one.hammingLoss, 1 - two.accuracy, { relative: 1e-12, scale: 1 })
          expectClose(one.logLoss, two.logLoss, BOUND)
        }
      }),
    )
  })

  it('the subset accuracy is at most 1 − the Hamming loss, and at least 1 − labels times it', () => {
    fc.assert(
      fc.property(labelled, ({ truth, scores, labels, weights }) => {
        const { subsetAccuracy, hammingLoss } = multilabelMetrics(truth, scores, labels, weights)
        expect(subsetAccuracy).toBeLessThanOrEqual(1 - hammingLoss + 1e-15)
        expect(subsetAccuracy).toBeGreaterThanOrEqual(1 - labels * hammingLoss - 1e-15)
      }),
    )
  })

  it('all weights 0: no share of anything', () => {
    const none = { precision: 0, recall: 0, f1: 0 }
    expect(multilabelMetrics([1, 0, 1, 1], [0.9, 0.1, 0.9, 0.9], 2, [0, 0])).toEqual({
      subsetAccuracy: 0,
      hammingLoss: 0,
      perLabel: { precision: [0, 0], recall: [0, 0], f1: [0, 0], rocAuc: [NaN, NaN], support: [0, 0] },
      macro: none,
      micro: none,
      weighted: none,
      samples: none,
      rocAuc: NaN,
      logLoss: 0,
    })
  })

  it('flat, nested and typed samples are the same', () => {
    const [truth, scores] = [
      [
        [1, 0],
        [1, 1],
        [0, 0],
      ],
      [
        [0.75, 0.25],
        [0.5, 0.625],
        [0.125, 0.875],
      ],
    ]
    const expected = multilabelMetrics(truth, scores, 2, [1, 2, 3])
    const typed = [Uint8Array.from(truth.flat()), Float32Array.from(scores.flat())] as const
    expect(multilabelMetrics(...typed, 2, Float32Array.of(1, 2, 3))).toEqual(expected)
    expect(multilabelMetrics(truth.flat(), scores.flat(), 2, [1, 2, 3])).toEqual(expected)
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
    expect(regressionMetrics([1, 2], [3, 4], 1, [0, 0])).toEqual(withoutError(1))
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

  it('r2 of two outputs, of which one is constant: the mean counts it, that by variance does not', () => {
    const { r2, r2VarianceWeighted, perOutput } = regressionMetrics([1, 7, 3, 7], [1, 7, 2, 8], 2)
    expectClose(r2, (0.5 + 0) / 2, BOUND)
    expectClose(r2VarianceWeighted, 0.5, BOUND)
    expectClose(perOutput.r2, [0.5, 0], BOUND)
  })

  it.each([
    ['0.3', [0.3, 0.1 + 0.2, 0.3]],
    ['−0.3', [-0.3, -0.3, -0.1 - 0.2]],
    ['1e15 + 0.1', [1e15 + 0.1, 1e15, 1e15]],
    ['a third', [1 / 3, 1 - 2 / 3, 1 / 3]],
    ['4.35', [4.35, 435 / 100, 0.0435 * 100]],
    ['1e-100', [1e-100, 1e-100 * (1 + 2 ** -51), 1e-100]],
  ])('r2 of a constant but for rounding: %s', (_, y) => {
    const o = y.map((value) => value * 1.01)
    expect(regressionMetrics(y, o, 1)).toMatchObject({ r2: 0, r2VarianceWeighted: 0, perOutput: { r2: [0] } })
    const both = y.map((value, s) => [value, s])
    const { r2VarianceWeighted } = regressionMetrics(
      both,
      both.map(([value, s]) => [value * 1.01, s]),
      2,
    )
    expect(r2VarianceWeighted).toBe(1)
  })

  it('r2 of a small spread that is more than rounding', () => {
    const y = [1, 1 + 2 ** -40, 1 + 2 ** -39]
    expect(regressionMetrics(y, y, 1).r2).toBe(1)
    expectClose(regressionMetrics(y, [y[1], y[1], y[1]], 1).r2, 0, 1e-12)
    expect(regressionMetrics(y, [1, 1, 1], 1).r2).toBeLessThan(-1)
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
        expect(regressionMetrics(y, y, 2, weights)).toEqual(withoutError(2))
        const means = [0, 1].map((j) => total(y.map((row, s) => weights[s] * row[j])) / total(weights))
        const { r2, r2VarianceWeighted } = regressionMetrics(
          y,
          y.map(() => means),
          2,
          weights,
        )
        const constant = [0, 1].filter((j) => y.every((row, s) => weights[s] === 0 || row[j] === means[j]))
        expectClose(r2, constant.length / 2, 1e-12)
        expectClose(r2VarianceWeighted, constant.length === 2 ? 1 : 0, 1e-12)
      }),
    )
  })

  it('each output is as it is alone, and the metrics of all are means of theirs', () => {
    fc.assert(
      fc.property(pairs, ({ y, o, weights }) => {
        const { perOutput, ...all } = regressionMetrics(y, o, 2, weights)
        for (const j of [0, 1]) {
          const alone = regressionMetrics(
            y.map((row) => row[j]),
            o.map((row) => row[j]),
            1,
            weights,
          )
          expect(alone.r2VarianceWeighted).toBe(alone.r2)
          for (const name of ['meanSquared', 'rootMeanSquared', 'meanAbsolute', 'r2'] as const) {
            expect(perOutput[name][j]).toBe(alone[name])
            expect(alone.perOutput[name]).toEqual([alone[name]])
          }
        }
        for (const name of ['meanSquared', 'meanAbsolute', 'r2'] as const) {
          expectClose(all[name], total(perOutput[name]) / 2, BOUND)
        }
        const [least, most] = [Math.min(...perOutput.r2), Math.max(...perOutput.r2)]
        const slack = 1e-12 * (1 + Math.abs(least))
        expect(all.r2VarianceWeighted).toBeGreaterThanOrEqual(least - slack)
        expect(all.r2VarianceWeighted).toBeLessThanOrEqual(most + slack)
      }),
    )
  })

  it('rootMeanSquared is √meanSquared, not the mean of the roots', () => {
    expectClose(regressionMetrics([[0, 0]], [[1, 7]], 2).rootMeanSquared, 5, BOUND)
  })
})

describe('Network.evaluate with weights', () => {
  it.each(['wasm', 'baseline'] as const)('%s: the loss and every metric are weighted', (engine) => {
    const net = new Network([3, 2], {
      activation: 'softmax',
      seed: 1,
      engine: engineOf[engine],
      precision: 'f64',
    })
    const x = randomRows(7, 3, 1)
    const y = x.map((_, s) => [s % 2, 1 - (s % 2)])
    const weights = x.map((_, s) => s % 3)
    const truth = y.map((row) => row.indexOf(1))
    const { loss, ...metrics } = evaluate(net, { x, y, weights })
    const losses = x.map((row, s) => weights[s] * net.loss(row, y[s]))
    expectClose(loss, total(losses) / total(weights), { relative: 1e-12 })
    const expected = classificationMetrics(truth, net.predict(x), 2, weights)
    expect(metrics).toEqual({ kind: 'classification', classes: 2, ...expected })
    const none = evaluate(net, { x, y, weights: weights.map(() => 0) })
    expect(none.loss).toBe(0)
    expect(() => evaluate(net, { x, y, weights: [1] })).toThrow('weights: expected 7 samples, got 1')
  })
})

describe.each(['wasm', 'baseline'] as const)('Network.evaluate, %s', (engine) => {
  const x = randomRows(9, 3, 1)
  const y = x.map(([a, b, c]) => [a > 0 ? 1 : 0, b > 0 ? 1 : 0, a + c > 0 ? 1 : 0])
  const weights = x.map((_, s) => s % 3)

  it('of several labels by binary cross entropy', () => {
    expect(y.some((row) => total(row) !== 1)).toBe(true)
    const options = {
      activation: 'sigmoid',
      loss: 'binaryCrossEntropy',
      seed: 1,
      engine: engineOf[engine],
      precision: 'f64',
    } as const
    const net = new Network([3, 3], options)
    const { loss, ...metrics } = evaluate(net, { x, y, weights })
    const expected = multilabelMetrics(y, net.predict(x), 3, weights)
    expect(metrics).toEqual({ kind: 'multilabel', labels: 3, ...expected })
    // The loss is summed over the labels, the log loss a mean of them.
    expectClose(expected.logLoss, loss / 3, { relative: 1e-9 })
    expect(evaluate(new Network([3, 3], { ...options, loss: 'halfSquared' }), { x, y }).kind).toBe(
      'regression',
    )
    const soft = y.map(([a, b, c]) => [a, b, 0.9 * c])
    expect(evaluate(net, { x, y: soft }).kind).toBe('regression')
    expect(evaluate(net, { x: x.slice(0, 1), y: [[0, 1, 0]] }).kind).toBe('classification')
    expect(evaluate(net, { x: x.slice(0, 1), y: [[0, 0, 0]] })).toMatchObject({ samples: { recall: 0 } })
  })

  it('of several outputs of a regression', () => {
    const net = new Network([3, 3], { seed: 1, engine: engineOf[engine], precision: 'f64' })
    const targets = x.map(([a, b]) => [a, 7, 100 * b])
    const { loss, ...metrics } = evaluate(net, { x, y: targets, weights })
    const expected = regressionMetrics(targets, net.predict(x), 3, weights)
    expect(metrics).toEqual({ kind: 'regression', ...expected })
    expect(loss).toBeGreaterThan(0)
    expect(expected.perOutput.r2[1]).toBe(0)
  })
})

describe('evaluate', () => {
  it('one column of 0 and 1: two classes, of which p is the second; p = ½ is the first', () => {
    const outputs = [0.25, 0.5, 0.75, 0.5]
    const targets = [0, 0, 1, 1]
    const actual = evaluateOutputs(outputs, targets, 1)
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
    expect(evaluateOutputs(outputs, targets, columns).kind).toBe(kind)
  })
})

describe('evaluate of what was trained by binary cross entropy', () => {
  it.each([
    ['a row of two ones', [1, 1, 1, 0], 2, 'multilabel'],
    ['a row of zeros', [0, 0, 1, 0], 2, 'multilabel'],
    ['zeros throughout', [0, 0, 0, 0], 2, 'multilabel'],
    ['ones throughout', [1, 1, 1, 1, 1, 1], 3, 'multilabel'],
    ['one-hot rows', [0, 1, 1, 0], 2, 'classification'],
    ['one column of 0 and 1', [0, 1], 1, 'classification'],
    ['rows that sum to 1', [0.5, 0.5, 1, 0], 2, 'regression'],
    ['smoothed labels', [0.1, 0.9], 1, 'regression'],
  ] as const)('%s', (_, targets, columns, kind) => {
    const outputs = new Array<number>(2 * columns).fill(0.25)
    const actual = evaluateOutputs(outputs, targets, columns, [1, 2], 'binaryCrossEntropy')
    expect(actual.kind).toBe(kind)
    if (actual.kind === 'multilabel') {
      expect(actual).toEqual({
        kind,
        labels: columns,
        ...multilabelMetrics(targets, outputs, columns, [1, 2]),
      })
    }
    const { kind: other } = evaluateOutputs(outputs, targets, columns, [1, 2], 'halfSquared')
    expect(other).toBe(kind === 'multilabel' ? 'regression' : kind)
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
    ['labels: expected an integer >= 1, got 0', () => multilabelMetrics([0], [0], 0)],
    ['truth: expected a multiple of 2 values (outputs), got 1', () => multilabelMetrics([1], even, 2)],
    [
      'truth[1], label 0: expected 0 or 1, got 2',
      () => multilabelMetrics([1, 0, 2, 1], [...even, ...even], 2),
    ],
    ['truth[0], label 1: expected 0 or 1, got 0.5', () => multilabelMetrics([[1, 0.5]], [even], 2)],
    ['truth[0], label 0: expected 0 or 1, got -1', () => multilabelMetrics([-1], [1], 1)],
    ['scores: expected 2 samples as in truth, got 1', () => multilabelMetrics([0, 1, 1, 1], even, 2)],
    ['scores[0][1]: expected a finite number, got NaN', () => multilabelMetrics([[0, 1]], [[0, NaN]], 2)],
    ['weights: expected 1 samples, got 2', () => multilabelMetrics([0, 1], even, 2, [1, 1])],
    ['weights[0]: expected a number >= 0, got -1', () => multilabelMetrics([0, 1], even, 2, [-1])],
    ['columns: expected an integer >= 1, got 1.5', () => evaluateOutputs([0], [0], 1.5)],
    ['targets: expected 2 samples as in outputs, got 1', () => evaluateOutputs([0, 1], [0], 1)],
    ['outputs[1]: expected a finite number, got NaN', () => evaluateOutputs([0, NaN], [0, 1], 1)],
  ]
  it.each(cases)('%s', (message, action) => {
    expect(action).toThrow(new RangeError(message))
  })
})
