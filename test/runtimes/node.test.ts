/** The entry of Node: networks and models in files. */
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as main from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import * as node from '../../src/node/index.js'
import { readableJSON } from '../../src/node/save.js'

const { adam, checkpointFile, load, Network, save } = node

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'node-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = (name: string): string => join(folder, name)

function trained(): main.Network {
  const net = new Network([2, 3, 1], { activation: 'tanh', seed: 1 })
  net.train([0.1, 0.2, 0.3, 0.4], [0, 1], adam())
  net.metadata = { note: 'a, [b] "c" {' }
  return net
}

const rows = [
  { size: 1, colour: 'red', price: 2 },
  { size: 2, colour: 'green', price: 4 },
]

it('has all that the main entry has, the same', () => {
  const { load, save, ...rest } = node
  expect(rest).toEqual({ ...main })
  expect([load, save].map((f) => typeof f)).toEqual(['function', 'function'])
})

describe('save and load', () => {
  it.each(['net.safetensors', 'net.json', 'net.JSON', 'no extension'])(
    '%s: a network, with the state of its training, to the bit',
    async (name) => {
      const net = trained()
      await save(file(name), net)
      const loaded = await load(file(name))
      expect(loaded).toBeInstanceOf(Network)
      expect(loaded.toBytes()).toEqual(net.toBytes())
      expect(readdirSync(folder)).toEqual([name])
      const isJSON = /json$/i.test(name)
      expect(readFileSync(file(name))[0] === 0x7b).toBe(isJSON)
    },
  )

  it.each(['model.safetensors', 'model.json'])('%s: a model, or the network in it', async (name) => {
    const model = Model.create(rows, { target: 'price', hidden: [2], seed: 1 })
    await save(file(name), model)
    expect((await load(file(name), Model)).toBytes()).toEqual(model.toBytes())
    expect((await load(file(name))).predict([1, 0, 1])).toEqual(model.network.predict([1, 0, 1]))
  })

  it('JSON is known by its content, too, and the name of a file may be a URL', async () => {
    const net = trained()
    writeFileSync(file('text'), JSON.stringify(net))
    expect((await load(file('text'))).toBytes()).toEqual(net.toBytes())
    const url = pathToFileURL(file('a b.safetensors'))
    await save(url, net)
    expect((await load(url)).toBytes()).toEqual(net.toBytes())
  })

  it('what is saved is what it was at the call', async () => {
    const net = trained()
    const bytes = net.toBytes()
    const saving = save(file('net'), net)
    net.layers[0].weights.fill(0)
    await saving
    expect((await load(file('net'))).toBytes()).toEqual(bytes)
  })

  it('the network in a checkpoint', async () => {
    const net = trained()
    await net.fit({ x: [1, 2], y: [0.5] }, { epochs: 2, checkpoint: checkpointFile({ path: file('net') }) })
    expect((await load(file('net'))).toBytes()).toEqual(net.toBytes())
  })

  it('what only its owner may read stays so', async () => {
    writeFileSync(file('net'), 'before', { mode: 0o600 })
    await save(file('net'), trained())
    expect(statSync(file('net')).mode & 0o777).toBe(0o600)
    const checkpoint = checkpointFile({ path: file('net') })
    await trained().fit({ x: [1, 2], y: [0.5] }, { checkpoint })
    expect(statSync(file('net')).mode & 0o777).toBe(0o600)
  })

  it('links to files stay links', async () => {
    writeFileSync(file('target'), 'before')
    symlinkSync(file('target'), file('link'))
    await save(file('link'), trained())
    expect(lstatSync(file('link')).isSymbolicLink()).toBe(true)
    expect((await load(file('link'))).toBytes()).toEqual(new Uint8Array(readFileSync(file('target'))))
  })

  it('many at once leave one of them whole', async () => {
    const nets = Array.from({ length: 8 }, (_, seed) => new Network([2, 1], { seed }))
    await Promise.all(nets.map((net) => save(file('net'), net)))
    const { seed } = await load(file('net'))
    expect(readFileSync(file('net'))).toEqual(Buffer.from(nets[seed].toBytes()))
    expect(readdirSync(folder)).toEqual(['net'])
  })
})

describe('errors', () => {
  const any = (value: unknown): never => value as never

  it('of arguments, before anything is written', async () => {
    const path = file('a')
    for (const [run, message] of [
      [() => save(any(7), trained()), 'path: expected the name of a file, or a file: URL, got 7'],
      [() => load(''), 'path: expected the name of a file, or a file: URL, got ""'],
      [
        () => load(new URL('https://example.org/a')),
        'path: expected the name of a file, or a file: URL, got https://example.org/a',
      ],
      [
        () => save(path, any({})),
        'saved: expected a Network, a Model or another object with toBytes, got an object',
      ],
      [
        () => save(`${path}.json`, any(null)),
        'saved: expected a Network, a Model or another object with toJSON, got null',
      ],
      [
        () => load(path, any({})),
        'kind: expected Network, or a class with fromBytes and fromJSON, got an object',
      ],
    ] as const) {
      await expect(run()).rejects.toThrow(new TypeError(message))
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('of files, which they name', async () => {
    const path = file('net')
    await expect(load(path)).rejects.toMatchObject({
      message: `${path}: expected a file that can be read, got no such file or directory`,
      cause: { code: 'ENOENT' },
    })
    await expect(load(folder)).rejects.toThrow(`${folder}: expected a file that can be read, got a directory`)
    await expect(load('/dev/null')).rejects.toThrow(
      '/dev/null: expected a file that can be read, got no file',
    )
    await expect(save(folder, trained())).rejects.toThrow(
      `${folder}: expected a file that can be written, got a directory`,
    )
    await expect(save(file('no/net'), trained())).rejects.toThrow(
      `${file('no/net')}: expected a file that can be written, got no such file or directory`,
    )
  })

  it('of contents', async () => {
    const bytes = trained().toBytes()
    for (const [name, content, message] of [
      ['a', '', 'expected safetensors, JSON, or a model of another tool, got something else'],
      [
        'a',
        'something else altogether',
        'expected safetensors, JSON, or a model of another tool, got something else',
      ],
      ['a', '{"format"', 'expected JSON: cut off, or another format'],
      ['a.json', bytes, 'expected UTF-8'],
      ['a', '{}', 'format: expected "deltaprop", of a network, got undefined'],
      ['a.json', '{"name": "a"}', 'format: expected "deltaprop", of a network, got undefined'],
      [
        'a',
        bytes.subarray(0, 20),
        /^expected a header of at most 12 bytes, got \d+: cut off, or another format$/,
      ],
    ] as const) {
      writeFileSync(file(name), content)
      const error: unknown = await load(file(name)).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(Error)
      const said = String(error).replace(`Error: ${file(name)}: `, '')
      if (typeof message === 'string') expect(said).toBe(message)
      else expect(said).toMatch(message)
      rmSync(file(name))
    }
  })

  it('a file that is too large for its format is not read', async () => {
    // Holes, which take no room on the disk.
    writeFileSync(file('large'), '{')
    truncateSync(file('large'), 2 ** 35)
    await expect(load(file('large'))).rejects.toThrow(
      /large: expected at most \d+ bytes of json, got 34359738368$/,
    )
    writeFileSync(file('large'), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0x7b))
    truncateSync(file('large'), 2 ** 35)
    await expect(load(file('large'))).rejects.toThrow(
      /large: expected at most \d+ bytes of safetensors, got 34359738368$/,
    )
  })

  it('what is there stays, and nothing is left beside it, if the new file cannot be written', async () => {
    const path = file('net')
    writeFileSync(path, 'before')
    const failing = { toBytes: (): Uint8Array => 7 as never }
    await expect(save(path, failing)).rejects.toThrow(`${path}: expected a file that can be written, got`)
    expect(readFileSync(path, 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['net'])
    await mkdir(file('sub'))
    await expect(save(file('sub'), trained())).rejects.toThrow('got a directory')
    expect(existsSync(file('sub'))).toBe(true)
  })
})

describe('readableJSON', () => {
  it('has a line for what has no brackets inside', () => {
    const value = { a: 1, b: [], c: [[1, 2], [3], ['[']], d: { e: {}, f: { g: null } } }
    const text = readableJSON(value)
    expect(text).toBe(
      [
        '{',
        '  "a": 1,',
        '  "b": [],',
        '  "c": [',
        '    [1,2],',
        '    [3],',
        '    ["["]',
        '  ],',
        '  "d": {',
        '    "e": {},',
        '    "f": {"g":null}',
        '  }',
        '}',
      ].join('\n'),
    )
    expect(JSON.parse(text)).toEqual(value)
  })
})
