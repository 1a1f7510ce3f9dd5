/**
 * What is asked of every runtime, bundler and browser. kit.js bundles this file with what it imports of the tests; the package it
 * imports by its name, from where it has been installed. It knows nothing of where it runs, and tells what it has found: judge.js
 * says whether that is right.
 */
import { parseCsv } from '../../src/data/index.js'
import { Predictor } from '../../src/inference/index.js'
import { adam, Network, sgd } from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import { split } from '../../src/selection/index.js'
import {
  goldenCases,
  hashOf,
  hashOfPredictions,
  inBothPrecisions,
  parametersOf,
  trainGolden,
} from '../support/golden.js'
import { probabilities } from '../support/probabilities.js'
import { randomRows } from '../support/random-rows.js'
import { foreignModels } from '../support/foreign-files.js'
import { readForeign } from '../support/foreign-models.js'
import { countWorkers } from './count-workers.js'
import type { Report } from './report.js'
import { relaxed } from '../../src/engine/wasm/relaxed.js'
import { engineOf, like } from '../support/ways.js'

const THREADS = [1, 2, 3]

type EngineName = 'wasm' | 'baseline'

/**
 * The checks in turn: where one fails, the next is made all the same.
 *
 * @param chosen what networks ask for: the baseline where there must be no core
 */
export async function check(chosen: EngineName = 'wasm'): Promise<Report> {
  const warnings: string[] = []
  const { warn } = console
  console.warn = (...said: unknown[]) => {
    warnings.push(said.map(String).join(' '))
    warn(...said)
  }
  try {
    return { ...(await runChecks(chosen)), warnings: warnings.filter((text) => text.startsWith('deltaprop')) }
  } finally {
    console.warn = warn
  }
}

async function runChecks(chosen: EngineName): Promise<Omit<Report, 'warnings'>> {
  const failures: string[] = []
  const attempt = async <T>(name: string, run: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await run()
    } catch (error) {
      const { stack = String(error) } = error as Partial<Error>
      failures.push(`${name}: ${stack}`)
      return undefined
    }
  }
  const engine = await attempt('import', () => new Network([1, 1], { engine: engineOf[chosen] }).engine)
  await attempt('train', () => train(chosen))
  const predictions = await attempt('predict', () => hashOfPredictions(chosen))
  await attempt('save and load', () => saveAndLoad(chosen))
  await attempt('many networks', () => trainMany(chosen))
  await attempt('entries', () => otherEntries(chosen))
  const models: Record<string, Record<string, string>> = {}
  for (const model of foreignModels) {
    const found = await attempt(`model ${model.name}`, () =>
      readForeign(model, chosen === 'wasm' ? ['wasm', 'baseline'] : [chosen]),
    )
    if (found !== undefined) models[model.name] = found
  }
  const ofBaseline: Record<string, string> = {}
  await attempt('bits of the baseline', () =>
    trainAll('baseline', undefined, (name, hash) => (ofBaseline[name] = hash)),
  )
  const common = { engine, failures, predictions, models, baseline: ofBaseline }
  if (chosen === 'baseline')
    return { ...common, refused: refusal(), weights: {}, threads: {}, relaxed: 'none' }

  const weights: Record<string, string> = {}
  await attempt('bits', () => trainAll('wasm', undefined, (name, hash) => (weights[name] = hash)))
  const threads: Record<number, Report['threads'][string]> = {}
  for (const count of THREADS) {
    const found: Record<string, string> = {}
    const workers = await attempt(`threads: ${count}`, () =>
      countWorkers(() => trainAll('wasm', count, (name, hash) => (found[name] = hash))),
    )
    threads[count] = { weights: found, workers: workers ?? 0 }
  }
  const relaxed = await attempt('relaxed', relaxedArithmetic)
  return { ...common, weights, threads, relaxed }
}

/** What is said where there is no core, by both entries that have one. */
function refusal(): string {
  const bytes = new Network([2, 1], { engine: engineOf.baseline }).toBytes()
  const asks = [
    () => new Network([2, 1]),
    () => Network.fromBytes(bytes, { engine: 'wasm' }),
    () => Predictor.fromBytes(bytes),
  ]
  return asks.map(messageOf).join('\n')
}

function messageOf(run: () => unknown): string {
  try {
    run()
    return 'nothing'
  } catch (error) {
    return (error as Error).message
  }
}

/** All networks of the golden cases, 100 steps each. */
async function trainAll(
  engine: EngineName,
  threads: number | undefined,
  found: (name: string, hash: string) => void,
): Promise<void> {
  for (const { given, name, precision } of inBothPrecisions(goldenCases)) {
    const options = threads === undefined ? { ...given.options } : { ...given.options, threads }
    found(`${name}, ${precision}`, await hashOf(await trainGolden({ ...given, options }, precision, engine)))
  }
}

/** More networks alive than Firefox has memories, each trained a step: as each would be alone. */
function trainMany(engine: EngineName): void {
  const create = (seed: number): Network =>
    new Network([2, 3, 2, 2], { activation: 'sigmoid', seed, engine: engineOf[engine] })
  const step = (net: Network): number => net.train([0, 1], [1, 0], sgd({ learningRate: 0.5 }))
  const nets = Array.from({ length: engine === 'wasm' ? 3000 : 30 }, (_, seed) => create(seed))
  for (const net of nets) step(net)
  for (const [seed, net] of nets.entries()) {
    const alone = create(seed)
    step(alone)
    const [found, expected] = [net, alone].map((each) => each.predict([0.3, 0.7]).join())
    if (found !== expected) throw new Error(`network ${seed}: ${found}, alone ${expected}`)
  }
}

async function train(engine: EngineName): Promise<void> {
  const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1, engine: engineOf[engine] })
  const xor = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
  const before = net.train(xor.x, xor.y, sgd({ learningRate: 0.1 }))
  const { epochs } = await net.fit(xor, {
    epochs: 300,
    batchSize: 4,
    optimizer: adam({ learningRate: 0.05 }),
  })
  const after = epochs[epochs.length - 1].loss
  expect(before > 0.05 && after < 0.01, `a loss of xor that falls below 0.01, got ${before} → ${after}`)
}

/** Both formats give the network back, to the bit, and it trains on as the first one does. */
async function saveAndLoad(engine: EngineName): Promise<void> {
  const net = await trainGolden(goldenCases[1], 'f32', engine)
  const x = randomRows(20, net.inputs, 9)
  const y = probabilities(randomRows(20, net.outputs, 8).map((row) => row.map((value) => (value + 1) / 2)))
  const parsed: unknown = JSON.parse(JSON.stringify(net))
  const copies = [Network.fromBytes(net.toBytes(), like(net)), Network.fromJSON(parsed, like(net))]
  for (const each of [net, ...copies]) each.train(x, y, adam())
  for (const copy of copies) {
    expect(same(parametersOf(copy), parametersOf(net)), 'the same weights after loading and one more step')
    expect(same(copy.predict(x), net.predict(x)), 'the same predictions after loading')
  }
  const { weights } = net.layers[0]
  if (engine === 'wasm') {
    const predictor = Predictor.fromBytes(net.toBytes())
    expect(same(predictor.predict(x), net.predict(x)), 'the same predictions of deltaprop/inference')
    predictor.dispose()
  }
  for (const each of [net, ...copies]) each.dispose()
  expect(weights.length === 0, `a view of length 0 after dispose, got ${weights.length}`)
}

/** A table becomes a model that is saved, loaded and answers by name. */
async function otherEntries(engine: EngineName): Promise<void> {
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 10},${i % 10 < 5 ? 'low' : 'high'}`)
  const table = parseCsv(`number,is\n${lines.join('\n')}`)
  const model = Model.create(table, { target: 'is', hidden: [4], seed: 1, engine: engineOf[engine] })
  const { train, test } = split(table, { test: 0.2, validation: 0, seed: 1, target: 'is' })
  await model.fit(train, { epochs: 200, batchSize: 8, optimizer: adam({ learningRate: 0.05 }) })
  const { is } = Model.fromBytes(model.toBytes(), like(model.network)).predict({ number: 9 }) as {
    is: string
  }
  expect(is === 'high', `9 is high, got ${is}`)
  const { rows } = test
  expect(rows === 12, `12 rows of 60 to test, got ${rows}`)
}

/** What relaxed arithmetic is here: 'none' where the engine has none, else a hash of what it comes to. */
async function relaxedArithmetic(): Promise<string> {
  const [given] = goldenCases
  const spec = { ...given.spec, arithmetic: relaxed } as const
  const net = await trainGolden({ ...given, spec }, 'f32')
  return net.arithmetic === 'exact' ? 'none' : hashOf(net)
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`)
}

function same(one: ArrayLike<number>, two: ArrayLike<number>): boolean {
  return one.length === two.length && Array.from(one).every((value, i) => Object.is(value, two[i]))
}
