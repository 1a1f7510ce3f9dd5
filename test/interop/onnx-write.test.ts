import { describe, expect, it } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import { Network } from '../../src/index.js'
import { fromONNX, toONNX } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'

/** A network whose biases are not 0. */
function networkOf(activation: (typeof activationNames)[number], precision: 'f32' | 'f64'): Network {
  const hidden = activation === 'softmax' ? 'relu' : activation
  const net = new Network([6, 12, 9, 4], { activation: { hidden, output: activation }, precision, seed: 3 })
  for (const { biases } of net.layers) biases.forEach((_, j) => (biases[j] = Math.sin(j)))
  return net
}

/** All parameters, and the activations. */
function contents({ layers }: Network): unknown[] {
  return layers.map(({ weights, biases, activation }) => [weights, biases, activation])
}

describe('out and in again: the same bits, the same activations', () => {
  for (const precision of ['f32', 'f64'] as const) {
    it.each(activationNames)(`${precision} %s`, (activation) => {
      const net = networkOf(activation, precision)
      const again = fromONNX(toONNX(net, { precision })).as(Network)
      expect(contents(again)).toEqual(contents(net))
    })
  }

  it('leakyRelu and elu with a parameter of their own', () => {
    const net = new Network({
      inputs: 2,
      layers: [
        { units: 3, activation: { type: 'leakyRelu', slope: 0.3 } },
        { units: 2, activation: { type: 'elu', alpha: 0.7 } },
      ],
    })
    expect(contents(fromONNX(toONNX(net)).as(Network))).toEqual(contents(net))
  })
})

describe('a model', () => {
  const rows = [
    { size: 1, colour: 'red', ripe: true, kind: 'apple' },
    { size: 2, colour: 'green', ripe: false, kind: 'melon' },
    { size: 5, colour: 'blue', ripe: true, kind: 'apple' },
  ]

  it('keeps its columns, its scales and its classes', () => {
    const model = Model.create(rows, { target: 'kind', hidden: [5], seed: 1 })
    const again = fromONNX(toONNX(model)).as(Model)
    expect(again.inputs.map(({ name }) => name)).toEqual(['size', 'colour', 'ripe'])
    expect(again.outputs).toEqual(model.outputs)
    const [first] = again.predict(rows)
    const [own] = model.predict(rows)
    expect(first.kind).toBe(own.kind)
    const probabilities = first.probabilities as unknown as Record<string, number>
    for (const [kind, probability] of Object.entries(
      own.probabilities as unknown as Record<string, number>,
    )) {
      expect(probabilities[kind]).toBeCloseTo(probability, 6)
    }
  })

  it('that predicts a number keeps its unit', () => {
    const model = Model.create(rows, { target: 'size', hidden: [5], seed: 1 })
    const again = fromONNX(toONNX(model)).as(Model)
    expect(again.predict(rows[0]).size).toBeCloseTo(Number(model.predict(rows[0]).size), 5)
  })

  it('goes on training', async () => {
    const model = fromONNX(toONNX(Model.create(rows, { target: 'kind', hidden: [5], seed: 1 }))).as(Model)
    await model.fit(rows, { epochs: 200 })
    expect(model.predict(rows).map(({ kind }) => kind)).toEqual(rows.map(({ kind }) => kind))
  })
})
