/** Whatever hangs can be ended: all places in which a fit awaits what is not its own × all that is to end it. */
import { spawn } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, vi } from 'vitest'
import {
  checkpointFile,
  validationMetrics,
  Network,
  type BatchReport,
  type EpochReport,
  type FitOptions,
  type History,
  stream,
} from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import type { Random } from '../../src/base/random.js'
import { crossValidate, gridSearch } from '../../src/selection/index.js'
import { parametersOf } from '../support/golden.js'
import { randomRows } from '../support/random-rows.js'
import { attack, isFull } from './attack.js'
import { Answering, hangIn, Late, mockModules, withAnswers } from './late.js'

const folder = mkdtempSync(join(tmpdir(), 'stop-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => mockModules())
afterEach(() => void vi.restoreAllMocks())

const data = { x: randomRows(40, 3, 1), y: randomRows(40, 2, 2) }
/** 10 samples each, as many as a batch. */
const cut = [0, 10, 20, 30].map((first) => ({
  x: data.x.slice(first, first + 10),
  y: data.y.slice(first, first + 10),
}))
const BATCHES = 4
const EPOCHS = 9
const given = { batchSize: 10, shuffle: false } as const
const fresh = (): Network => new Network([3, 5, 2], { activation: 'tanh', seed: 1 })

/** Where in training it hangs. */
interface When {
  readonly epoch: number
  readonly batch: number
}

/** What is given to fit, which hangs then. */
interface Hanging {
  readonly data: unknown
  readonly options: FitOptions
  /** worker threads that do not always answer */
  readonly answering?: Answering
}

interface Place {
  readonly name: string
  readonly hang: (late: Late, when: When) => Hanging
  /** epochs and batches that have been trained when it has been ended; batches unless given: none */
  readonly finished: (when: When) => number
  /** the same by the time limit, which keeps batches */
  readonly inTime?: (when: When) => readonly [epochs: number, batches: number]
  /** why it has ended then, if by something else; or the error */
  readonly ended?: History['ended'] | RegExp
  /** a file system is waited for so long that it is tried in the full run alone */
  readonly isSlow?: boolean
}

const at = (when: When, late: Late) => (report: BatchReport) =>
  report.epoch === when.epoch && report.batch === when.batch ? late.promise : undefined

/** Pieces of an epoch, before one of which something comes. */
async function* pieces(before: (i: number) => unknown): AsyncGenerator {
  for (const [i, piece] of cut.entries()) {
    await before(i)
    yield piece
  }
}

let files = 0
const newFile = (kind: string): string => join(folder, `${kind}-${++files}-`)

const before = ({ epoch }: When): number => epoch - 1
const after = ({ epoch }: When): number => epoch

const places: readonly Place[] = [
  {
    name: 'onEpoch',
    hang: (late, { epoch }) => ({
      data,
      options: { onEpoch: (report) => (report.epoch === epoch ? late.promise : undefined) },
    }),
    finished: after,
  },
  {
    name: 'onEpoch of the last epoch',
    hang: (late, { epoch }) => ({
      data,
      options: { epochs: epoch, onEpoch: (report) => (report.epoch === epoch ? late.promise : undefined) },
    }),
    finished: after,
  },
  {
    name: 'onEpoch, a thenable',
    hang: (late, { epoch }) => ({
      data,
      options: { onEpoch: (report) => (report.epoch === epoch ? late.thenable : undefined) },
    }),
    finished: after,
  },
  {
    name: 'onBatch',
    hang: (late, when) => ({ data, options: { onBatch: at(when, late) } }),
    finished: before,
    inTime: ({ epoch, batch }) => [epoch - 1, batch],
  },
  {
    name: 'onBatch behind a validation with metrics',
    hang: (late, when) => ({
      data,
      options: { onBatch: at(when, late), validation: data, metrics: validationMetrics, averageWeights: 0.9 },
    }),
    finished: before,
    inTime: ({ epoch, batch }) => [epoch - 1, batch],
  },
  {
    name: 'the next piece of a stream',
    hang: (late, when) => ({
      data: (epoch: number) =>
        pieces((i) => (epoch === when.epoch && i === when.batch ? late.promise : undefined)),
      options: {},
    }),
    finished: ({ epoch, batch }) => (batch < BATCHES ? epoch - 1 : EPOCHS),
    inTime: ({ epoch, batch }) => [epoch - 1, batch],
  },
  {
    name: 'a stream that does not come',
    hang: (late, when) => ({
      data: (epoch: number) => (epoch === when.epoch ? late.promise : cut),
      options: {},
    }),
    finished: before,
    inTime: ({ epoch }) => [epoch - 1, 0],
  },
  {
    name: 'a stream that does not close',
    hang: (late, when) => ({
      data: (epoch: number) => ({
        [Symbol.asyncIterator]: () => {
          const all = pieces(() => undefined)
          return { next: () => all.next(), return: () => (epoch === when.epoch ? late.promise : undefined) }
        },
      }),
      options: { onBatch: (report) => report.epoch !== when.epoch || report.batch !== when.batch },
    }),
    finished: before,
    inTime: ({ epoch, batch }) => [epoch - 1, batch],
    ended: 'onBatch',
  },
  {
    name: 'workers that do not start',
    hang: (late) => ({ data, options: { threads: 2 }, answering: new Answering(late, 'start') }),
    finished: () => 0,
  },
  {
    name: 'workers that do not reply',
    hang: (late, { epoch }) => {
      const answering = new Answering(late, epoch === 1 ? 'run' : undefined)
      const onEpoch = (report: EpochReport): void => {
        if (report.epoch === epoch - 1) answering.hang = 'run'
      }
      return { data, options: { threads: 2, onEpoch }, answering }
    },
    finished: before,
  },
  {
    name: 'a worker that is alone and does not send what it has trained',
    hang: (late) => ({
      data,
      options: { threads: 1 },
      answering: new Answering(late, 'commit'),
    }),
    finished: () => 0,
  },
  {
    name: 'a checkpoint that cannot be read',
    hang: (late) => {
      const path = newFile('read')
      writeFileSync(path, '')
      hangIn(path, 'read', late)
      return { data, options: { checkpoint: checkpointFile({ path, resume: true }) } }
    },
    finished: () => 0,
    ended: /checkpoint\.path: expected a file system that answers, got no answer 10 seconds/,
    isSlow: true,
  },
  {
    name: 'a checkpoint that is not written',
    hang: (late, { epoch }) => {
      const path = newFile('write')
      hangIn(path, 'write', late)
      return { data, options: { checkpoint: checkpointFile({ path, every: epoch }) } }
    },
    finished: after,
    ended: /^fit: checkpoint: .*got no answer 10 seconds.*; the weights are those after epoch/,
    isSlow: true,
  },
]

/** What is trained in so many epochs, and so many batches of the next. */
async function reference(epochs: number, batches: number, options: FitOptions): Promise<Network> {
  const net = fresh()
  if (epochs === 0 && batches === 0) return net
  const onBatch = ({ epoch, batch }: BatchReport): boolean => epoch <= epochs || batch < batches
  const { averageWeights, validation } = options
  const more = { ...(averageWeights !== undefined && { averageWeights }), ...(validation && { validation }) }
  const whole = { ...given, ...more, epochs: epochs + Number(batches > 0) }
  await net.fit(data, { ...whole, ...(batches > 0 && { onBatch }) })
  return net
}

/** Its weights are those expected; what comes late changes nothing of a fit that is begun at once, whose bits are those expected, too. */
async function goesOn(net: Network, expected: Network, late: Late, random: Random): Promise<void> {
  expect(parametersOf(net)).toEqual(parametersOf(expected))
  const turns = Array.from({ length: 3 }, () => new Promise((resolve) => setTimeout(resolve, 3)))
  const onEpoch = ({ epoch }: EpochReport): unknown => {
    if (epoch === 2) late.come(random)
    return epoch === 3 ? turns[2] : turns[0]
  }
  const again = await net.fit(data, { ...given, epochs: 4, onEpoch })
  expect(again.ended).toBe('epochs')
  await expected.fit(data, { ...given, epochs: 4 })
  expect(net.toBytes()).toEqual(expected.toBytes())
}

function whenOf(random: Random): When {
  return { epoch: 1 + random.below(3), batch: 1 + random.below(BATCHES - 1) }
}

interface Begun {
  readonly net: Network
  readonly late: Late
  readonly when: When
  readonly options: FitOptions
  readonly data: never
  /** as many workers as it wants have been started by what it does at once */
  readonly start: <T>(begin: () => T) => T
}

function begin(place: Place, random: Random, more: FitOptions = {}): Begun {
  const [late, when] = [new Late(), whenOf(random)]
  const hanging = place.hang(late, when)
  const options = { ...given, epochs: EPOCHS, ...hanging.options, ...more }
  const start = <T>(it: () => T): T => withAnswers(hanging.answering, it)
  const samples = typeof hanging.data === 'function' ? stream(hanging.data as never) : hanging.data
  return { net: fresh(), late, when, options, data: samples as never, start }
}

/** Tries all at once, each in so many milliseconds that no day is that slow. */
async function inEach(one: (place: Place) => Promise<void>, tried: readonly Place[] = places): Promise<void> {
  const inTime = async (place: Place): Promise<void> => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it still hangs')), 60_000)
    })
    try {
      await Promise.race([one(place), tooLate])
    } catch (cause) {
      throw new Error(`${place.name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    } finally {
      clearTimeout(timer)
    }
  }
  await Promise.all(tried.map(inTime))
}

attack('Time', 'a signal ends what hangs, wherever it does', { short: 2, full: 15 }, (random) =>
  inEach(async (place) => {
    const controller = new AbortController()
    const begun = begin(place, random, { signal: controller.signal })
    const { net, late, when, options } = begun
    const fit = begun.start(() => net.fit(begun.data, options))
    await late.awaited
    const reason = new Error('enough')
    if (random.below(2) === 0) setTimeout(() => controller.abort(reason), 2)
    else controller.abort(reason)
    await expect(fit).rejects.toBe(reason)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    const expected = await reference(place.finished(when), 0, withoutAverage(options))
    await goesOn(net, expected, late, random)
  }),
)

/** One that was given up has the weights, not their average. */
const withoutAverage = ({ validation }: FitOptions): FitOptions => ({ ...(validation && { validation }) })

attack('Time', 'dispose ends what hangs, wherever it does', { short: 2, full: 15 }, (random) =>
  inEach(async (place) => {
    const begun = begin(place, random)
    const { net, late, options } = begun
    const { weights } = net.layers[0]
    const fit = begun.start(() => net.fit(begun.data, options))
    await late.awaited
    net.dispose()
    await expect(fit).rejects.toThrow('fit: expected a network that is not disposed')
    expect(weights).toHaveLength(0)
    late.come(random)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }),
)

attack('Time', 'a time limit ends what hangs, wherever it does', { short: 1, full: 3 }, (random) =>
  inEach(
    async (place) => {
      const begun = begin(place, random, { timeLimit: 1 })
      const { net, late, when, options } = begun
      const history = begun.start(() => net.fit(begun.data, options))
      const { ended = 'timeLimit' } = place
      if (ended instanceof RegExp) await expect(history).rejects.toThrow(ended)
      else expect((await history).ended).toBe(ended)
      expect(late.isAwaited).toBe(true)
      const [epochs, batches] = place.inTime?.(when) ?? [place.finished(when), 0]
      await goesOn(net, await reference(epochs, batches, options), late, random)
    },
    places.filter(({ isSlow = false }) => isFull || !isSlow),
  ),
)

attack('Time', 'whoever leaves a loop leaves what hangs in it', { short: 2, full: 15 }, (random) =>
  inEach(async (place) => {
    const begun = begin(place, random)
    const { net, late, when, options } = begun
    const reports = net.epochs(begun.data, options)
    const all = begun.start(async () => {
      for (;;) if ((await reports.next()).done === true) return
    })
    await late.awaited
    const thrown = new Error('mine')
    if (random.below(2) === 0) expect(await reports.return(undefined as never)).toMatchObject({ done: true })
    else await expect(reports.throw(thrown)).rejects.toBe(thrown)
    await all
    await goesOn(net, await reference(place.finished(when), 0, withoutAverage(options)), late, random)
  }),
)

attack('Time', 'a loop whose next epoch nobody asks for ends', { short: 4, full: 100 }, async (random, i) => {
  const net = fresh()
  const { epoch } = whenOf(random)
  const controller = new AbortController()
  const { signal } = controller
  const reports = net.epochs(data, {
    ...given,
    epochs: EPOCHS,
    ...(i % 2 === 0 ? { signal } : { timeLimit: 1 }),
  })
  for (let e = 0; e < epoch; ++e) await reports.next()
  if (i % 2 === 0) controller.abort(new Error('enough'))
  await vi.waitFor(() => net.zeroGradients(), { timeout: 120_000 })
  await goesOn(net, await reference(epoch, 0, {}), new Late(), random)
  if (i % 2 === 0) await expect(reports.next()).rejects.toThrow('enough')
  else expect((await reports.next()).value).toMatchObject({ ended: 'timeLimit' })
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

attack(
  'Time',
  'batches of a model that do not come are left, and closed',
  { short: 3, full: 50 },
  async (_, i) => {
    const rows = Array.from({ length: 20 }, (_row, row) => ({ a: row, y: 2 * row }))
    const model = Model.create(rows, { target: 'y', hidden: [], seed: 1 })
    const untrained = parametersOf(model.network)
    const late = new Late()
    const closed = vi.fn()
    let asked = 0
    const batches = {
      [Symbol.asyncIterator]: () => ({
        next: () => (++asked === 1 ? { done: false, value: rows } : late.promise),
        return: () => {
          closed()
          return { done: true }
        },
      }),
    }
    const controller = new AbortController()
    const options = [{ signal: controller.signal }, { timeLimit: 0.1 }, {}][i % 3]
    const fit = model.fit(batches as never, options)
    await late.awaited
    if (i % 3 === 1) expect((await fit).ended).toBe('timeLimit')
    else {
      if (i % 3 === 0) controller.abort(new Error('enough'))
      else model.dispose()
      await expect(fit).rejects.toThrow(i % 3 === 0 ? 'enough' : 'disposed')
    }
    if (i % 3 === 0) expect(parametersOf(model.network)).toEqual(untrained)
    expect(closed).toHaveBeenCalledTimes(1)
    late.come()
  },
)

attack(
  'Time',
  'a signal ends searches and cross-validations that hang',
  { short: 4, full: 50 },
  async (random, i) => {
    const late = new Late()
    const controller = new AbortController()
    const onEpoch = ({ epoch }: EpochReport): unknown => (epoch === 2 ? late.promise : undefined)
    const fit = { ...given, epochs: 3, ...(i % 4 !== 0 && { onEpoch }) }
    const common = { seed: 1, folds: 2, signal: controller.signal, ...(i % 4 === 3 && { parallel: 2 }) }
    const network = { activation: 'tanh' } as const
    const space = { hidden: [[2], [3]] }
    const running =
      i % 4 === 1
        ? crossValidate(data, { ...common, network, fit })
        : gridSearch(data, {
            ...common,
            network,
            space,
            fit,
            ...(i % 4 === 0 && { onTrial: () => late.promise }),
          })
    await late.awaited
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    late.come(random)
  },
)

attack('Time', 'a stream that comes late is closed, and not read', { short: 2, full: 50 }, async () => {
  const late = new Late()
  const controller = new AbortController()
  const net = fresh()
  const fit = net.fit(
    stream(() => late.promise as never),
    { signal: controller.signal },
  )
  await late.awaited
  controller.abort(new Error('enough'))
  await expect(fit).rejects.toThrow('enough')
  const iterator = { next: vi.fn(), return: vi.fn() }
  late.resolve({ [Symbol.asyncIterator]: () => iterator })
  await vi.waitFor(() => expect(iterator.return).toHaveBeenCalledTimes(1))
  expect(iterator.next).not.toHaveBeenCalled()
})

attack(
  'Time',
  'a process ends when all that hangs in it has been ended',
  { short: 1, full: 10 },
  async () => {
    const child = spawn(process.execPath, ['test/fixtures/ended.js'])
    let printed = ''
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()))
    child.stderr.on('data', (text: Buffer) => (printed += text.toString()))
    // It would not end for ever: nothing but what the library has left could keep it.
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, printed }).toEqual({ code: 0, printed: 'timeLimit timeLimit enough disposed left\n' })
  },
)
