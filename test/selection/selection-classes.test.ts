/** Classes are those of all data, in every fold and trial, also where a fold's rows have none of one. */
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../src/data/index.js'
import { Model } from '../../src/model/index.js'
import { crossValidate, gridSearch, randomSearch } from '../../src/selection/index.js'

/** Two large classes, and as many rows of a third as are asked for. */
const rowsWith = (few: number, names: readonly unknown[] = ['a', 'b', 'c']): { x: number; kind: unknown }[] =>
  Array.from({ length: 20 + few }, (_, i) => ({ x: i, kind: names[i < 20 ? i % 2 : 2] }))
const fit = { epochs: 2 }
const model = { target: 'kind', hidden: [3] }

describe('a class that only one fold has', () => {
  it.each<[string, readonly unknown[], object]>([
    ['texts', ['a', 'b', 'c'], {}],
    ['numbers', [1, 2, 3], { task: 'classification' }],
    ['names of old', ['__proto__', 'constructor', 'toString'], {}],
    ['numbers taken for texts', [1, 2, 3], { texts: ['kind'] }],
  ])('is one of all folds: %s', async (_, names, more) => {
    const rows = rowsWith(1, names)
    const result = await crossValidate(rows, { folds: 5, seed: 1, model: { ...model, ...more }, fit })
    expect(result.folds).toHaveLength(5)
    for (const { evaluation } of result.folds) {
      if (evaluation.kind !== 'classification') throw new Error('expected classes')
      expect(evaluation.classes.map(String)).toEqual(names.map(String))
    }
    expect(result.notes).toHaveLength(1)
    expect(result.notes[0]).toMatch(/^class .* has 1 row, fewer than the 5 folds$/)
    expect(String(result).split('\n').at(-1)).toBe(`note: ${result.notes[0]}`)
  })

  it('of true and false', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ x: i, kind: i === 3 }))
    const result = await crossValidate(rows, { folds: 4, seed: 1, model, fit })
    expect(result.notes).toEqual(['class true has 1 row, fewer than the 4 folds'])
  })

  it('of a table', async () => {
    const text = rowsWith(2).map(({ x, kind }) => `${x},${String(kind)}\n`)
    const table = parseCsv(`x,kind\n${text.join('')}`)
    const result = await crossValidate(table, { folds: 5, seed: 1, model, fit })
    expect(result.notes).toEqual(['class c has 2 rows, fewer than the 5 folds'])
    const plain = await crossValidate(table, { folds: 5, seed: 1, model, fit, stratify: false })
    expect(plain.notes).toEqual(result.notes)
  })

  it('with weights of classes, of which a fold has none to train on', async () => {
    const rows = rowsWith(1)
    const options = { folds: 3, seed: 1, model, fit: { ...fit, classWeights: 'balanced' } } as const
    const { folds } = await crossValidate(rows, options)
    for (const { history } of folds) expect(Number.isFinite(history.epochs[1].loss)).toBe(true)
  })

  it('in searches, too, and in their one validation', async () => {
    const common = { seed: 1, model, fit, score: 'accuracy' }
    const grid = await gridSearch(rowsWith(1), { ...common, folds: 4, space: { learningRate: [0.1, 0.01] } })
    expect(grid.trials.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(grid.notes).toEqual(['class c has 1 row, fewer than the 4 folds'])
    expect(String(grid).split('\n').at(-1)).toBe('note: class c has 1 row, fewer than the 4 folds')
    const random = await randomSearch(rowsWith(1), {
      ...common,
      validation: 0.25,
      space: { hidden: [[2], [4]] },
      trials: 2,
    })
    expect(random.trials.every(({ error }) => error === undefined)).toBe(true)
    expect(random.notes).toEqual(['class c has 1 row, too few to train with and to be judged by'])
    // What is trained of a trial has the classes of its own data.
    const own = await grid.best.train(rowsWith(0))
    expect(own.outputs).toMatchObject([{ categories: ['a', 'b'] }])
  })

  it('of samples, that is noted too', async () => {
    const x = Array.from({ length: 21 }, (_, i) => [i / 21])
    const y = x.map((_, i) => [0, 1, 2].map((c) => Number(c === (i < 20 ? i % 2 : 2))))
    const network = { activation: { output: 'softmax' } } as const
    const result = await crossValidate({ x, y }, { folds: 3, seed: 1, network, fit })
    expect(result.notes).toEqual(['class 2 has 1 row, fewer than the 3 folds'])
  })
})

describe('classes that are given', () => {
  it('are those of every fold', async () => {
    const given = { ...model, classes: ['a', 'b', 'c', 'd'] }
    const { folds, notes } = await crossValidate(rowsWith(0), { folds: 2, seed: 1, model: given, fit })
    for (const { evaluation } of folds) expect(evaluation).toMatchObject({ classes: ['a', 'b', 'c', 'd'] })
    expect(notes).toEqual([])
  })
})

describe('a model without such classes', () => {
  it('is what it was: a regression has no notes, and is trained as it is alone', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ x: i, y: (i * 7) % 5 }))
    const { folds, notes } = await crossValidate(rows, { folds: 3, seed: 4, model: { target: 'y' }, fit })
    expect(notes).toEqual([])
    const held = new Set(folds[0].rows)
    const own = Model.create(
      rows.filter((_, row) => !held.has(row)),
      { target: 'y', seed: 4 },
    )
    await own.fit(
      rows.filter((_, row) => !held.has(row)),
      fit,
    )
    expect(folds[0].evaluation).toEqual(own.evaluate(rows.filter((_, row) => held.has(row))))
  })
})
