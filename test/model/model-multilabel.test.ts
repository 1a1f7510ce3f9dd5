/** Targets that are several labels, of which a row may have any number. */
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../src/data/index.js'
import { adam, multilabelMetrics } from '../../src/index.js'
import { Model, type Data, type ModelOptions } from '../../src/model/index.js'
import { crossValidate, gridSearch } from '../../src/selection/index.js'

const any = (value: unknown): never => value as never

function thrown(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}

/** Films: action where a > 0, funny where b > 0, both or neither too. */
const numbers = Array.from({ length: 80 }, (_, i) => {
  const [a, b] = [Math.sin(i), Math.cos(1.7 * i)]
  return { a, b, action: a > 0 ? 1 : 0, funny: b > 0 ? 1 : 0 }
})
const target = ['action', 'funny']
const options = { target, task: 'multilabel', hidden: [6], activation: 'tanh', seed: 1 } as const

const written = (no: unknown, yes: unknown): object[] =>
  numbers.map(({ a, b, action, funny }) => ({
    a,
    b,
    action: action === 1 ? yes : no,
    funny: funny === 1 ? yes : no,
  }))

describe('a model of labels', () => {
  it('has sigmoids and binary cross entropy, learns, and answers as the data has it', async () => {
    const model = Model.create(numbers, options)
    expect(String(model)).toBe(
      'Model(2 columns → labels action, funny; Network(2 → 6 tanh → 2 sigmoid; 32 parameters, f32, binaryCrossEntropy))',
    )
    expect(model.outputs).toEqual(target.map((name) => ({ name, kind: 'label', labels: [0, 1] })))
    await model.fit(numbers, { epochs: 120, batchSize: 8, optimizer: adam({ learningRate: 0.03 }) })
    const result = model.evaluate(numbers)
    if (result.kind !== 'multilabel') throw new Error('expected labels')
    expect(result.labels).toEqual(target)
    expect(result.subsetAccuracy).toBeGreaterThan(0.9)
    expect(result.hammingLoss).toBeLessThan(0.06)
    expect(result.perLabel.f1[1]).toBeGreaterThan(0.9)
    const { y = [] } = model.encode(numbers)
    const { kind, labels, loss, ...metrics } = result
    expect(metrics).toEqual(multilabelMetrics(y, model.network.predict(model.encode(numbers).x), 2))
    expect([kind, labels.length, Number.isFinite(loss)]).toEqual(['multilabel', 2, true])

    const { action, funny, probabilities } = model.predict({ a: 0.9, b: 0.9 })
    expect([action, funny]).toEqual([1, 1])
    expect(Object.keys(probabilities ?? {})).toEqual(target)
    expect(probabilities?.action).toBeGreaterThan(0.5)
    expect(model.predict({ a: -0.9, b: -0.9 })).toMatchObject({ action: 0, funny: 0 })
    expect(model.predict({ a: 0.9, b: -0.9 })).toMatchObject({ action: 1, funny: 0 })
  })

  it.each<[string, unknown, unknown, unknown?]>([
    ['true and false', false, true],
    ['yes and no', 'no', 'yes'],
    ['Yes and No', 'No', 'Yes'],
    ['Y and N', 'N', 'Y'],
    ['on and off', 'off', 'on'],
  ])('of %s is that of 0 and 1, but for what it answers', (_, no, yes) => {
    const model = Model.create(written(no, yes), options)
    const plain = Model.create(numbers, options)
    expect(model.outputs).toEqual(target.map((name) => ({ name, kind: 'label', labels: [no, yes] })))
    expect(model.encode(written(no, yes))).toEqual(plain.encode(numbers))
    expect(model.evaluate(written(no, yes))).toEqual(plain.evaluate(numbers))
    // However the data says it.
    expect(model.evaluate(numbers)).toEqual(plain.evaluate(numbers))
    const answers = model.predict(numbers).map(({ action }) => action === yes)
    expect(answers).toEqual(plain.predict(numbers).map(({ action }) => action === 1))
    for (const back of [
      Model.fromBytes(model.toBytes()),
      Model.fromJSON(JSON.parse(JSON.stringify(model))),
    ]) {
      expect(back.predict(numbers)).toEqual(model.predict(numbers))
      expect(back.evaluate(written(no, yes))).toEqual(model.evaluate(written(no, yes)))
    }
  })

  it('of CSV: True and False, 0 and 1', () => {
    const csv = (no: string, yes: string): Data =>
      parseCsv(
        `a,b,action,funny\n${numbers.map(({ a, b, action, funny }) => `${a},${b},${action === 1 ? yes : no},${funny === 1 ? yes : no}\n`).join('')}`,
      )
    const plain = Model.create(numbers, options)
    expect(Model.create(csv('0', '1'), options).toBytes()).toEqual(plain.toBytes())
    const spelt = Model.create(csv('False', 'True'), options)
    expect(spelt.outputs[0]).toEqual({ name: 'action', kind: 'label', labels: [false, true] })
    expect(spelt.encode(csv('false', 'TRUE'))).toEqual(plain.encode(numbers))
  })

  it('a label that all rows have, or none, is one still', () => {
    const rows = written('no', 'yes').map((row) => ({ ...row, action: 'yes' }))
    expect(Model.create(rows, options).outputs[0]).toEqual({
      name: 'action',
      kind: 'label',
      labels: ['no', 'yes'],
    })
    expect(Model.create(rows, options).evaluate(rows).kind).toBe('multilabel')
  })

  it('rows of one label each are labels still, and a single label is one', () => {
    const single = numbers.map((row) => ({ ...row, funny: 1 - row.action }))
    expect(Model.create(single, options).evaluate(single).kind).toBe('multilabel')
    expect(Model.create(numbers, { ...options, target: 'action' }).evaluate(numbers)).toMatchObject({
      kind: 'multilabel',
      labels: ['action'],
    })
  })

  it('rows count by a column of weights', () => {
    const rows = numbers.map((row, i) => ({ ...row, w: i % 3 }))
    const model = Model.create(rows, { ...options, weights: 'w' })
    const { x, y = [] } = model.encode(rows)
    const weights = rows.map(({ w }) => w)
    expect(model.evaluate(rows)).toMatchObject(multilabelMetrics(y, model.network.predict(x), 2, weights))
  })

  it('crossValidate and gridSearch judge it', async () => {
    const fit = { epochs: 5 }
    const result = await crossValidate(numbers, { folds: 4, seed: 1, model: options, fit })
    expect(Object.keys(result.metrics)).toEqual(
      expect.arrayContaining(['subsetAccuracy', 'hammingLoss', 'macro.f1', 'samples.f1']),
    )
    expect(result.folds).toHaveLength(4)
    expect(result.notes).toEqual([])
    const searched = await gridSearch(numbers, {
      space: { learningRate: [0.05, 1e-6] },
      score: 'hammingLoss',
      folds: 3,
      seed: 1,
      model: options,
      fit,
    })
    expect(searched.best.trial).toBe(1)
  })

  it.each<[string, readonly object[], ModelOptions]>([
    [
      'RangeError: row 3, column action: expected 0 or 1, for a label, got 2',
      numbers.map((row, i) => (i === 2 ? { ...row, action: 2 } : row)),
      options,
    ],
    [
      'RangeError: row 3, column action: expected yes or no, or such a pair, for a label, got "maybe"',
      written('no', 'yes').map((row, i) => (i === 2 ? { ...row, action: 'maybe' } : row)),
      options,
    ],
    [
      'RangeError: row 3, column action: expected yes or no, or such a pair, for a label, got "Yes"',
      written('no', 'yes').map((row, i) => (i === 2 ? { ...row, action: 'Yes' } : row)),
      options,
    ],
    [
      'RangeError: activation.output: expected "sigmoid" for labels, got "softmax"',
      numbers,
      { ...options, activation: { output: 'softmax' } },
    ],
    [
      'RangeError: target: expected another name than probabilities, which the answers have',
      numbers.map((row) => ({ ...row, probabilities: 1 })),
      { ...options, target: ['action', 'probabilities'] },
    ],
    [
      "RangeError: target: expected 1 column of classes, got 2; task: 'multilabel' takes each for a label that a row has or has not",
      written(false, true),
      { target },
    ],
    ['RangeError: classes: expected none with task "multilabel"', numbers, { ...options, classes: [0, 1] }],
  ])('%s', (message, rows, given) => {
    expect(thrown(() => Model.create(rows, given))).toBe(message)
  })

  it('what says neither is named in evaluate', () => {
    const model = Model.create(written('no', 'yes'), options)
    const rows = [{ a: 1, b: 1, action: 'perhaps', funny: 'no' }]
    expect(thrown(() => model.evaluate(rows))).toBe(
      'RangeError: row 1, column action: expected one of no, yes, got "perhaps"',
    )
    expect(thrown(() => model.evaluate(any([{ a: 1, b: 1, action: 'no', funny: null }])))).toBe(
      'TypeError: row 1, column funny: expected a value, got null, a missing one; leave it out, or put a value in its place',
    )
  })
})
