import { describe, expect, it } from 'vitest'
import { stream } from '../../src/index.js'
import { Model } from '../../src/model/index.js'

describe('a model trains on batches of data with names', () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    length: i,
    colour: i % 2 === 0 ? 'red' : 'green',
    count: i % 3,
    kind: i < 30 ? 'apple' : 'melon',
  }))
  const batches = [rows.slice(0, 20), rows.slice(20, 25), rows.slice(25)]
  const make = (): Model => Model.create(rows, { target: 'kind', weights: 'count', seed: 1 })
  const options = { epochs: 3, batchSize: 8 }

  it('as the network does on the same batches, encoded', async () => {
    const expected = make()
    const encoded = batches.map((batch) => {
      const { x, y = [] } = expected.encode(batch)
      return { x, y, weights: batch.map(({ count }) => count) }
    })
    await expected.network.fit(stream(encoded), options)
    const generate = async function* (): AsyncGenerator<object[]> {
      for (const batch of batches) yield await Promise.resolve(batch)
    }
    for (const data of [batches, () => batches, generate]) {
      const model = make()
      await model.fit(data, options)
      expect(model.toBytes()).toEqual(expected.toBytes())
    }
  })

  it('and says which batch is wrong', async () => {
    const model = make()
    await expect(model.fit([rows, [{ length: 1, colour: 'red', count: 1 }]])).rejects.toThrow(
      'batch 2: expected a column kind, the target',
    )
    expect(model.network.layers).toEqual(make().network.layers)
  })
})
