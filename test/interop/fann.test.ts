import { readFileSync } from 'node:fs'
import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { errorDetails, Network } from '../../src/index.js'
import { fromFANN } from '../../src/interop/index.js'
import { difference } from './foreign-json.js'

const folder = 'test/fixtures/interop/fann'

function read(file: string): string {
  return readFileSync(`${folder}/${file}`, 'utf8')
}

/** What FANN answers, in f32: 3 inputs and 2 outputs in each row. */
function answersOf(name: string): { x: number[][]; y: number[] } {
  const rows = read(`${name}.txt`)
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
  return { x: rows.map((row) => row.slice(0, 3)), y: rows.flatMap((row) => row.slice(3)) }
}

const text = read('mixed.net')

describe('predicts as FANN does', () => {
  it.each(['mixed', 'elliott'])('%s', (name) => {
    const { x, y } = answersOf(name)
    const net = fromFANN(read(`${name}.net`)).as(Network)
    expect(difference(net.predict(x), y)).toBeLessThan(1e-6)
  })

  it('stepwise, as far as it approximates, and a note says so', () => {
    const { x, y } = answersOf('stepwise')
    const converted = fromFANN(read('stepwise.net'))
    expect(difference(converted.as(Network).predict(x), y)).toBeLessThan(0.04)
    expect(converted.notes).toContain("layers[3]: FANN's stepwise sigmoid became the one it approximates")
  })

  it('has the steepness in its weights', () => {
    const [{ weights }] = fromFANN(text, { precision: 'f64' }).as(Network).layers
    const [, first] = /\(connected_to_neuron, weight\)=\(0, ([^)]+)\)/.exec(text) ?? []
    expect(weights[0]).toBe(Number(first) * 1.5)
  })
})

describe('refuses', () => {
  it.each([
    [
      text.replace('FANN_FLO_2.1', 'FANN_FIX_2.0'),
      /^line 1, text: expected FANN_FLO_2.1, got "FANN_FIX_2.0"; fann_/,
    ],
    ['', 'line 1, text: expected FANN_FLO_2.1, got ""'],
    [
      text.replace('network_type=0', 'network_type=1'),
      'network_type: expected 0, connections to the next layer only, got 1',
    ],
    [
      text.replace('scale_included=0', 'scale_included=1'),
      'scale_included: expected 0, neither inputs nor outputs scaled by FANN, got 1',
    ],
    [text.replace('layer_sizes=4', 'layer_sizes=1'), 'layer_sizes[0]: expected an integer >= 2, got 1'],
    [
      text.replace('layer_sizes=4', 'layer_sizes=900000000'),
      'neurons: expected 900000012, as the layers have, got 16',
    ],
    [text.replace('(0, 1.02', '(3, 1.02'), 'connections[0]: expected one from neuron 0, got 3'],
    [
      text.replace('(0, 1.02', '(0, x1.02'),
      'connections[0]: expected a number within the range of f32, got NaN',
    ],
    [
      text.replace('(4, 3, 7.5', '(4, 7, 7.5'),
      'neurons[4].activation_function: expected linear, a sigmoid or tanh, or the symmetric one of Elliott: 0, 3, 4, 5, 6 or 11, got 7',
    ],
    [
      text.replace('(5, 5, 3.0', '(5, 3, 3.0'),
      'neurons[10].activation_function: expected 3, as of all in its layer, got 5',
    ],
    [text.replace(/connections .*/, ''), 'connections: expected 39, as the layers have, got 0'],
  ])('%#', (text, message) => {
    expect(() => fromFANN(text)).toThrow(message)
  })

  it('bytes', () => {
    const message =
      'text: expected the text of a file, got a Uint8Array; new TextDecoder().decode(bytes) has it'
    expect(() => fromFANN(new Uint8Array(3) as unknown as string)).toThrow(message)
  })
})

it('reads texts that were changed, or says what is wrong', () => {
  const piece = fc.constantFrom(
    '',
    '0',
    '9',
    '-',
    '(',
    ')',
    ',',
    '\n',
    '=',
    'NaN',
    '1e999',
    '4 4',
    '__proto__',
  )
  const change = fc.tuple(fc.nat(text.length), fc.nat(20), piece)
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let changed = text
      for (const [at, length, piece] of changes) {
        changed = changed.slice(0, at) + piece + changed.slice(at + length)
      }
      try {
        fromFANN(changed).as(Network)
      } catch (error) {
        if (errorDetails(error) === undefined) throw error
      }
    }),
    { numRuns: 1000 },
  )
})
