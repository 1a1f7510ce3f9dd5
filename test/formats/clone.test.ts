import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { MessageChannel, Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { Predictor } from '../../src/inference/index.js'
import { Model } from '../../src/model/index.js'

const rows = [
  { size: 1, kind: 'apple' },
  { size: 5, kind: 'melon' },
]
const makers = {
  Network: () => new Network([2, 3, 1], { seed: 1 }),
  baseline: () => new Network([2, 3, 1], { engine: 'baseline', seed: 1 }),
  Model: () => Model.create(rows, { target: 'kind', seed: 1 }),
  Predictor: () => Predictor.fromBytes(new Network([2, 3, 1], { seed: 1 }).toBytes()),
}

function thrown(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return 'nothing'
}

describe.each(Object.entries(makers))('%s', (name, make) => {
  const object = make()

  it('refuses to be cloned, alone or within something, and says what can be sent', () => {
    const { port1, port2 } = new MessageChannel()
    const ways = [
      () => structuredClone(object),
      () => structuredClone({ deep: [new Map([['net', object]])] }),
      () => port1.postMessage(object),
    ]
    for (const way of ways) {
      const error = thrown(way)
      expect(error).toMatchObject({ name: 'DataCloneError', code: 25 })
      // What V8 says of it; others say only that it cannot be cloned.
      expect(String(error)).toMatch(
        /^DataCloneError: \[object (Network|Model|Predictor) \(send .*fromBytes reads/,
      )
    }
    port1.close()
    port2.close()
  })

  it('is in all else the object that it was', () => {
    expect(inspect(object)).toBe(String(object))
    // eslint-disable-next-line @typescript-eslint/no-misused-spread -- what comes of it is what is looked at
    expect({ ...object }).toEqual(name === 'Model' ? { network: (object as Model).network } : {})
    const keys = []
    for (const key in object) keys.push(key)
    expect(keys).toEqual(name === 'Model' ? ['network'] : [])
    expect(object).not.toBeInstanceOf(WeakSet)
    expect('add' in object || 'has' in object || 'delete' in object).toBe(false)
    expect(object).toEqual(make())
    expect(Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(object)))).toBe(Object.prototype)
    expect(object.constructor.name).toMatch(/^(Network|Model|Predictor)$/)
  })

  it('is JSON as before', () => {
    if (object instanceof Predictor) return
    const text = JSON.stringify(object)
    expect(JSON.parse(text)).toHaveProperty('network')
  })
})

it('a class of the caller that is a Network, or has one, is refused too', () => {
  class Mine extends Network {
    readonly name = 'mine'
  }
  const mine = new Mine([2, 1])
  expect(mine).toBeInstanceOf(Mine)
  expect(mine.predict([1, 2])).toHaveLength(1)
  expect(thrown(() => structuredClone(mine))).toMatchObject({ name: 'DataCloneError' })
  expect(thrown(() => structuredClone({ mine }))).toMatchObject({ name: 'DataCloneError' })
})

it('bytes go to a worker and back, transferred, with every bit', async () => {
  const entry = pathToFileURL(resolve('dist/index.js')).href
  const code = `
    const { parentPort } = require('node:worker_threads')
    parentPort.once('message', async (bytes) => {
      const { Network } = await import(${JSON.stringify(entry)})
      const net = Network.fromBytes(bytes)
      await net.fit({ x: [1, 2, 3, 4], y: [1, 0] }, { epochs: 3 })
      const trained = net.toBytes()
      parentPort.postMessage(trained, [trained.buffer])
    })`
  const worker = new Worker(code, { eval: true })
  const net = new Network([2, 3, 1], { seed: 1 })
  const bytes = net.toBytes()
  worker.postMessage(bytes, [bytes.buffer])
  expect(bytes).toHaveLength(0)
  const [back] = (await once(worker, 'message')) as [Uint8Array]
  await worker.terminate()
  await net.fit({ x: [1, 2, 3, 4], y: [1, 0] }, { epochs: 3 })
  expect(Network.fromBytes(back).toBytes()).toEqual(net.toBytes())
})
