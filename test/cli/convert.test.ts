import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromFile, toONNX } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { deltaprop } from '../support/command.js'

const fixtures = 'test/fixtures/interop'
let folder = ''
const file = (name: string): string => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convert-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('deltaprop convert', () => {
  it('makes a model of a pipeline of scikit-learn, and says what was done', async () => {
    const { code, stdout, stderr } = await deltaprop([
      'convert',
      `${fixtures}/onnx/sklearn.onnx`,
      file('iris.safetensors'),
    ])
    expect(stderr).toBe('note: a Model scales the inputs; the network by itself takes what is scaled\n')
    expect(stdout).toBe(
      `${file('iris.safetensors')}: Model(4 columns → class of 3 classes; Network(4 → 8 tanh → 5 tanh → 3 softmax; 103 parameters, f32, categoricalCrossEntropy))\n`,
    )
    expect(code).toBe(0)
    const model = Model.fromBytes(readFileSync(file('iris.safetensors')))
    expect(model.predict({ x0: 5.1, x1: 3.5, x2: 1.4, x3: 0.2 }).class).toBe('setosa')
  })

  it('reads Keras: a whole model, and weights with their layers', async () => {
    const whole = await deltaprop(['convert', `${fixtures}/keras/sequential.keras`, file('keras.json')])
    expect(whole.stdout).toBe(
      `${file('keras.json')}: Network(4 → 5 relu → 4 tanh → 3 softmax; 64 parameters, f32, categoricalCrossEntropy)\n`,
    )
    const configs = JSON.parse(readFileSync(`${fixtures}/keras/activations.json`, 'utf8')) as { mish: object }
    writeFileSync(file('config.json'), JSON.stringify(configs.mish))
    const weights = `${fixtures}/keras/activations.weights.h5`
    const { code, stdout } = await deltaprop([
      ...['convert', weights, file('mish.json')],
      ...['--config', file('config.json')],
    ])
    expect([code, stdout]).toEqual([
      0,
      `${file('mish.json')}: Network(5 → 7 mish → 6 mish → 3 mish; 111 parameters, f32, halfSquared)\n`,
    ])
  })

  it.each(['n.onnx', 'n.json', 'n.safetensors'])('writes what the name says: %s', async (name) => {
    const options = [
      '--activation',
      'relu',
      '--output',
      'softmax',
      '--columns',
      'a,b,c,d',
      '--classes',
      'x,y,z',
    ]
    const { code, stderr } = await deltaprop([
      'convert',
      `${fixtures}/torch/sequential.safetensors`,
      file(name),
      ...options,
    ])
    expect([code, stderr]).toEqual([0, 'note: 4: ends in softmax, as asked for\n'])
    const bytes = readFileSync(file(name))
    const model = name.endsWith('json')
      ? Model.fromJSON(JSON.parse(bytes.toString()))
      : name.endsWith('onnx')
        ? fromFile(bytes).as(Model)
        : Model.fromBytes(bytes)
    expect(model.outputs[0]).toMatchObject({ categories: ['x', 'y', 'z'] })
  })

  it('writes code', async () => {
    const net = file('net.onnx')
    writeFileSync(net, toONNX(new Network([2, 3, 1], { activation: 'tanh', seed: 1 })))
    await deltaprop(['convert', net, file('net.h')])
    expect(readFileSync(file('net.h'), 'utf8')).toContain('static inline void predict(const float x[')
    await deltaprop(['convert', net, file('net.py')])
    expect(readFileSync(file('net.py'), 'utf8')).toContain('def predict(x):')
  })

  it.each([
    [
      ['n.xyz'],
      '<out>: expected a name that ends in .safetensors, .json, .onnx, .h, .py, or --to, got "n.xyz"',
    ],
    [
      ['n.onnx'],
      `${fixtures}/torch/sequential.safetensors: activation: expected that of the hidden layers, which a state_dict does not say, got none; --activation relu says it, if it is that`,
    ],
    [['n.onnx', '--activation', 'swisch'], '--activation'],
  ])('says what is wrong: %j', async (options, message) => {
    const { code, stderr } = await deltaprop([
      'convert',
      `${fixtures}/torch/sequential.safetensors`,
      ...options,
    ])
    expect(stderr).toContain(message)
    expect(code).not.toBe(0)
  })

  it('refuses options for a file of deltaprop, which says it all itself', async () => {
    writeFileSync(file('own.safetensors'), new Network([2, 1]).toBytes())
    const { stderr } = await deltaprop([
      'convert',
      file('own.safetensors'),
      file('own.onnx'),
      '--output',
      'tanh',
    ])
    expect(stderr).toBe(
      `deltaprop: --output: expected none, as ${file('own.safetensors')} is a file of deltaprop\n`,
    )
  })
})

it('other commands take files of other tools', async () => {
  const { stdout } = await deltaprop(['inspect', `${fixtures}/onnx/batch-norm.onnx`, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'network', parameters: 49 })
})
