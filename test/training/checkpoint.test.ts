/** Training that is stopped and goes on is training that was never stopped, to the bit. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from '../support/fast-check.js'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  checkpointFile,
  adam,
  Network,
  rmsprop,
  sgd,
  type BatchReport,
  type EpochReport,
  type FitData,
  type FitOptions,
  type History,
  stream,
} from '../../src/index.js'
import { randomRows } from '../support/random-rows.js'
import * as safetensors from '../support/safetensors.js'
import { engineOf, like } from '../support/ways.js'

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'))
const path = join(folder, 'net.safetensors')
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => rmSync(path, { force: true }))

const data = { x: randomRows(50, 4, 1), y: randomRows(50, 2, 2) }
const validation = { x: randomRows(30, 4, 7), y: randomRows(30, 2, 8) }

/** All that training leaves behind, but for how long it took. */
function left(net: Network, { epochs, ...rest }: History): unknown {
  return [net.toBytes(), epochs.map((report) => ({ ...report, seconds: 0 })), rest]
}

const cases: readonly [string, FitOptions][] = [
  ['adam', { optimizer: adam({ amsgrad: true }) }],
  ['momentum, not shuffled', { optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), shuffle: false }],
  [
    'schedules',
    {
      optimizer: rmsprop(),
      schedule: [
        { type: 'exponential', gamma: 0.9 },
        { type: 'linearWarmup', steps: 9 },
      ],
    },
  ],
  ['a function for a schedule', { schedule: (update) => 0.1 / (1 + update) }],
  [
    'dropout, penalties, limits',
    { dropout: 0.2, l1: 0.001, clipGradients: { globalNorm: 0.3 }, maxWeightNorm: 1 },
  ],
  ['an average', { averageWeights: 0.9, validation }],
  [
    'a plateau and early stopping',
    {
      optimizer: sgd({ learningRate: 0.3, momentum: 0.5 }),
      validation,
      schedule: { type: 'reduceOnPlateau', patience: 0, factor: 0.5, threshold: 0.01 },
      earlyStopping: { patience: 3, minDelta: 0.001 },
    },
  ],
  [
    'early stopping without the best, a fraction',
    { validation: 0.3, earlyStopping: { patience: 2, restoreBest: false } },
  ],
  [
    'early stopping of an average',
    {
      averageWeights: 0.5,
      optimizer: sgd({ learningRate: 0.5 }),
      validation,
      earlyStopping: { patience: 2 },
    },
  ],
]

describe.each(['wasm', 'baseline'] as const)('fit with checkpoints, %s', (engine) => {
  const fresh = (seed = 3): Network =>
    new Network([4, 6, 2], { activation: 'tanh', seed, engine: engineOf[engine] })

  describe.each(cases)('%s', (_, special) => {
    const given: FitOptions = { epochs: 12, batchSize: 16, ...special }

    it.each<[string, FitOptions]>([
      ['epochs', { epochs: 5 }],
      ['onEpoch', { onEpoch: ({ epoch }: EpochReport) => epoch < 4 }],
      [
        'onBatch in the middle of an epoch',
        { onBatch: ({ epoch, batch }: BatchReport) => epoch < 3 || batch < 2 },
      ],
      [
        'onBatch at the end of an epoch',
        { onBatch: ({ epoch, batch }: BatchReport) => epoch < 3 || batch < 4 },
      ],
      ['onBatch in the first batch', { onBatch: () => false }],
    ])('goes on after an end by %s', async (_, stop) => {
      const [one, two, three] = [fresh(), fresh(), fresh()]
      const whole = left(one, await one.fit(data, given))
      await two.fit(data, { ...given, ...stop, checkpoint: checkpointFile({ path, every: 100 }) })
      const checkpoint = checkpointFile({ path, resume: true })
      expect(left(three, await three.fit(data, { ...given, checkpoint }))).toEqual(whole)
      // What is over is not trained again.
      const four = fresh()
      expect(left(four, await four.fit(data, { ...given, checkpoint }))).toEqual(whole)
    })

    it('goes on after an error, from the last multiple of every', async () => {
      const [one, two, three] = [fresh(), fresh(), fresh()]
      const whole = left(one, await one.fit(data, given))
      const throwing = ({ epoch }: BatchReport): void => {
        if (epoch === 4) throw new Error('mine')
      }
      const stopped = two.fit(data, {
        ...given,
        onBatch: throwing,
        checkpoint: checkpointFile({ path, every: 2 }),
      })
      await stopped.catch(() => undefined)
      const saved = Network.fromBytes(readFileSync(path), like(two))
      const asked: number[] = []
      const onEpoch = ({ epoch }: EpochReport): unknown => asked.push(epoch)
      const history = await three.fit(data, {
        ...given,
        onEpoch,
        checkpoint: checkpointFile({ path, resume: true }),
      })
      expect(left(three, history)).toEqual(whole)
      expect(asked[0] ?? 3).toBe(3)
      expect(String(saved)).toBe(String(two))
    })
  })

  it('checkpoints change no bit, and one of a fit that was not the network’s first goes on as well', async () => {
    const [one, two, three] = [fresh(), fresh(), fresh()]
    const given = { epochs: 3, batchSize: 16, optimizer: adam() }
    await one.fit(data, given)
    const whole = left(one, await one.fit(data, given))
    await two.fit(data, given)
    expect(left(two, await two.fit(data, { ...given, checkpoint: checkpointFile({ path }) }))).toEqual(whole)
    rmSync(path)
    await three.fit(data, given)
    await three.fit(data, { ...given, epochs: 2, checkpoint: checkpointFile({ path }) })
    const four = fresh()
    expect(
      left(four, await four.fit(data, { ...given, checkpoint: checkpointFile({ path, resume: true }) })),
    ).toEqual(whole)
  })

  it('with threads, before and after', async () => {
    const [one, two, three] = [fresh(), fresh(), fresh()]
    const given: FitOptions = { epochs: 5, batchSize: 16, dropout: 0.3, validation, earlyStopping: {} }
    const whole = left(one, await one.fit(data, given))
    const onBatch = ({ epoch, batch }: BatchReport): boolean => epoch < 3 || batch < 2
    await two.fit(data, { ...given, threads: 2, onBatch, checkpoint: checkpointFile({ path }) })
    const checkpoint = checkpointFile({ path, resume: true })
    expect(left(three, await three.fit(data, { ...given, threads: 2, checkpoint }))).toEqual(whole)
  })

  it('with one worker that shares no memory, at the end of an epoch: nothing of it is left to be trained', async () => {
    const [one, two, three] = [fresh(), fresh(), fresh()]
    const given: FitOptions = { epochs: 3, batchSize: 50, averageWeights: 0.9 }
    const whole = left(one, await one.fit(data, given))
    const onBatch = ({ epoch }: BatchReport): boolean => epoch < 3
    await two.fit(data, { ...given, threads: 2, onBatch, checkpoint: checkpointFile({ path }) })
    vi.stubGlobal('SharedArrayBuffer', undefined)
    const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined)
    const history = await three.fit(data, {
      ...given,
      threads: 1,
      checkpoint: checkpointFile({ path, resume: true }),
    })
    vi.unstubAllGlobals()
    warn.mockRestore()
    expect(left(three, history)).toEqual(whole)
  })

  it('streams: what has been trained of an epoch is left out', async () => {
    const source = stream(function* (): Generator<FitData> {
      for (const [start, end] of [
        [0, 7],
        [7, 30],
        [30, 50],
      ])
        yield { x: data.x.slice(start, end), y: data.y.slice(start, end) }
    })
    const given = { epochs: 3, batchSize: 8, shuffle: true, dropout: 0.2 }
    const one = fresh()
    const whole = left(one, await one.fit(source, given))
    for (let stop = 1; stop <= 21; ++stop) {
      rmSync(path, { force: true })
      const [two, three] = [fresh(), fresh()]
      let batches = 0
      await two.fit(source, {
        ...given,
        onBatch: () => ++batches < stop,
        checkpoint: checkpointFile({ path }),
      })
      const checkpoint = checkpointFile({ path, resume: true })
      expect(left(three, await three.fit(source, { ...given, checkpoint }))).toEqual(whole)
    }
    const [two, three] = [fresh(), fresh()]
    await two.fit(source, {
      ...given,
      onBatch: ({ batch }) => batch < 2,
      checkpoint: checkpointFile({ path }),
    })
    const other = stream([data])
    const resumed = three.fit(other, { ...given, checkpoint: checkpointFile({ path, resume: true }) })
    await expect(resumed).rejects.toThrow(
      new RangeError('data[0]: expected the pieces of the checkpoint, which has trained 15 of its rows'),
    )
    const shorter = stream([{ x: data.x.slice(0, 8), y: data.y.slice(0, 8) }])
    await expect(
      fresh().fit(shorter, { ...given, checkpoint: checkpointFile({ path, resume: true }) }),
    ).rejects.toThrow(
      new RangeError('data: expected the pieces of the checkpoint, which has trained 15 rows, got 8'),
    )
  })

  it('a failure in an epoch that is gone on with goes back to the checkpoint', async () => {
    const [one, two] = [fresh(), fresh()]
    const given = { epochs: 3, batchSize: 16, shuffle: false }
    await one.fit(data, { ...given, onBatch: ({ batch }) => batch < 2, checkpoint: checkpointFile({ path }) })
    const broken = { x: data.x, y: data.y.map((row, i) => (i === 49 ? [3e38, -3e38] : row)) }
    await expect(
      two.fit(broken, { ...given, checkpoint: checkpointFile({ path, resume: true, otherData: true }) }),
    ).rejects.toThrow(/^fit: the loss is \w+ in batch 4 of epoch 1; the weights are those of the checkpoint$/)
    expect(two.layers[0].weights).toEqual(one.layers[0].weights)
  })

  it('without the file training begins', async () => {
    const [one, two] = [fresh(), fresh()]
    const whole = left(one, await one.fit(data, { epochs: 2 }))
    expect(
      left(two, await two.fit(data, { epochs: 2, checkpoint: checkpointFile({ path, resume: true }) })),
    ).toEqual(whole)
    // And without resume it begins anew.
    const three = fresh()
    expect(left(three, await three.fit(data, { epochs: 2, checkpoint: checkpointFile({ path }) }))).toEqual(
      whole,
    )
  })

  it('the file is a network as it stands in training', async () => {
    const net = fresh()
    await net.fit(data, { epochs: 3, checkpoint: checkpointFile({ path }) })
    const read = Network.fromBytes(readFileSync(path), like(net))
    expect(read.toBytes()).toEqual(net.toBytes())
    expect(readdirSync(folder)).toEqual(['net.safetensors'])
  })

  it('what is not as in the file is named, and nothing is changed', async () => {
    const given: FitOptions = {
      epochs: 3,
      batchSize: 16,
      optimizer: adam(),
      schedule: { type: 'step', stepSize: 3 },
      validation,
      earlyStopping: { patience: 2 },
    }
    await fresh().fit(data, { ...given, checkpoint: checkpointFile({ path }) })
    const rejects = async (
      net: Network,
      other: FitOptions,
      message: string,
      samples = data,
    ): Promise<void> => {
      const before = net.toBytes()
      const fit = net.fit(samples, { ...given, ...other, checkpoint: checkpointFile({ path, resume: true }) })
      const instead = `; delete ${path} or give another path; resume left out overwrites it`
      await expect(fit).rejects.toThrow(new RangeError(`${message}${instead}`))
      expect(net.toBytes()).toEqual(before)
    }
    await rejects(fresh(4), {}, 'checkpoint.network.seed: expected 4 as here, got 3')
    const larger = new Network([4, 7, 2], { activation: 'tanh', seed: 3, engine: engineOf[engine] })
    await rejects(larger, {}, 'checkpoint.network.layers[0].units: expected 7 as here, got 6')
    const named: [FitOptions, string][] = [
      [{ batchSize: 17 }, 'checkpoint.batchSize: expected 17 as here, got 16'],
      [{ optimizer: sgd() }, 'checkpoint.optimizer.type: expected "sgd" as here, got "adam"'],
      [{ optimizer: adam({ beta1: 0.5 }) }, 'checkpoint.optimizer.beta1: expected 0.5 as here, got 0.9'],
      [
        { schedule: { type: 'exponential', gamma: 0.5 } },
        'checkpoint.schedule[0].type: expected "exponential" as here, got "step"',
      ],
      [
        { schedule: { type: 'step', stepSize: 4 } },
        'checkpoint.schedule[0].given.stepSize: expected 4 as here, got 3',
      ],
      [{ shuffle: false }, 'checkpoint.shuffle: expected false as here, got true'],
      [{ l2: 0.1 }, 'checkpoint.l2: expected 0.1 as here, got 0'],
      [{ averageWeights: 0.9 }, 'checkpoint.averageWeights: expected 0.9 as here, got undefined'],
      [{ clipGradients: { norm: 2 } }, 'checkpoint.clipGradients.norm: expected 2 as here, got 0'],
      [{ dropout: 0.1 }, 'checkpoint.dropout: expected an array as here, got undefined'],
      [{ earlyStopping: { patience: 3 } }, 'checkpoint.earlyStopping.patience: expected 3 as here, got 2'],
      [{ validation: data }, 'checkpoint.validation: expected 50 as here, got 30'],
      [{ epochs: 2 }, 'epochs: expected an integer >= 3, got 2'],
    ]
    for (const [other, message] of named) await rejects(fresh(), other, message)
    const fewer = { x: data.x.slice(1), y: data.y.slice(1) }
    await rejects(fresh(), {}, 'checkpoint.samples: expected 49 as here, got 50', fewer)
    writeFileSync(path, fresh().toBytes())
    await rejects(fresh(), {}, 'checkpoint: expected a checkpoint of fit, got a saved network')
  })
})

it('what cannot be written is said at once', async () => {
  const net = new Network([4, 2], { seed: 1 })
  const before = net.toBytes()
  const there = join(folder, 'not there', 'a')
  for (const [wrong, got] of [
    [there, 'ENOENT: no such file or directory'],
    [folder, 'a directory'],
  ]) {
    await expect(net.fit(data, { checkpoint: checkpointFile({ path: wrong }) })).rejects.toThrow(
      `checkpoint.path: expected a file that can be written, got ${got}`,
    )
  }
  expect(net.toBytes()).toEqual(before)
  expect(() => checkpointFile('')).toThrow(
    new TypeError('checkpoint.path: expected the name of a file, got ""'),
  )
  expect(() => checkpointFile({ path, every: 0 })).toThrow(
    new RangeError('checkpoint.every: expected an integer >= 1, got 0'),
  )
  const without = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
  await expect(net.fit(data, { checkpoint: checkpointFile({ path }) })).rejects.toThrow(
    new Error('checkpoint: expected a runtime with files, such as Node'),
  )
  without.mockRestore()
  expect(net.toBytes()).toEqual(before)
})

it('a file that cannot be replaced ends training with the network of the epoch before', async () => {
  const [one, two] = [1, 2].map(() => new Network([4, 2], { seed: 1 }))
  const onEpoch = (): void => mkdirSync(path)
  await expect(one.fit(data, { epochs: 3, onEpoch, checkpoint: checkpointFile({ path }) })).rejects.toThrow(
    `fit: checkpoint: expected ${path} as this fit has left it, got what another program has put there; give each fit a path of its own; the weights are those after epoch 1`,
  )
  rmSync(path, { recursive: true })
  expect(readdirSync(folder)).toEqual([])
  await two.fit(data)
  expect(one.toBytes()).toEqual(two.toBytes())
})

it('files beside it are whose they are', async () => {
  const other = join(folder, 'other')
  writeFileSync(other, 'mine')
  symlinkSync(other, `${path}.tmp`)
  await new Network([4, 2], { seed: 1 }).fit(data, { checkpoint: checkpointFile({ path }) })
  expect(readFileSync(`${path}.tmp`, 'utf8')).toBe('mine')
  expect(readdirSync(folder).sort()).toEqual(['net.safetensors', 'net.safetensors.tmp', 'other'])
  rmSync(other)
  rmSync(`${path}.tmp`)
})

describe('files that are not what fit writes', () => {
  const given: FitOptions = {
    epochs: 3,
    batchSize: 16,
    averageWeights: 0.5,
    schedule: { type: 'reduceOnPlateau' },
    validation,
    earlyStopping: {},
    onBatch: ({ epoch, batch }: BatchReport) => epoch < 3 || batch < 2,
  }
  const make = (): Network => new Network([4, 3, 2], { activation: 'tanh', seed: 1 })
  const written = async (): Promise<Uint8Array> => {
    await make().fit(data, { ...given, checkpoint: checkpointFile({ path }) })
    return readFileSync(path)
  }

  it.each<[string, (training: Record<string, unknown>) => unknown, string]>([
    [
      'an entry',
      (t) => (t.more = 1),
      'checkpoint.training: expected one of options, reports, updates, learningRate, part, plateaus, best, average, got "more"',
    ],
    ['reports', (t) => (t.reports = {}), 'checkpoint.training.reports: expected an array, got an object'],
    [
      'a report',
      (t) => (t.reports = [{ epoch: 1 }]),
      'checkpoint.training.reports[0].loss: expected a number, got undefined',
    ],
    [
      'an order',
      (t) => (t.reports as unknown[]).reverse(),
      'checkpoint.reports[0].epoch: expected 1 as here, got 2',
    ],
    ['updates', (t) => (t.updates = -1), 'checkpoint.training.updates: expected an integer >= 0, got -1'],
    [
      'a part',
      (t) => (t.part = { loss: 1, batches: 2, samples: 31 }),
      'checkpoint.part.samples: expected 32 as here, got 31',
    ],
    [
      'batches',
      (t) => (t.part = { loss: 1, batches: 3, samples: 32 }),
      'checkpoint.part.batches: expected 2 as here, got 3',
    ],
    ['plateaus', (t) => (t.plateaus = []), 'checkpoint.plateaus: expected 1 as here, got 0'],
    [
      'no best',
      (t) => (t.best = { epoch: 0, loss: 1 }),
      'checkpoint.bytes: expected no tensor "training.best.parameters" in this network',
    ],
    [
      'another best',
      (t) => ((t.best as { epoch: number }).epoch = 0),
      'checkpoint.best.counters: expected false as here, got true',
    ],
    [
      'a later best',
      (t) => ((t.best as { epoch: number }).epoch = 3),
      'checkpoint.best.epoch: expected an integer <= 2, got 3',
    ],
    [
      'counters',
      (t) => ((t.best as { counters: unknown }).counters = [1, 2]),
      'checkpoint.training.best.counters: expected 4 numbers',
    ],
    [
      'no average',
      (t) => (t.average = false),
      'checkpoint.bytes: expected no tensor "training.average" in this network',
    ],
    [
      'a prototype',
      (t) => Object.defineProperty(t, '__proto__', { value: {}, enumerable: true }),
      'checkpoint.training: expected one of options, reports, updates, learningRate, part, plateaus, best, average, got "__proto__"',
    ],
  ])('%s', async (_, change, message) => {
    const bytes = await written()
    const { header, data: tensors } = safetensors.split(safetensors.withoutChecksum(bytes))
    const saved = JSON.parse(header.__metadata__.deltaprop) as { training: Record<string, unknown> }
    change(saved.training)
    header.__metadata__.deltaprop = JSON.stringify(saved)
    writeFileSync(path, safetensors.join(header, tensors))
    await expect(
      make().fit(data, { ...given, checkpoint: checkpointFile({ path, resume: true }) }),
    ).rejects.toThrow(message)
  })

  it('numbers that are not finite among what becomes weights: the average, the best epoch and its average', async () => {
    const { header, data: tensors } = safetensors.split(safetensors.withoutChecksum(await written()))
    const places = header as unknown as Record<string, { data_offsets: [number, number] } | undefined>
    // Of adam there are two slots; the average of the best epoch is behind them.
    for (const name of ['training.average', 'training.best.parameters', 'training.best.2']) {
      const changed = tensors.slice()
      const start = places[name]?.data_offsets[0] ?? NaN
      new DataView(changed.buffer, changed.byteOffset).setFloat32(start + 4 * 3, Infinity, true)
      writeFileSync(path, safetensors.join(header, changed))
      const message = `${name}[3]: expected a finite number, got Infinity`
      await expect(
        make().fit(data, { ...given, checkpoint: checkpointFile({ path, resume: true }) }),
      ).rejects.toThrow(`checkpoint.${message}`)
      expect(() => Network.fromBytes(readFileSync(path))).toThrow(new RangeError(message))
    }
  })

  it('whatever bytes are changed, training goes on or there is an error of ours', async () => {
    const bytes = await written()
    const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.integer({ min: 0, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const mutated = bytes.slice()
        for (const { at, value } of changes) mutated[at] = value
        writeFileSync(path, mutated)
        const error: unknown = await make()
          .fit(data, { ...given, checkpoint: checkpointFile({ path, resume: true }) })
          .then(
            () => undefined,
            (thrown: unknown) => thrown,
          )
        if (error === undefined) return
        expect(error).toBeInstanceOf(Error)
        expect((error as Error).message).toMatch(
          /^[\w.[\]]+: expected |^fit: .* the weights are those of the checkpoint$/,
        )
      }),
      { numRuns: 300 },
    )
  })
})
