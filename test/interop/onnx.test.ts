import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromONNX, openFile } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { load } from '../../src/node/index.js'
import { difference } from '../support/difference.js'

const folder = 'test/fixtures/interop/onnx'

/** What the tool that wrote a file answers: inputs and outputs, row by row. */
interface Answer {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

const answers = JSON.parse(readFileSync(`${folder}/answers.json`, 'utf8')) as Record<string, Answer>

function read(name: string): Uint8Array {
  return readFileSync(`${folder}/${name}.onnx`)
}

/** The probabilities of a model for rows of iris, one row after the other. */
function probabilitiesOf(model: Model, x: readonly number[]): number[] {
  const names = model.inputs.map(({ name }) => name)
  const rows = Array.from({ length: x.length / 4 }, (_, i) => {
    return Object.fromEntries(names.map((name, k) => [name, x[4 * i + k]]))
  })
  return model.predict(rows).flatMap((answer) => Object.values(answer.probabilities as object) as number[])
}

describe('predicts as PyTorch does', () => {
  const names = Object.keys(answers).filter((name) => !name.startsWith('sklearn') && name !== 'outside')
  it.each(names)('%s', (name) => {
    const { x, y } = answers[name]
    const net = fromONNX(read(name)).as(Network)
    expect(difference(net.predict(x), y)).toBeLessThan(name === 'double' ? 1e-12 : 1e-6)
  })

  it('with weights in a file beside it', async () => {
    const { x, y } = answers.outside
    expect(openFile(read('outside'))?.beside).toEqual(['outside.onnx.data'])
    const externalData = { 'outside.onnx.data': readFileSync(`${folder}/outside.onnx.data`) }
    expect(difference(fromONNX(read('outside'), { externalData }).as(Network).predict(x), y)).toBeLessThan(
      1e-6,
    )
    expect(difference((await load(`${folder}/outside.onnx`)).predict(x), y)).toBeLessThan(1e-6)
    expect(() => fromONNX(read('outside'))).toThrow(
      'initializer 0.weight: expected its numbers, which are in the file "outside.onnx.data", got none; give it as { externalData: { name: bytes } }',
    )
  })
})

describe("predicts as onnxruntime does with the files of today's exporters", () => {
  const current = `${folder}/current`
  const others = JSON.parse(readFileSync(`${current}/answers.json`, 'utf8')) as Record<string, Answer>

  it.each(Object.keys(others))('%s', async (name) => {
    const { x, y } = others[name]
    const net = await load(`${current}/${name}.onnx`)
    expect(difference(net.predict(x), y)).toBeLessThan(name === 'double' ? 1e-12 : 1e-6)
  })

  it('with a column for each input', () => {
    const model = fromONNX(readFileSync(`${current}/columns.onnx`), { classes: [0, 1, 2] })
    expect(model.as(Model).inputs.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('predicts as scikit-learn does', () => {
  it.each(['sklearn', 'sklearn-zipmap'])('%s: probabilities, with the names of the classes', (name) => {
    const { x, y } = answers[name]
    const model = fromONNX(read(name)).as(Model)
    expect(model.outputs).toEqual([
      { name: 'class', kind: 'text', categories: ['setosa', 'versicolor', 'virginica'] },
    ])
    expect(difference(probabilitiesOf(model, x), y)).toBeLessThan(1e-6)
  })

  it('two classes', () => {
    const { x, y } = answers['sklearn-binary']
    const model = fromONNX(read('sklearn-binary')).as(Model)
    expect(model.outputs).toEqual([{ name: 'class', kind: 'number', categories: [0, 1] }])
    expect(difference(probabilitiesOf(model, x), y)).toBeLessThan(1e-6)
  })

  it('a column for each input, one of them of texts', () => {
    const { x, y } = answers['sklearn-columns']
    const model = fromONNX(read('sklearn-columns')).as(Model)
    const rows = Array.from({ length: x.length / 4 }, (_, i) => ({
      'sepal length': x[4 * i],
      'sepal width': x[4 * i + 1],
      'petal length': x[4 * i + 2],
      size: x[4 * i + 3] < 1 ? 'small' : 'large',
    }))
    const predicted = model.predict(rows).map((answer) => Number(answer['petal width']))
    expect(difference(predicted, y)).toBeLessThan(1e-6)
  })

  it('scales of inputs without names are folded into the first layer where they are asked to be', () => {
    const { x, y } = answers.sklearn
    const net = fromONNX(read('sklearn'), { fold: true }).as(Network)
    expect(difference(net.predict(x), y)).toBeLessThan(1e-5)
  })

  it('goes on training', async () => {
    const model = fromONNX(read('sklearn'), { columns: ['a', 'b', 'c', 'd'], targets: ['species'] }).as(Model)
    const data = [{ a: 5, b: 3, c: 1, d: 0, species: 'virginica' }]
    expect(model.predict(data[0]).species).toBe('setosa')
    await model.fit(data, { epochs: 300 })
    expect(model.predict(data[0]).species).toBe('virginica')
  })
})
