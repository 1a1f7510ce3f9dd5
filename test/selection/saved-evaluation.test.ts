/** Evaluations as JSON: what is read is what was written, bit for bit, and nothing else is read. */
import { describe, expect, it } from 'vitest'
import { evaluate, Network } from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import type { Evaluation } from '../../src/selection/index.js'
import { readEvaluation, writeEvaluation } from '../../src/selection/saved-evaluation.js'

const through = (evaluation: Evaluation): Evaluation =>
  readEvaluation('evaluation', JSON.parse(JSON.stringify(writeEvaluation(evaluation))))

const x = Array.from({ length: 12 }, (_, i) => [i / 12, (i * 5) % 7])
const flowers = x.map(([a, b], i) => ({
  a,
  b,
  kind: ['iris', 'rose', 'tulip'][i % 3],
  wet: i % 2,
  red: i % 4 > 1,
}))

function ofNetwork(outputs: number, y: number[][], options: object): Evaluation {
  const net = new Network([2, outputs], { seed: 1, ...options })
  return evaluate(net, { x, y })
}

function ofModel(options: Parameters<typeof Model.create>[1]): Evaluation {
  return Model.create(flowers, { seed: 1, ...options }).evaluate(flowers)
}

const evaluations: Record<string, Evaluation> = {
  'classes of a network': ofNetwork(
    2,
    x.map((_, i) => (i % 2 ? [1, 0] : [0, 1])),
    { activation: 'softmax' },
  ),
  'labels of a network': ofNetwork(
    2,
    x.map((_, i) => [i % 2, 1]),
    {
      activation: 'sigmoid',
      loss: 'binaryCrossEntropy',
    },
  ),
  'a regression of a network': ofNetwork(2, x, { activation: 'linear' }),
  'classes of a model': ofModel({ target: 'kind' }),
  'classes of a model that are booleans': ofModel({ target: 'red', features: ['a', 'b'] }),
  'labels of a model': ofModel({ target: ['wet', 'red'], features: ['a', 'b'], task: 'multilabel' }),
  'a regression of a model': ofModel({ target: ['a', 'b'], features: ['wet', 'kind'] }),
}

describe('an evaluation comes back', () => {
  it.each(Object.entries(evaluations))('%s, in its own order', (_, evaluation) => {
    expect(through(evaluation)).toEqual(evaluation)
    expect(JSON.stringify(through(evaluation))).toBe(JSON.stringify(evaluation))
  })

  it('with NaN, infinities and −0 wherever there are numbers, which are texts in between', () => {
    const { 'a regression of a network': evaluation } = evaluations
    const special = { ...evaluation, loss: NaN, meanSquared: Infinity, r2: -Infinity, meanAbsolute: -0 }
    const written = writeEvaluation(special)
    expect(written).toMatchObject({
      loss: 'NaN',
      meanSquared: 'Infinity',
      r2: '-Infinity',
      meanAbsolute: '-0',
    })
    const read = through(special) as unknown as Record<string, number>
    expect(read).toEqual(special)
    expect(Object.is(read.meanAbsolute, -0)).toBe(true)
  })
})

describe('anything else is an error that names it', () => {
  const { 'classes of a model': classes } = evaluations
  const written = writeEvaluation(classes) as object
  const changed =
    (change: object): (() => unknown) =>
    () =>
      readEvaluation('e', { ...written, ...change })

  it.each([
    [[], 'e: expected an object, got an array'],
    [null, 'e: expected an object, got null'],
    [{}, 'e.kind: expected one of classification, multilabel, regression, got undefined'],
    [{ kind: 'classification' }, 'e.loss: expected a number, got undefined'],
  ])('%j', (value, message) => {
    expect(() => readEvaluation('e', value)).toThrow(message)
  })

  it.each([
    [{ accuracy: '1' }, 'e.accuracy: expected a number, got "1"'],
    [{ accuracy: 'infinity' }, 'e.accuracy: expected a number, got "infinity"'],
    [{ confusionMatrix: [[1, null]] }, 'e.confusionMatrix[0][1]: expected a number, got null'],
    [{ classes: ['a', {}] }, 'e.classes[1]: expected a text, a number or a boolean, got an object'],
    [{ classes: -1 }, 'e.classes: expected an integer >= 0, got -1'],
    [{ macro: JSON.parse('{"__proto__": {"f1": 1}}') as object }, 'got "__proto__"'],
    [{ extra: 1 }, 'got "extra"'],
  ])('%j', (change, message) => {
    expect(changed(change)).toThrow(message)
  })

  it('no name of JSON becomes a prototype', () => {
    const value: unknown = JSON.parse(`{"__proto__": {"polluted": true}, ${JSON.stringify(written).slice(1)}`)
    expect(() => readEvaluation('e', value)).toThrow('got "__proto__"')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
