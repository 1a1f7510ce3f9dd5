/** What some runtimes lack; test/matrix/ runs the package in them. */
import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Network, sgd } from '../../src/index.js'
import { decodeBase64 } from '../../src/engine/wasm/unpack.js'
import { eventLoop } from '../../src/platform/event-loop.js'

afterEach(() => vi.unstubAllGlobals())

describe('base64', () => {
  it('every byte, at every place of a group, with every padding', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 6, 768, 769, 770]) {
      const bytes = Uint8Array.from({ length }, (_, i) => Math.floor(i / 3) + 85 * (i % 3))
      expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes)
    }
  })
})

describe('a later task', () => {
  it('lets what waits in the event loop have its turn, with MessageChannel and without', async () => {
    for (const channel of [MessageChannel, undefined]) {
      vi.stubGlobal('MessageChannel', channel)
      const passed: string[] = []
      setImmediate(() => passed.push('immediate'))
      while (passed.length === 0) await eventLoop.nextTask()
      expect(passed).toEqual(['immediate'])
    }
  })

  it('without an event loop it resolves', async () => {
    vi.stubGlobal('MessageChannel', undefined)
    vi.stubGlobal('setTimeout', undefined)
    await expect(eventLoop.nextTask()).resolves.toBeUndefined()
  })
})

/** The main entry as a script, which has it in the global variable `library`. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: "export * from './src/index.js'; export { baseline } from './src/engine/baseline/index.js'",
      resolveDir: '.',
    },
    bundle: true,
    format: 'iife',
    globalName: 'library',
    write: false,
  })
  return outputFiles[0].text
}

it('training, predicting and JSON need nothing but the language and WebAssembly, fit a clock beside', async () => {
  const code = await bundle()
  const run = `
    const { baseline, Network, sgd } = library
    const net = new Network([2, 3, 1], { seed: 1 })
    net.train([1, 2], [1], sgd())
    for (const engine of ['wasm', baseline]) new Network([2, 1], { engine }).dispose()
    Array.from(Network.fromJSON(JSON.parse(JSON.stringify(net))).predict([1, 2]))`
  const fit = `net.fit({ x: [1, 2, 3, 4], y: [0, 1] }, { epochs: 5 }).then(() => Array.from(net.predict([1, 2])))`
  const context = createContext()
  runInContext(code, context)
  const predicted = runInContext(run, context) as number[]
  Object.assign(context, { performance })
  const fitted = (await runInContext(fit, context)) as number[]

  const net = new Network([2, 3, 1], { seed: 1 })
  net.train([1, 2], [1], sgd())
  expect([...predicted]).toEqual([...net.predict([1, 2])])
  await net.fit({ x: [1, 2, 3, 4], y: [0, 1] }, { epochs: 5 })
  expect([...fitted]).toEqual([...net.predict([1, 2])])
})

it('a context that may not compile takes a module of another', async () => {
  const module = new WebAssembly.Module(readFileSync('dist/core.wasm'))
  const context = createContext({ module }, { codeGeneration: { strings: true, wasm: false } })
  runInContext(await bundle(), context)
  const run = 'Array.from(new library.Network([2, 3, 1], { seed: 1 }).predict([1, 2]))'
  expect(() => runInContext(run, context) as unknown).toThrow('compiling is forbidden here')
  const predicted = runInContext(`library.setCore(module); ${run}`, context) as number[]
  expect([...predicted]).toEqual([...new Network([2, 3, 1], { seed: 1 }).predict([1, 2])])
})
