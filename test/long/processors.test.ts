/** Runtimes and processors on which there is no core: what is said there, and what computes all the same. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Predictor } from '../../src/inference/index.js'
import { Model } from '../../src/model/index.js'
import { Network, sgd } from '../../src/index.js'
import { load, save } from '../../src/node/index.js'
import type * as inference from '../../src/inference/index.js'
import type * as library from '../../src/index.js'
import { deltaprop } from '../support/command.js'
import { engineOf } from '../support/ways.js'
import { relaxed } from '../../src/engine/wasm/relaxed.js'

const here = `(${process.arch})`
const remedy =
  '; engine: baseline, of deltaprop/baseline, computes everywhere, in plain JavaScript, with bits of its own'
const needs = 'expected WebAssembly with SIMD, on a little-endian processor, got'

/** What is not there, and what is said of it; each is put away before the library is imported. */
const lacks: Record<string, { hide: () => void; got: string }> = {
  WebAssembly: {
    hide: () => vi.stubGlobal('WebAssembly', undefined),
    got: `a runtime without WebAssembly ${here}`,
  },
  SIMD: {
    hide() {
      const { Module, validate } = WebAssembly
      // Whatever has the type v128 in it.
      const isKnown = (bytes: Uint8Array<ArrayBuffer>): boolean => validate(bytes) && bytes.length < 5000
      const compile = function (bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
        if (!isKnown(bytes)) throw new WebAssembly.CompileError('refused')
        return new Module(bytes)
      }
      vi.spyOn(WebAssembly, 'Module').mockImplementation(compile as never)
      vi.spyOn(WebAssembly, 'validate').mockImplementation(isKnown as never)
    },
    got: `a runtime without SIMD ${here}`,
  },
  'a byte order': {
    hide: () => vi.stubGlobal('Uint16Array', { of: () => Uint8Array.of(0, 1) }),
    got: `a big-endian one ${here}`,
  },
}

describe.each(Object.entries(lacks))('without %s', (_, { hide, got }) => {
  const trained = new Network([3, 4, 2], { activation: 'tanh', seed: 1 })
  const bytes = trained.toBytes()
  const json: unknown = JSON.parse(JSON.stringify(trained))
  const x = [1, 2, 3]
  let fresh: { library: typeof library; inference: typeof inference }

  beforeAll(async () => {
    vi.resetModules()
    hide()
    fresh = {
      library: await import('../../src/index.js'),
      inference: await import('../../src/inference/index.js'),
    }
  })
  afterAll(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it('a network is an error that says what is missing, and what computes', () => {
    const { library, inference } = fresh
    const expected = `engine: ${needs} ${got}${remedy}`
    expect(() => new library.Network([2, 1])).toThrow(expected)
    expect(() => new library.Network([2, 1], { engine: 'wasm', arithmetic: relaxed })).toThrow(expected)
    expect(() => library.Network.fromBytes(bytes)).toThrow(expected)
    expect(() => library.Network.fromJSON(json)).toThrow(expected)
    const predictor = `Predictor: ${needs} ${got}; Network.fromBytes(bytes, { engine: baseline }) of deltaprop and deltaprop/baseline predicts everywhere, with bits of its own`
    expect(() => inference.Predictor.fromBytes(bytes)).toThrow(new Error(predictor))
    expect(() => inference.Predictor.fromJSON(json)).toThrow(new Error(predictor))
  })

  it('the baseline makes, trains and reads networks, also those of the other engine', () => {
    const { Network: Without } = fresh.library
    const net = new Without([2, 1], { engine: engineOf.baseline })
    net.train([1, 2], [1], sgd())
    expect(net.engine).toBe('baseline')
    const wanted = Network.fromBytes(bytes, { engine: engineOf.baseline }).predict(x)
    expect(Without.fromBytes(bytes, { engine: engineOf.baseline }).predict(x)).toEqual(wanted)
    expect(Without.fromJSON(json, { engine: engineOf.baseline }).predict(x)).toEqual(wanted)
  })
})

describe('the engine of what is read', () => {
  const table = [
    { size: 1, price: 2 },
    { size: 2, price: 4 },
    { size: 3, price: 5 },
  ]
  const model = Model.create(table, { target: 'price', hidden: [4], seed: 1 })
  const folder = mkdtempSync(join(tmpdir(), 'deltaprop-processors-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is that which it was saved with, or that which is asked for', async () => {
    const bytes = model.toBytes()
    const json: unknown = JSON.parse(JSON.stringify(model))
    const files = ['model.safetensors', 'model.json'].map((name) => join(folder, name))
    for (const file of files) await save(file, model)
    const asked = { engine: engineOf.baseline } as const
    expect(Network.fromBytes(bytes).engine).toBe('wasm')
    const read = [
      Network.fromBytes(bytes, asked),
      Network.fromJSON(json, asked),
      Model.fromBytes(bytes, asked).network,
      Model.fromJSON(json, asked).network,
    ]
    for (const file of files) {
      read.push(await load(file, Network, asked), (await load(file, Model, asked)).network)
    }
    expect(read.map(({ engine }) => engine)).toEqual(read.map(() => 'baseline'))
    for (const net of read) expect(net.predict([1])).toEqual(read[0].predict([1]))
    // What is saved then says so, and goes back on request.
    const unsaid =
      "engine: expected { engine: baseline } of deltaprop/baseline, or { engine: 'wasm' }, got none; the network was saved with the engine baseline, and the bits of the other differ"
    expect(() => Network.fromBytes(read[0].toBytes())).toThrow(new RangeError(unsaid))
    expect(() => Network.fromJSON(read[0].toJSON())).toThrow(new RangeError(unsaid))
    expect(Network.fromBytes(read[0].toBytes(), asked).engine).toBe('baseline')
    const back = Network.fromBytes(read[0].toBytes(), { engine: 'wasm' })
    expect(back.toBytes()).toEqual(bytes)
    expect(Network.fromBytes(bytes, {}).engine).toBe('wasm')
    expect(Network.fromBytes(bytes, { engine: undefined }).engine).toBe('wasm')
    expect(Predictor.fromBytes(read[0].toBytes()).predict([1])).toEqual(back.predict([1]))
  })

  it('is one of two', () => {
    const wrong = (options: object): Network => Network.fromBytes(model.toBytes(), options)
    expect(() => wrong({ engine: 'gpu' })).toThrow(
      `engine: expected "wasm", or baseline, which is imported, got "gpu"; import { baseline } from 'deltaprop/baseline'`,
    )
    expect(() => wrong({ motor: 'wasm' })).toThrow('options: expected')
  })
})

// V8 without a compiler has no WebAssembly.
describe('the command line without WebAssembly', () => {
  const node = ['--jitless', '--no-expose-wasm']
  const folder = mkdtempSync(join(tmpdir(), 'deltaprop-processors-'))
  const out = join(folder, 'iris.safetensors')
  const train = ['train', 'examples/data/iris.csv', '--target', 'species', '--out', out, '--epochs', '5']
  const flowers = join(folder, 'flowers.csv')
  writeFileSync(flowers, 'sepal_length,sepal_width,petal_length,petal_width\n5,3.4,1.5,0.2\n')
  afterAll(() => rmSync(folder, { recursive: true }))

  it('says so, and which option computes', async () => {
    const { code, stderr } = await deltaprop(train, { node })
    expect(stderr).toContain(
      `--engine: ${needs} a runtime without WebAssembly ${here}; --engine baseline computes everywhere, in plain JavaScript, with bits of its own`,
    )
    expect(code).toBe(1)
  })

  it('has the bits of the baseline', async () => {
    const asked = ['--engine', 'baseline']
    expect((await deltaprop([...train, ...asked], { node })).code).toBe(0)
    const without = readFileSync(out)
    await deltaprop([...train, ...asked])
    expect(without.equals(readFileSync(out))).toBe(true)
    const rows = await deltaprop(['predict', out, flowers], { node })
    expect(rows.stdout).toContain('P(setosa)')

    await deltaprop(train)
    const refused = await deltaprop(['predict', out, flowers], { node })
    expect(refused.code).toBe(1)
    // Not a word of the file: nothing is wrong with it.
    expect(refused.stderr).toBe(
      `deltaprop: engine: ${needs} a runtime without WebAssembly ${here}; --engine baseline computes everywhere, in plain JavaScript, with bits of its own\n`,
    )
    const predicted = await deltaprop(['predict', out, flowers, ...asked], { node })
    expect(predicted).toEqual(await deltaprop(['predict', out, flowers, ...asked]))
    expect(predicted.code).toBe(0)
  })

  it('reads JSON in every command that reads models', async () => {
    const json = join(folder, 'iris.json')
    await save(json, await load(out, Model))
    const table = 'examples/data/iris.csv'
    for (const line of [
      ['predict', json, table],
      ['evaluate', json, table],
      ['explain', json, '--data', table],
      ['inspect', json],
    ]) {
      expect((await deltaprop(line, { node })).code).toBe(1)
      const { code, stderr } = await deltaprop([...line, '--engine', 'baseline'], { node })
      expect({ code, stderr }, line[0]).toEqual({ code: 0, stderr: '' })
    }
  })

  it('measures what there is to measure', async () => {
    // V8 that compiles JavaScript: half a minute less.
    const without = ['--import', 'data:text/javascript,delete globalThis.WebAssembly']
    const { code, stdout } = await deltaprop(['bench', '--json'], { node: without })
    expect(code).toBe(0)
    const { networks } = JSON.parse(stdout) as { networks: { samplesPerSecond: object }[] }
    for (const { samplesPerSecond } of networks) {
      const baseline: unknown = expect.any(Number)
      expect(samplesPerSecond).toEqual({ exact: null, relaxed: null, baseline })
    }
  })
})
