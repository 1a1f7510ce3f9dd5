import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluate, Network } from '../../src/index.js'
import { fromSynaptic } from '../../src/interop/index.js'
import { difference, survivesMutation } from './foreign-json.js'

/** A network of synaptic, with what it answers for some inputs. */
interface Answers {
  readonly json: { readonly neurons: readonly object[]; readonly connections: readonly object[] }
  readonly x: readonly number[][]
  readonly y: readonly number[][]
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(`test/fixtures/interop/synaptic/${name}.json`, 'utf8'))
}

const files = read('synaptic') as Record<string, Answers>
const { json } = files.logistic

function reversedOf<T>(values: readonly T[]): T[] {
  return [...values].reverse()
}

describe('predicts as synaptic does', () => {
  it.each(Object.entries(files))('%s', (_, { json, x, y }) => {
    const net = fromSynaptic(json).as(Network)
    expect(net.layers[0].weights).toBeInstanceOf(Float64Array)
    expect(difference(net.predict(x), y.flat())).toBeLessThan(1e-12)
  })

  it.each(Object.entries(files))('%s, f32', (_, { json, x, y }) => {
    const net = fromSynaptic(json, { precision: 'f32' }).as(Network)
    expect(difference(net.predict(x), y.flat())).toBeLessThan(1e-6)
  })

  it('of an old file, whose indices are texts', () => {
    const { neurons, connections } = json
    const old = {
      neurons: neurons.map((neuron) => ({ ...neuron, layer: String((neuron as { layer: unknown }).layer) })),
      connections: connections.map((connection) => {
        const { from, to, weight } = connection as Record<string, number>
        return { from: String(from), to: String(to), weight }
      }),
    }
    expect(fromSynaptic(old).bytes).toEqual(fromSynaptic(json).bytes)
  })

  it('of neurons and connections in another order', () => {
    const { neurons, connections } = json
    const last = neurons.length - 1
    const reversed = {
      neurons: reversedOf(neurons),
      connections: reversedOf(connections).map((connection) => {
        const { from, to, ...rest } = connection as Record<string, number>
        return { from: last - from, to: last - to, ...rest }
      }),
    }
    const { x, y } = files.logistic
    const net = fromSynaptic(reversed).as(Network)
    const own = net.predict(x.map((row) => reversedOf(row)))
    expect(
      difference(
        own,
        y.flatMap((row) => reversedOf(row)),
      ),
    ).toBeLessThan(1e-12)
  })
})

it('training goes on from where synaptic was', async () => {
  const { x } = files.logistic
  const y = x.map(([a, b, c]) => [Math.abs(a - b) / 9, (c + 1) / 10])
  const net = fromSynaptic(json).as(Network)
  const before = evaluate(net, { x, y }).loss
  await net.fit({ x, y }, { epochs: 100 })
  expect(evaluate(net, { x, y }).loss).toBeLessThan(before)
})

/** The same with one entry changed. */
function changed(list: 'neurons' | 'connections', at: number, change: object): unknown {
  const copy = structuredClone(json) as Record<typeof list, object[]>
  Object.assign(copy[list][at], change)
  return copy
}

describe('refuses', () => {
  it.each([
    ['{}', {}, 'json: expected neurons, as toJSON of a Network of synaptic returns them, got none'],
    ['a text', '{}', 'json: expected an object, got "{}"; JSON.parse makes one of a text'],
    [
      'an LSTM',
      read('lstm'),
      /^connections: expected \d+, from each neuron to all of the next layer, got \d+; LSTM, Liquid and Hopfield networks have others$/,
    ],
    [
      'gates',
      changed('connections', 2, { gater: 3 }),
      'connections[2].gater: expected null, as a perceptron has no gates, got 3',
    ],
    [
      'a neuron that is connected to itself',
      changed('connections', 0, { from: 4, to: 4 }),
      'connections[0]: expected a connection to the next layer, got one from layer 1 to 1',
    ],
    [
      'a connection twice',
      changed('connections', 1, { from: 0, to: 3 }),
      'connections[1]: expected each connection once, got another from and to the same neurons',
    ],
    [
      'no neuron of that index',
      changed('connections', 1, { from: 100 }),
      'connections[1].from: expected an integer >= 0 and < 9, got 100',
    ],
    [
      'a step',
      changed('neurons', 5, { squash: 'HLIM' }),
      'neurons[5].squash: expected one of LOGISTIC, TANH, IDENTITY, RELU, got "HLIM"; HLIM is a step, which deltaprop does not have: nothing can be trained through it',
    ],
    [
      'a function of another library',
      changed('neurons', 5, { squash: null }),
      'neurons[5].squash: expected one of LOGISTIC, TANH, IDENTITY, RELU, got null; null is what synaptic writes for a function that is not its own',
    ],
    [
      'two functions in a layer',
      changed('neurons', 5, { squash: 'TANH' }),
      'neurons[5].squash: expected LOGISTIC, as of all in layer hidden[0], got TANH',
    ],
    [
      'a layer without neurons',
      { neurons: [{ layer: 'input' }, { layer: 'input' }], connections: [] },
      'neurons: expected some of layer output, got none',
    ],
    [
      'failed training',
      changed('connections', 3, { weight: null }),
      'connections[3].weight: expected a number, got null; null stands for NaN in JSON, which training that failed leaves behind',
    ],
  ])('%s', (_, json, message) => {
    expect(() => fromSynaptic(json)).toThrow(message)
  })
})

it('reads files that were changed, or says what is wrong', () => {
  survivesMutation(json, (changed) => fromSynaptic(changed).as(Network))
})
