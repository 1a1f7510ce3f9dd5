import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromStateDict, toStateDict, type StateDictOptions } from '../../src/interop/index.js'
import { difference } from '../support/difference.js'

const folder = 'test/fixtures/interop/torch'

/** The inputs, and what PyTorch answers to them, by the names of the files. */
const { x, answers } = JSON.parse(readFileSync(`${folder}/answers.json`, 'utf8')) as {
  readonly x: readonly number[]
  readonly answers: Readonly<Record<string, readonly number[]>>
}

function read(name: string): Uint8Array {
  return readFileSync(`${folder}/${name}.safetensors`)
}

const options: Readonly<Record<string, StateDictOptions>> = {
  sequential: { activation: 'relu' },
  deep: { activation: 'tanh' },
  double: { activation: 'tanh' },
  parallel: { activation: 'silu' },
  'normed-before': { activation: 'relu' },
  'normed-behind': { activation: 'relu' },
  'normed-named': { activation: 'relu' },
  named: { activation: 'tanh' },
  half: { activation: 'relu' },
  bfloat: { activation: 'relu' },
}

describe('predicts as PyTorch does', () => {
  it.each(Object.keys(answers))('%s', (name) => {
    const net = fromStateDict(read(name), options[name]).as(Network)
    const bound = net.layers[0].weights instanceof Float64Array ? 1e-12 : 1e-6
    expect(difference(net.predict(x), answers[name])).toBeLessThan(bound)
  })
})

it('says what was folded', () => {
  expect(fromStateDict(read('normed-behind'), { activation: 'relu' }).notes).toEqual([
    '2: batch normalisation, folded into what is behind it',
  ])
  expect(fromStateDict(read('normed-before'), { activation: 'relu' }).notes).toEqual([
    '1: batch normalisation, folded into 0 before it',
  ])
})

it('is read again with the same bits, and its activations', () => {
  const net = new Network({
    inputs: 3,
    layers: [
      { units: 5, activation: { type: 'leakyRelu', slope: 0.2 } },
      { units: 4, activation: 'mish' },
      { units: 2, activation: 'softmax' },
    ],
    seed: 1,
  })
  const again = fromStateDict(toStateDict(net)).as(Network)
  expect(again.layers.map(({ activation }) => activation)).toEqual(
    net.layers.map(({ activation }) => activation),
  )
  expect(again.layers.map(({ weights }) => weights)).toEqual(net.layers.map(({ weights }) => weights))
  expect(again.layers.map(({ biases }) => biases)).toEqual(net.layers.map(({ biases }) => biases))
})

it('asks for what the file does not say', () => {
  expect(() => fromStateDict(read('sequential'))).toThrow(
    "activation: expected that of the hidden layers, which a state_dict does not say, got none; activation: 'relu' says it, if it is that",
  )
})

it('an activation of the hidden layers leaves that of the output as it was saved', () => {
  const net = new Network([2, 3, 1], { activation: { hidden: 'tanh', output: 'sigmoid' } })
  const read = fromStateDict(toStateDict(net), { activation: 'relu' }).as(Network)
  expect(read.layers.map(({ activation }) => activation)).toEqual(['relu', 'sigmoid'])
})

it('says the order of modules whose names do not', () => {
  expect(fromStateDict(read('named'), { activation: 'tanh' }).notes).toEqual([
    'modules in the order encoder, bottleneck, head',
  ])
})
