import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as deltaprop from '../../src/index.js'
import { checkpointFile, adam, Network, sgd, type OptimizerOption } from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import { optimizerNames } from '../../src/definition/optimizers.js'
import { crossValidate, gridSearch } from '../../src/selection/index.js'
import { engineOf } from '../support/ways.js'

const x = Array.from({ length: 20 }, (_, i) => [i / 20, (i % 5) / 5])
const y = x.map(([a, b]) => [a * b])
const create = (engine: 'wasm' | 'baseline' = 'wasm'): Network =>
  new Network([2, 4, 1], { activation: 'tanh', engine: engineOf[engine], seed: 1 })

describe.each(['wasm', 'baseline'] as const)('an optimiser by its name, or what makes it, %s', (engine) => {
  it.each(optimizerNames)('%s', async (name) => {
    const make = deltaprop[name]
    const trained = async (optimizer: OptimizerOption): Promise<Uint8Array> => {
      const net = create(engine)
      net.accumulate(x, y)
      net.update(optimizer)
      net.train(x, y, optimizer)
      net.train(x, y, optimizer)
      await net.fit({ x, y }, { optimizer, epochs: 2, batchSize: 4 })
      for await (const { loss } of net.epochs({ x, y }, { optimizer, epochs: 2 }))
        expect(loss).toBeGreaterThan(0)
      return net.toBytes()
    }
    const expected = await trained(make())
    expect(await trained(name)).toEqual(expected)
    expect(await trained(make)).toEqual(expected)
    expect(await trained(() => make())).toEqual(expected)
  })
})

describe('selection', () => {
  const shared = { network: { hidden: [3] }, folds: 2, seed: 1 } as const

  it.each<[string, OptimizerOption]>([
    ['a name', 'sgd'],
    ['a maker', sgd],
  ])('cross-validates with %s', async (_, optimizer) => {
    const run = (each: OptimizerOption): Promise<{ metrics: unknown }> =>
      crossValidate({ x, y }, { ...shared, fit: { epochs: 2, optimizer: each } })
    expect((await run(optimizer)).metrics).toEqual((await run(sgd())).metrics)
  })

  it('searches with names, makers and optimisers alike, and their hyper-parameters', async () => {
    const result = await gridSearch(
      { x, y },
      {
        ...shared,
        fit: { epochs: 2 },
        space: { optimizer: [adam, 'adam', adam()], learningRate: [0.01, 0.1] },
      },
    )
    const scores = result.trials.map(({ score }) => score)
    expect(new Set(scores.filter((_, i) => i % 2 === 0)).size).toBe(1)
    expect(new Set(scores).size).toBe(2)
    expect(String(result)).toContain('adam')
  })

  it('trains in workers with a maker', async () => {
    const run = (optimizer: OptimizerOption): Promise<{ metrics: unknown }> =>
      crossValidate({ x, y }, { ...shared, parallel: 2, fit: { epochs: 2, optimizer } })
    expect((await run(sgd)).metrics).toEqual((await run('sgd')).metrics)
  })

  it('takes the optimiser of fit by its name beside a space', async () => {
    const result = await gridSearch(
      { x, y },
      { ...shared, fit: { epochs: 2, optimizer: 'sgd' }, space: { momentum: [0, 0.9] } },
    )
    expect(result.trials).toHaveLength(2)
  })
})

it('a model is fitted with a name', async () => {
  const rows = x.map(([a, b]) => ({ a, b, c: a * b }))
  const fitted = async (optimizer: OptimizerOption): Promise<Uint8Array> => {
    const model = Model.create(rows, { target: 'c', seed: 1 })
    await model.fit(rows, { epochs: 3, optimizer })
    return model.toBytes()
  }
  expect(await fitted('nadam')).toEqual(await fitted(deltaprop.nadam()))
})

it('earlyStopping: true has the defaults, false and undefined have none', async () => {
  const ended = async (earlyStopping: boolean | object | undefined): Promise<unknown> => {
    const options = {
      epochs: 40,
      optimizer: sgd({ learningRate: 0 }),
      ...(earlyStopping !== undefined && { earlyStopping }),
    }
    const { epochs, ended } = await create().fit({ x, y }, options)
    return [epochs.length, ended]
  }
  expect(await ended({})).toEqual([11, 'earlyStopping'])
  expect(await ended(true)).toEqual(await ended({}))
  expect(await ended(false)).toEqual([40, 'epochs'])
  expect(await ended(undefined)).toEqual([40, 'epochs'])
})

it("schedule: 'reduceOnPlateau' has the defaults", async () => {
  const rates = async (schedule: 'reduceOnPlateau' | { type: 'reduceOnPlateau' }): Promise<number[]> => {
    // The loss of so small steps becomes less by less than a ten thousandth.
    const optimizer = sgd({ learningRate: 1e-9 })
    const { epochs } = await create().fit({ x, y }, { epochs: 30, optimizer, schedule })
    return epochs.map(({ learningRate }) => learningRate)
  }
  const expected = await rates({ type: 'reduceOnPlateau' })
  expect(await rates('reduceOnPlateau')).toEqual(expected)
  expect(new Set(expected).size).toBeGreaterThan(1)
})

it('checkpoint: a path has the defaults', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'named-defaults-'))
  const path = join(folder, 'net.checkpoint')
  await create().fit({ x, y }, { epochs: 2, checkpoint: checkpointFile(path) })
  const net = create()
  const { epochs } = await net.fit(
    { x, y },
    { epochs: 3, checkpoint: checkpointFile({ path, resume: true }) },
  )
  const whole = create()
  await whole.fit({ x, y }, { epochs: 3 })
  expect(epochs).toHaveLength(3)
  expect(net.toBytes()).toEqual(whole.toBytes())
})
