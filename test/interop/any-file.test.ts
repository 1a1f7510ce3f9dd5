/** Files of all tools, recognised by what is in them, by fromFile, by load and on the way by the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromFile, openFile, toBrain, toONNX, toStateDict, toTensorFlowJS } from '../../src/interop/index.js'
import { load } from '../../src/node/index.js'

const net = new Network([3, 4, 2], { activation: 'sigmoid', seed: 1 })
const x = [0.1, -0.7, 0.4]
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const { model, weights } = toTensorFlowJS(net)

const fixtures = 'test/fixtures/interop'
const parsed = (name: string): Record<string, never> =>
  JSON.parse(readFileSync(`${fixtures}/${name}`, 'utf8')) as never

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'any-file-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('what it is', () => {
  it.each([
    ['onnx', toONNX(net)],
    ['state-dict', toStateDict(net)],
    ['tfjs', json(model)],
    ['brain', json(toBrain(net))],
    ['fann', readFileSync(`${fixtures}/fann/mixed.net`)],
    ['keras', readFileSync(`${fixtures}/keras/functional.keras`)],
    ['keras', readFileSync(`${fixtures}/keras/functional.h5`)],
  ] as const)('%s', (format, bytes) => {
    expect(openFile(bytes)).toMatchObject({ format, beside: format === 'tfjs' ? Object.keys(weights) : [] })
    const read = fromFile(bytes, { files: weights }).as(Network)
    if (format === 'fann' || format === 'keras') return
    expect(Array.from(read.predict(x))).toEqual(Array.from(net.predict(x)))
  })

  it.each([
    ['deltaprop', net.toBytes()],
    ['JSON of deltaprop', json(net)],
    ['other JSON', json({ name: 'a' })],
    ['damaged JSON', new TextEncoder().encode('{"layers": [')],
    ['an image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)],
    ['nothing', new Uint8Array()],
  ])('none of them: %s', (_, bytes) => {
    expect(openFile(bytes)).toBeUndefined()
    expect(() => fromFile(bytes)).toThrow(/^bytes: expected a file of one of state-dict, .*, got another$/)
  })
})

it('safetensors whose header has any length, though ONNX begins with a length of 8', () => {
  const original = toStateDict(net)
  const length = Number(new DataView(original.buffer).getBigUint64(0, true))
  for (let more = 0; more < 256; more += 8) {
    const bytes = new Uint8Array(original.length + more).fill(0x20)
    bytes.set(original.subarray(0, 8 + length))
    bytes.set(original.subarray(8 + length), 8 + length + more)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(length + more), true)
    expect(openFile(bytes)?.format).toBe('state-dict')
  }
})

describe('load', () => {
  it('reads a layers model with its weights beside it', async () => {
    writeFileSync(join(folder, 'model.json'), json(model))
    for (const [name, bytes] of Object.entries(weights)) writeFileSync(join(folder, name), bytes)
    expect(Array.from((await load(join(folder, 'model.json'))).predict(x))).toEqual(
      Array.from(net.predict(x)),
    )
  })

  it('reads no file of another folder', async () => {
    const elsewhere = { ...model, weightsManifest: [{ paths: ['../weights.bin'], weights: [] }] }
    const path = join(folder, 'elsewhere.json')
    writeFileSync(path, json(elsewhere))
    await expect(load(path)).rejects.toThrow(
      `${path}: expected its weights in a file beside it, got "../weights.bin"`,
    )
  })

  it('takes what the file does not say', async () => {
    const path = `${fixtures}/torch/sequential.safetensors`
    const read = await load(path, Network, { convert: { activation: 'relu', output: 'softmax' } })
    expect(read.layers.map(({ activation }) => activation)).toEqual(['relu', 'relu', 'softmax'])
    await expect(load(path)).rejects.toThrow(`${path}: activation: expected that of the hidden layers`)
  })

  it.each(['keras/functional.keras', 'keras/functional.h5', 'fann/mixed.net', 'onnx/sequential.onnx'])(
    'reads %s',
    async (name) => {
      const read = await load(`${fixtures}/${name}`)
      const same = fromFile(readFileSync(`${fixtures}/${name}`)).as(Network)
      expect(read.toBytes()).toEqual(same.toBytes())
    },
  )

  it('refuses options for a file of deltaprop, which says all of it', async () => {
    const path = join(folder, 'own.json')
    writeFileSync(path, JSON.stringify(net))
    await expect(load(path, Network, { convert: { output: 'softmax' } })).rejects.toThrow(
      `${path}: convert: expected none, as it is a file of deltaprop, got an object`,
    )
  })
})

describe('options that say something about other files alone', () => {
  const files = {
    'state-dict': readFileSync(`${fixtures}/torch/sequential.safetensors`),
    onnx: toONNX(net),
    keras: readFileSync(`${fixtures}/keras/keras-2.weights.h5`),
    tfjs: json(model),
    brain: json(toBrain(net)),
    synaptic: json({ neurons: [], connections: [] }),
    convnetjs: json({ layers: [{ layer_type: 'input' }] }),
    fann: readFileSync(`${fixtures}/fann/mixed.net`),
  }
  const options = {
    activation: 'relu',
    order: ['0', '2', '4'],
    epsilon: 1,
    config: {},
    meta: {},
    slope: 0.1,
  } as const
  const taken = new Map([
    ['state-dict', ['activation', 'order', 'epsilon']],
    ['keras', ['activation', 'config']],
    ['tfjs', ['meta']],
    ['brain', ['slope']],
  ])

  it.each(Object.entries(files))('%s', (format, bytes) => {
    for (const [name, value] of Object.entries(options)) {
      const message = (): string => {
        try {
          fromFile(bytes, { [name]: value })
          return ''
        } catch (error) {
          return (error as Error).message
        }
      }
      const refused = `${name}: expected none, as the file is one of ${format}, got `
      expect(message().startsWith(refused), `${name}: ${message()}`).toBe(
        taken.get(format)?.includes(name) !== true,
      )
      // Its reader knows it, whatever it thinks of the value.
      expect(message()).not.toContain('options: expected one of')
    }
  })
})

describe('JSON of other tools', () => {
  it.each([
    ['brain', 'brain/brain1.json', 'sigmoid'],
    ['synaptic', 'synaptic/synaptic.json', 'logistic'],
    ['convnetjs', 'convnetjs/convnetjs.json', 'softmax'],
  ])('%s', (format, file, name) => {
    const { json: content } = parsed(file)[name] as { json: unknown }
    expect(openFile(json(content))?.format).toBe(format)
    expect(fromFile(json(content)).as(Network)).toBeInstanceOf(Network)
  })
})
