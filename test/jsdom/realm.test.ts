/** What is of another realm in a window of jsdom, and that it is taken: all of this fails where values are judged by instanceof. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { parseCsv, parseIdx, readCsv, readIdx } from '../../src/data/index.js'
import { Network } from '../../src/index.js'
import { Predictor } from '../../src/inference/index.js'
import { Model } from '../../src/model/index.js'
import { load, save } from '../../src/node/index.js'

const text = 'a,b\n1,é\n2,x\n'
const table = parseCsv(text)

it('the bytes, errors and promises of Node are of another realm, those of the window are not', async () => {
  for (const bytes of [readFileSync('LICENSE'), gzipSync(text), Buffer.from(text)]) {
    expect(bytes instanceof Uint8Array).toBe(false)
  }
  expect(readFile('LICENSE') instanceof Promise).toBe(false)
  expect(await readFile('none').catch((error: unknown) => error instanceof Error)).toBe(false)
  expect(Uint8Array.of(1) instanceof Uint8Array).toBe(true)
  expect(typeof document).toBe('object')
})

it('files are read from them', async () => {
  const bytes = Buffer.from(text)
  expect(parseCsv(bytes)).toEqual(table)
  for (const source of [
    bytes,
    gzipSync(text),
    [gzipSync(text)],
    new Blob([text]),
    new File([text], 'a.csv'),
  ]) {
    expect(await readCsv(source)).toEqual(table)
  }
  const idx = gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 7))
  expect(parseIdx(gunzipSync(idx)).values).toEqual(Uint8Array.of(5, 7))
  expect((await readIdx(idx)).values).toEqual(Uint8Array.of(5, 7))
})

it('networks and models are read from them', () => {
  const net = new Network([2, 1], { seed: 1 })
  const bytes = Buffer.from(net.toBytes())
  expect(Network.fromBytes(bytes).toBytes()).toEqual(net.toBytes())
  expect([...Predictor.fromBytes(bytes).predict([1, 2])]).toEqual([...net.predict([1, 2])])
  const rows = [
    { a: 1, b: 2 },
    { a: 2, b: 3 },
  ]
  const model = Model.create(rows, { target: 'b', hidden: [2] })
  expect(Model.fromBytes(Buffer.from(model.toBytes())).toBytes()).toEqual(model.toBytes())
})

it('a signal of the window ends training', async () => {
  const controller = new AbortController()
  const net = new Network([2, 1], { seed: 1 })
  const onEpoch = (): void => controller.abort(new Error('enough'))
  const fitting = net.fit({ x: [1, 2, 3, 4], y: [0, 1] }, { epochs: 5, signal: controller.signal, onEpoch })
  await expect(fitting).rejects.toThrow('enough')
})

it('files are named by a URL of the window, and what the system says of them is an error of another realm', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jsdom-'))
  try {
    const net = new Network([2, 1], { seed: 1 })
    const url = new window.URL(`file://${folder}/a b.safetensors`)
    await save(url, net)
    expect((await load(url)).toBytes()).toEqual(net.toBytes())
    const none = join(folder, 'none')
    await expect(load(none)).rejects.toThrow(
      `${none}: expected a file that can be read, got no such file or directory`,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
