/** The same network, trained in every way that must give the same bits. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import { Model } from '../../src/model/index.js'
import { checkpointFile, Network, stream, type FitOptions, type LongOptions } from '../../src/index.js'
import { optimizerNames } from '../../src/definition/optimizers.js'
import type { Random } from '../../src/base/random.js'
import { deltaprop } from '../support/command.js'
import { parametersOf } from '../support/golden.js'
import { attack, isFull } from './attack.js'
import { engineOf, like } from '../support/ways.js'

const folder = mkdtempSync(join(tmpdir(), 'deltaprop-bits-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What is trained, and how. */
interface Case {
  readonly spec: LongOptions
  readonly x: number[][]
  readonly y: number[][]
  /** the numbers of classes, behind a softmax */
  readonly classes: number[] | undefined
  readonly weights: number[] | undefined
  readonly options: FitOptions & { readonly epochs: number }
}

type Way = (given: Case, i: number) => Promise<Network>

const create = ({ spec }: Case): Network => new Network(spec)
const dataOf = ({ x, y, weights }: Case) => (weights === undefined ? { x, y } : { x, y, weights })

/** In one go, on the calling thread. */
const plainly: Way = async (given) => {
  const net = create(given)
  await net.fit(dataOf(given), given.options)
  return net
}

const threaded =
  (threads: number): Way =>
  async (given) => {
    const net = create(given)
    await net.fit(dataOf(given), { ...given.options, threads })
    return net
  }

/** All of a batch is one shard. */
const inOneShard: Way = async (given) => {
  const net = create(given)
  await net.fit(dataOf(given), { ...given.options, shards: 1 })
  return net
}

/** Stopped after an epoch, and resumed by another network. */
const resumed: Way = async (given, i) => {
  const path = join(folder, `${i}.checkpoint`)
  await create(given).fit(dataOf(given), {
    ...given.options,
    checkpoint: checkpointFile(path),
    onEpoch: () => false,
  })
  const net = create(given)
  await net.fit(dataOf(given), { ...given.options, checkpoint: checkpointFile({ path, resume: true }) })
  return net
}

/** Stopped within an epoch, by a time that is over at once. */
const interrupted: Way = async (given, i) => {
  const path = join(folder, `${i}.interrupted`)
  await create(given).fit(dataOf(given), {
    ...given.options,
    checkpoint: checkpointFile(path),
    timeLimit: 1e-6,
  })
  const net = create(given)
  await net.fit(dataOf(given), { ...given.options, checkpoint: checkpointFile({ path, resume: true }) })
  return net
}

const inALoop: Way = async (given) => {
  const net = create(given)
  for await (const { epoch } of net.epochs(dataOf(given), given.options)) expect(epoch).toBeGreaterThan(0)
  return net
}

/** As typed arrays, row-major. */
const flat: Way = async (given) => {
  const net = create(given)
  const [x, y] = [given.x, given.y].map((rows) => Float64Array.from(rows.flat()))
  await net.fit({ ...dataOf(given), x, y }, given.options)
  return net
}

/** Saved and loaded before it is trained. */
const loaded: Way = async (given, i) => {
  const net = create(given)
  const copy =
    i % 2 === 0
      ? Network.fromBytes(net.toBytes(), like(net))
      : Network.fromJSON(JSON.parse(JSON.stringify(net)), like(net))
  await copy.fit(dataOf(given), given.options)
  return copy
}

const byClasses: Way = async (given) => {
  const net = create(given)
  await net.fit({ ...dataOf(given), y: given.classes ?? given.y }, given.options)
  return net
}

const ways: Readonly<Record<string, Way>> = {
  'threads: 1': threaded(1),
  'threads: 2': threaded(2),
  ...(isFull ? { 'threads: 3': threaded(3) } : {}),
  'in one shard': inOneShard,
  'stopped, and resumed from a checkpoint': resumed,
  'stopped within an epoch, and resumed': interrupted,
  'epochs()': inALoop,
  'typed arrays': flat,
  'saved and loaded': loaded,
  'numbers of classes': byClasses,
}

const one = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)]
const chance = (random: Random, p: number): boolean => random.uniform() < p

function randomCase(random: Random, engine: 'wasm' | 'baseline'): Case {
  const output = one(random, ['softmax', 'sigmoid', 'linear', 'tanh'] as const)
  const hidden = activationNames.filter((name) => name !== 'softmax')
  const inputs = 1 + random.below(20)
  const outputs = 2 + random.below(7)
  const layers = [
    ...Array.from({ length: random.below(3) }, () => {
      return {
        units: 1 + random.below(40),
        activation: one(random, hidden),
        biasInitializer: 'normal' as const,
      }
    }),
    { units: outputs, activation: output },
  ]
  const losses = {
    softmax: ['categoricalCrossEntropy', 'halfSquared'],
    sigmoid: ['binaryCrossEntropy', 'huber'],
    linear: ['halfSquared', 'meanAbsolute'],
    tanh: ['huber', 'halfSquared'],
  } as const
  const rows = 3 + random.below(90)
  const x = Array.from({ length: rows }, () => Array.from({ length: inputs }, () => 2 * random.uniform() - 1))
  const classes = Array.from({ length: rows }, () => random.below(outputs))
  const y = classes.map((c) =>
    Array.from({ length: outputs }, (_, j) => (output === 'softmax' ? Number(j === c) : random.uniform())),
  )
  const schedules = [
    undefined,
    { type: 'cosine', totalSteps: 40 },
    { type: 'exponential', gamma: 0.9 },
    { type: 'step', stepSize: 2 },
  ]
  const schedule = one(random, schedules) as FitOptions['schedule']
  return {
    spec: {
      inputs,
      layers,
      loss: one(random, losses[output]),
      precision: one(random, ['f32', 'f64']),
      seed: random.bits(),
      engine: engineOf[engine],
    },
    x,
    y,
    classes: output === 'softmax' ? classes : undefined,
    weights: chance(random, 0.3) ? x.map(() => random.below(4) / 2) : undefined,
    options: {
      epochs: 2 + random.below(4),
      batchSize: 1 + random.below(rows + 4),
      optimizer: one(random, optimizerNames),
      shuffle: chance(random, 0.8),
      ...(schedule === undefined ? {} : { schedule }),
      ...(chance(random, 0.3) ? { l2: 0.01, l1: 0.001 } : {}),
      ...(chance(random, 0.3) ? { clipGradients: { globalNorm: 0.1 } } : {}),
      ...(chance(random, 0.3) ? { dropout: layers.slice(1).map(() => 0.3) } : {}),
      ...(chance(random, 0.3) ? { averageWeights: 0.9 } : {}),
      ...(chance(random, 0.2) ? { maxWeightNorm: 1 } : {}),
      ...(chance(random, 0.3) && output === 'softmax' ? { labelSmoothing: 0.1 } : {}),
    },
  }
}

const bitsOf = (net: Network): string => Buffer.from(net.toBytes()).toString('base64')

for (const [name, way] of Object.entries(ways)) {
  attack('Bits', `${name}: those of one fit on this thread`, { short: 4, full: 60 }, async (random, i) => {
    const given = randomCase(random, i % 4 === 3 && !name.startsWith('threads') ? 'baseline' : 'wasm')
    const [expected, got] = [await plainly(given, i), await way(given, i)]
    expect(parametersOf(got).every((value, k) => Object.is(value, parametersOf(expected)[k]))).toBe(true)
    // The optimiser's state and the seed, too.
    expect(bitsOf(got)).toBe(bitsOf(expected))
    expect(got.predict(given.x)).toEqual(expected.predict(given.x))
    expected.dispose()
    got.dispose()
  })
}

attack(
  'Bits',
  'a stream of pieces of whole batches: those of arrays',
  { short: 4, full: 60 },
  async (random) => {
    const { spec, x, y, options } = randomCase(random, 'wasm')
    const length = Number(options.batchSize) * (1 + random.below(4))
    const pieces = Array.from({ length: Math.ceil(x.length / length) }, (_, k) => {
      return { x: x.slice(k * length, (k + 1) * length), y: y.slice(k * length, (k + 1) * length) }
    })
    // Rows are taken in the order in which they come.
    const [streamed, arrays] = [new Network(spec), new Network(spec)]
    await streamed.fit(stream(pieces), { ...options, shuffle: false })
    await arrays.fit({ x, y }, { ...options, shuffle: false })
    expect(bitsOf(streamed)).toBe(bitsOf(arrays))
  },
)

attack(
  'Bits',
  'a model: those of its network with what it encodes',
  { short: 4, full: 60 },
  async (random) => {
    const rows = Array.from({ length: 5 + random.below(60) }, (_, i) => {
      return {
        a: random.normal(),
        b: 10 * random.uniform(),
        kind: one(random, ['x', 'y', 'z']),
        is: `c${i % 3}`,
      }
    })
    const options = { target: 'is', hidden: [1 + random.below(9)], seed: random.bits() }
    const fit = {
      epochs: 3,
      batchSize: 1 + random.below(20),
      optimizer: one(random, ['adam', 'sgd'] as const),
    }
    const [model, other] = [Model.create(rows, options), Model.create(rows, options)]
    await model.fit(rows, fit)
    const { x, y } = other.encode(rows)
    if (y === undefined) throw new Error('expected targets')
    await other.network.fit({ x, y }, fit)
    expect(parametersOf(model.network)).toEqual(parametersOf(other.network))
    expect(Model.fromBytes(model.toBytes()).predict(rows)).toEqual(model.predict(rows))
  },
)

attack(
  'Bits',
  'train --threads of the command line: the same file',
  { short: 1, full: 15 },
  async (random, i) => {
    const outs = ['one', 'two'].map((name) => join(folder, `${name}-${i}.safetensors`))
    const hidden = String(1 + random.below(30))
    const precision = one(random, ['f32', 'f64'])
    const args = [
      'examples/data/iris.csv',
      '--target',
      'species',
      '--epochs',
      '4',
      '--seed',
      String(random.bits()),
    ]
    const train = ['train', ...args, '--hidden', hidden, '--precision', precision, '--out']
    const threads = String(1 + random.below(3))
    const runs = [
      await deltaprop([...train, outs[0]]),
      await deltaprop([...train, outs[1], '--threads', threads]),
    ]
    expect(runs.map(({ code, stderr }) => (code === 0 ? '' : stderr))).toEqual(['', ''])
    expect(readFileSync(outs[1]).equals(readFileSync(outs[0]))).toBe(true)
  },
)
