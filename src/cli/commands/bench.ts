/** `deltaprop bench`: how much this machine trains in a second, measured in a few seconds. */
import { cpus } from 'node:os'
import type { Command } from 'commander'
import { baseline } from '../../engine/baseline/index.js'
import { relaxed } from '../../engine/wasm/relaxed.js'
import { Network, sgd, type ShortOptions } from '../../index.js'
import { Random } from '../../base/random.js'
import { drawTable } from '../charts/text-table.js'
import { isMissingEngine } from '../errors.js'
import { count, rate } from '../format-numbers.js'
import { print, printJSON } from '../output.js'
import { startBar } from '../bar.js'
import { title } from '../terminal.js'

interface Workload {
  readonly sizes: readonly number[]
  readonly activation: 'sigmoid' | 'relu'
  /** samples per update */
  readonly batchSize: number
  /** samples per epoch */
  readonly samples: number
}

const workloads: readonly Workload[] = [
  { sizes: [2, 3, 2, 2], activation: 'sigmoid', batchSize: 32, samples: 4096 },
  { sizes: [784, 30, 10], activation: 'sigmoid', batchSize: 10, samples: 640 },
  { sizes: [784, 128, 10], activation: 'relu', batchSize: 32, samples: 256 },
  { sizes: [784, 512, 512, 10], activation: 'relu', batchSize: 128, samples: 128 },
]

const ways = {
  exact: {},
  relaxed: { arithmetic: relaxed },
  baseline: { engine: baseline },
} as const satisfies Record<string, ShortOptions>

type Way = keyof typeof ways
const wayNames = ['exact', 'relaxed', 'baseline'] as const

/** The number of turns for each way, whose median counts, and the minimum time of a turn. */
const TURNS = 5
const TURN_SECONDS = 0.06

/** Samples trained per second, as the median over several turns; null if this way is not available here. */
type Rates = Readonly<Record<Way, number | null>>

export function addBench(program: Command): void {
  program
    .command('bench')
    .summary('measure how fast this machine trains')
    .description('Measures how many samples a second this machine trains, in a few seconds.')
    .option('--json', 'print JSON')
    .action(bench)
}

async function bench({ json }: { readonly json?: boolean }): Promise<void> {
  const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${processor()}`
  const bar = startBar(workloads.length)
  const results: { workload: Workload; rates: Rates }[] = []
  for (const workload of workloads) {
    bar.update(results.length, workloadName(workload))
    results.push({ workload, rates: await measure(workload) })
  }
  bar.stop()
  if (json === true) {
    const networks = results.map(({ workload, rates }) => ({ ...workload, samplesPerSecond: rates }))
    printJSON({
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      processor: processor(),
      networks,
    })
    return
  }
  print(title('Samples trained per second', machine))
  print(
    drawTable(
      [
        { title: 'network', align: 'left' },
        { title: 'batch', align: 'right' },
        ...wayNames.map((name) => ({ title: name, align: 'right' }) as const),
        { title: 'exact / baseline', align: 'right' },
      ],
      results.map(({ workload, rates }) => [
        workloadName(workload),
        count(workload.batchSize),
        ...wayNames.map((name) => showRate(rates[name])),
        showRatio(rates.exact, rates.baseline),
      ]),
    ),
  )
  print(`\nf32, one thread, plain SGD, shuffling included; medians of ${TURNS} turns`)
  print('exact: the same bits everywhere; relaxed: fused multiply-add; baseline: plain JavaScript')
}

/** The ways take turns, so that a change in machine speed affects all of them. */
async function measure(workload: Workload): Promise<Rates> {
  const data = makeData(workload)
  const contenders = wayNames.flatMap((way) => {
    const net = createNetwork(workload, way)
    return net === undefined ? [] : [{ way, net, rates: new Array<number>() }]
  })
  for (const { net } of contenders) await trainingRate(net, data, workload, 0)
  for (let turn = 0; turn < TURNS; ++turn) {
    for (const { net, rates } of contenders) rates.push(await trainingRate(net, data, workload, TURN_SECONDS))
  }
  const found = new Map(contenders.map(({ way, rates }) => [way, median(rates)]))
  return {
    exact: found.get('exact') ?? null,
    relaxed: found.get('relaxed') ?? null,
    baseline: found.get('baseline') ?? null,
  }
}

/** Undefined if this way is not available: there is no WebAssembly, or relaxed arithmetic would fall back to exact. */
function createNetwork({ sizes, activation }: Workload, way: Way): Network | undefined {
  const isRelu = activation === 'relu'
  try {
    const net = new Network(sizes, {
      activation: isRelu ? { hidden: 'relu', output: 'softmax' } : 'sigmoid',
      loss: isRelu ? 'categoricalCrossEntropy' : 'halfSquared',
      seed: 1,
      ...ways[way],
    })
    return way === 'relaxed' && net.arithmetic !== way ? undefined : net
  } catch (error) {
    if (isMissingEngine(error)) return undefined
    throw error
  }
}

interface TrainingData {
  readonly x: Float32Array
  readonly y: Float32Array
}

/** Trains for a given time, at least one epoch. @returns samples trained per second */
async function trainingRate(
  net: Network,
  data: TrainingData,
  workload: Workload,
  seconds: number,
): Promise<number> {
  const { batchSize, samples } = workload
  const optimizer = sgd({ learningRate: 0.01 })
  const start = performance.now()
  const options = { epochs: 1_000_000, batchSize, optimizer }
  const { epochs } = await net.fit(data, {
    ...options,
    onEpoch: () => performance.now() - start < 1000 * seconds,
  })
  return (1000 * samples * epochs.length) / (performance.now() - start)
}

/** Inputs from 0 to 1; one target of each sample is 1, the others are 0. */
function makeData({ sizes, samples }: Workload): TrainingData {
  const random = new Random(1, 'bench')
  const outputs = sizes[sizes.length - 1]
  const x = Float32Array.from({ length: samples * sizes[0] }, () => random.uniform())
  const y = new Float32Array(samples * outputs)
  for (let s = 0; s < samples; ++s) y[s * outputs + random.below(outputs)] = 1
  return { x, y }
}

function workloadName({ sizes, activation }: Workload): string {
  return `${sizes.join('-')} ${activation}`
}

function processor(): string {
  const all = cpus()
  const model = all.at(0)?.model.replace(/\s+/g, ' ').trim() ?? 'unknown processor'
  return `${model}, ${all.length} cores`
}

function showRate(value: number | null): string {
  return value === null ? '–' : rate(value)
}

function showRatio(one: number | null, other: number | null): string {
  return one === null || other === null ? '–' : `${(one / other).toFixed(1)} ×`
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
}
