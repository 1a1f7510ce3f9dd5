/** Values of another realm: every function that takes bytes, arrays, signals, errors or promises takes theirs. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { csvBatches, parseCsv, parseIdx, readCsv, readIdx } from '../../src/data/index.js'
import { Predictor } from '../../src/inference/index.js'
import { adam, Network, type FitData } from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import { load } from '../../src/node/index.js'
import { crossValidate, split } from '../../src/selection/index.js'
import { errorDetails } from '../../src/base/argument-error.js'
import { messageOf } from '../../src/base/thrown.js'

afterEach(() => vi.unstubAllGlobals())

const context = createContext({ console })
/** What code makes there. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what its code makes
const there = <T>(code: string): T => runInContext(code, context) as T
/** The same numbers, in a typed array or an array of the other realm. */
function moved<T extends ArrayLike<number>>(values: T, kind: string): T {
  return there<(numbers: readonly number[]) => T>(`(numbers) => ${kind}.from(numbers)`)(Array.from(values))
}
const bytes = (values: ArrayLike<number>): Uint8Array => moved(values, 'Uint8Array') as Uint8Array
const any = (value: unknown): never => value as never

const data = {
  x: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
  y: Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)),
}
const options = { epochs: 3, batchSize: 4 }

it('they are of another realm', () => {
  expect(bytes([1]) instanceof Uint8Array).toBe(false)
  expect(moved([1], 'Array') instanceof Array).toBe(false)
})

describe('bytes', () => {
  const text = new TextEncoder().encode('a,b\n1,é\n')
  const idx = [0, 0, 8, 1, 0, 0, 0, 2, 5, 7]

  it('of CSV, plain and packed, whole and in chunks', async () => {
    const expected = parseCsv(text)
    expect(parseCsv(bytes(text))).toEqual(expected)
    for (const file of [text, gzipSync(text)]) {
      expect(await readCsv(bytes(file))).toEqual(expected)
      expect(await readCsv(Array.from(file, (byte) => bytes([byte])))).toEqual(expected)
      for await (const table of csvBatches(bytes(file))) expect(table).toEqual(expected)
    }
    expect(await readCsv(there('(function* () { yield new Uint8Array([97, 10]); yield "1" })()'))).toEqual(
      parseCsv('a\n1'),
    )
  })

  it('of IDX, plain and packed', async () => {
    expect(parseIdx(bytes(idx))).toEqual(parseIdx(Uint8Array.from(idx)))
    expect(await readIdx(bytes(idx))).toEqual(parseIdx(Uint8Array.from(idx)))
    expect(await readIdx(bytes(gzipSync(Uint8Array.from(idx))))).toEqual(parseIdx(Uint8Array.from(idx)))
  })

  it('of networks and models', () => {
    const net = new Network([2, 3, 1], { seed: 1 })
    const saved = bytes(net.toBytes())
    expect(Network.fromBytes(saved).toBytes()).toEqual(net.toBytes())
    expect([...Predictor.fromBytes(saved).predict([1, 2])]).toEqual([...net.predict([1, 2])])
    const model = Model.create(
      [
        { a: 1, b: 2 },
        { a: 2, b: 3 },
      ],
      { target: 'b', hidden: [2] },
    )
    expect(Model.fromBytes(bytes(model.toBytes())).toBytes()).toEqual(model.toBytes())
  })

  it('an ArrayBuffer in their place, of any realm, is an error that says how', () => {
    for (const buffer of [new ArrayBuffer(8), there<ArrayBuffer>('new ArrayBuffer(8)')]) {
      const message = 'bytes: expected a Uint8Array, got an ArrayBuffer; new Uint8Array(buffer) has its bytes'
      const takers: ((value: never) => unknown)[] = [
        (value) => Network.fromBytes(value),
        (value) => Predictor.fromBytes(value),
        (value) => Model.fromBytes(value),
        (value) => parseIdx(value),
      ]
      for (const take of takers) expect(() => take(any(buffer))).toThrow(new TypeError(message))
      expect(() => parseCsv(any(buffer))).toThrow('got an ArrayBuffer; new Uint8Array(buffer) has its bytes')
    }
  })
})

describe('samples', () => {
  const kinds = ['Float32Array', 'Float64Array', 'Array']

  it.each(kinds)('as a %s are trained on, predicted and evaluated with the same bits', async (kind) => {
    for (const precision of ['f32', 'f64'] as const) {
      const here: FitData = { x: Float64Array.from(data.x), y: Float64Array.from(data.y) }
      const theirs: FitData = { x: moved(data.x, kind), y: moved(data.y, kind) }
      const [a, b] = [0, 1].map(() => new Network([2, 3, 1], { seed: 1, precision }))
      await a.fit(here, options)
      await b.fit(theirs, options)
      a.train(here.x, here.y, adam())
      b.train(theirs.x, theirs.y, adam())
      expect(b.toBytes()).toEqual(a.toBytes())
      expect(b.predict(theirs.x)).toEqual(a.predict(here.x))
      expect(b.loss(theirs.x, theirs.y)).toBe(a.loss(here.x, here.y))
    }
  })

  it('are a copy, so that whoever writes to them changes nothing of a fit', async () => {
    const [a, b] = [0, 1].map(() => new Network([2, 3, 1], { seed: 1 }))
    const x = moved(data.x, 'Float32Array')
    const fitting = b.fit({ x, y: data.y }, options)
    x.fill(0)
    await fitting
    await a.fit(data, options)
    expect(b.toBytes()).toEqual(a.toBytes())
  })

  it('as rows of theirs, in an array of theirs', async () => {
    const rows = there<number[][]>('[[1, 2], [3, 4], [5, 6]]')
    const typed = there<Float32Array[]>('[[1, 2], [3, 4], [5, 6]].map((row) => Float32Array.from(row))')
    const net = new Network([2, 1], { seed: 1 })
    expect(net.predict(rows)).toEqual(net.predict([1, 2, 3, 4, 5, 6]))
    expect(net.predict(typed)).toEqual(net.predict([1, 2, 3, 4, 5, 6]))
    await net.fit({ x: rows, y: typed.map(([first]) => first) })
  })

  it.each(['Float32Array', 'Float64Array', 'Uint8Array', 'Int16Array'])(
    'as a %s are split into arrays of that kind, of this realm',
    (kind) => {
      const [x, y] = [moved([1, 2, 3, 4, 5, 6, 7, 8], kind), moved([0, 1, 0, 1], kind)]
      const local = Reflect.get(globalThis, kind) as Float32ArrayConstructor
      const expected = split({ x: local.from(x), y: local.from(y) }, { test: 0.5, inputs: 2, seed: 1 })
      const parts = split({ x, y }, { test: 0.5, inputs: 2, seed: 1 })
      expect(parts).toEqual(expected)
      expect(parts.train.x).toBeInstanceOf(local)
    },
  )

  it('are cross-validated with the same bits', async () => {
    const theirs = { x: moved(data.x, 'Float32Array'), y: moved(data.y, 'Float32Array') }
    const run = async (data: { x: Float32Array; y: Float32Array }): Promise<unknown> => {
      const recipe = {
        create: () => new Network([2, 3, 1], { seed: 1 }),
        fit: options,
        inputs: 2,
        folds: 2,
        seed: 1,
        parallel: 1,
      }
      return (await crossValidate(data, any(recipe))).metrics
    }
    expect(await run(theirs)).toEqual(await run(data))
  })
})

describe('signals, by what they can do', () => {
  /** As jsdom, undici and older libraries have one; without a reason and throwIfAborted, if it is an old one. */
  class Signal extends EventTarget {
    aborted = false
    reason: unknown
    abort(reason: unknown): void {
      this.aborted = true
      this.reason = reason
      this.dispatchEvent(new Event('abort'))
    }
  }

  it.each([
    ['with a reason', new Error('enough'), 'enough'],
    ['without one', undefined, 'this operation was aborted'],
  ])('%s', async (_, reason, message) => {
    const net = new Network([2, 1], { seed: 1 })
    const before = new Signal()
    before.abort(reason)
    await expect(net.fit(data, { ...options, signal: any(before) })).rejects.toThrow(message)
    const during = new Signal()
    const onEpoch = (): void => during.abort(reason)
    await expect(net.fit(data, { ...options, signal: any(during), onEpoch })).rejects.toThrow(message)
  })

  it('what is none is an error', async () => {
    for (const signal of [{}, { aborted: false }, new AbortController(), new EventTarget()]) {
      await expect(new Network([2, 1]).fit(data, { signal: any(signal) })).rejects.toThrow(
        /^signal: expected an AbortSignal, got an? (object|AbortController; give its signal|EventTarget)$/,
      )
    }
  })
})

describe('promises', () => {
  it('of theirs are waited for', async () => {
    const net = new Network([2, 1], { seed: 1 })
    const stop = there<() => unknown>('() => Promise.resolve(false)')
    expect(await net.fit(data, { epochs: 5, onEpoch: stop })).toMatchObject({ ended: 'onEpoch' })
    expect(await net.fit(data, { epochs: 5, onBatch: stop })).toMatchObject({ ended: 'onBatch' })
  })

  it('those of the language are, where a library has put its own in the place of Promise', async () => {
    const expected = new Network([2, 3, 1], { seed: 1 })
    await expected.fit(data, { ...options, onBatch: () => undefined })
    class Other<T> extends Promise<T> {}
    vi.stubGlobal('Promise', Other)
    const net = new Network([2, 3, 1], { seed: 1 })
    const history = await net.fit(data, { ...options, onBatch: () => undefined })
    vi.unstubAllGlobals()
    expect(history.epochs).toHaveLength(3)
    expect(net.toBytes()).toEqual(expected.toBytes())
  })
})

describe('errors', () => {
  it('of theirs say what they say', async () => {
    expect(messageOf(there('new RangeError("no")'))).toBe('no')
    expect(messageOf('no')).toBe('no')
    expect(
      errorDetails(there('Object.assign(new RangeError("no"), { details: { path: "x", expected: "yes" } })')),
    ).toEqual({ path: 'x', expected: 'yes' })
    const thrown = there<Error>('new Error("theirs")')
    const fit = (): Promise<unknown> =>
      new Network([2, 1]).fit(data, {
        onEpoch: () => {
          throw thrown
        },
      })
    await expect(fit()).rejects.toBe(thrown)
  })
})

it('file: URLs of another realm are names of files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'realms-'))
  try {
    const path = join(folder, 'a b.safetensors')
    const net = new Network([2, 1], { seed: 1 })
    await writeFile(path, net.toBytes())
    expect(readFileSync(path)).toHaveLength(net.toBytes().length)
    const { href } = pathToFileURL(path)
    const url = { [Symbol.toStringTag]: 'URL', href, toString: () => href }
    expect((await load(any(url))).toBytes()).toEqual(net.toBytes())
    await expect(load(any({ ...url, toString: () => 'http://a/b' }))).rejects.toThrow(
      new TypeError('path: expected the name of a file, or a file: URL, got http://a/b'),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
