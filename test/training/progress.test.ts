/** The bar in the terminal, and the metrics of each epoch. */
import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  checkpointFile,
  progressBar,
  validationMetrics,
  evaluate,
  Network,
  type BatchReport,
  type FitOptions,
} from '../../src/index.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

const data = { x: randomRows(50, 4, 1), y: randomRows(50, 2, 2) }
const fresh = (): Network => new Network([4, 6, 2], { activation: 'tanh', seed: 3 })

describe('progress', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  /** What is written to a terminal of so many columns while a clock runs by 30 ms with each look at it. */
  async function written(given: FitOptions, isTTY = true, columns = 200): Promise<string> {
    let text = ''
    const write = (more: string): boolean => {
      text += more
      return true
    }
    const stderr = { isTTY, columns, write, on: () => undefined, off: () => undefined }
    vi.stubGlobal('process', { stderr })
    let clock = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (clock += 30))
    await fresh()
      .fit(data, { epochs: 4, batchSize: 16, ...given })
      .catch(() => undefined)
    return text
  }

  it('is one line, over and over, and ends with the last epoch and a new line', async () => {
    const text = await written({ progress: progressBar, validation: data })
    const lines = text.split('\r').slice(1)
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) {
      expect(line).toMatch(
        /^epoch [1-4]\/4 █*░* loss \d[\d.e-]+( validation \d[\d.e-]+)?( ETA \d\d:\d\d)?\x1b\[K\n?$/,
      )
    }
    expect(lines.at(-1)).toMatch(/^epoch 4\/4 █{16} loss \S+ validation \S+ ETA 00:00\x1b\[K\n$/)
    expect(text.match(/\n/g)).toHaveLength(1)
  })

  it('is no longer than the terminal is wide', async () => {
    const lines = (await written({ progress: progressBar }, true, 30)).split('\r').slice(1)
    expect(lines.map((line) => line.replace('\x1b[K', '').trimEnd().length)).toContain(29)
  })

  it('ends its line when training ends with an error', async () => {
    const throwing = ({ epoch }: BatchReport): void => {
      if (epoch === 3) throw new Error('mine')
    }
    expect(await written({ progress: progressBar, onBatch: throwing })).toMatch(/epoch 2\/4 .*\n$/)
  })

  it('prints nothing where stderr is no terminal, unless it is asked for, and without a process', async () => {
    expect(await written({ progress: progressBar }, false)).toBe('')
    expect(await written({})).toBe('')
    vi.stubGlobal('process', undefined)
    await fresh().fit(data, { progress: progressBar })
  })

  it('a terminal that goes away at the last line is no error that nobody has caught', async () => {
    const stderr = Object.assign(new EventEmitter(), {
      isTTY: true,
      write: () => queueMicrotask(() => stderr.emit('error', new Error('write EIO'))),
    })
    vi.stubGlobal('process', { stderr })
    await fresh().fit(data, { epochs: 2, progress: progressBar })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(stderr.listenerCount('error')).toBe(0)
  })

  it('a terminal that is gone is no reason not to train', async () => {
    const write = (): never => {
      throw new Error('gone')
    }
    vi.stubGlobal('process', {
      stderr: { isTTY: true, write, on: () => undefined, off: () => undefined },
    })
    const [one, two] = [fresh(), fresh()]
    await one.fit(data, { epochs: 2, progress: progressBar })
    vi.unstubAllGlobals()
    await two.fit(data, { epochs: 2 })
    expect(one.toBytes()).toEqual(two.toBytes())
    for (const [given, Kind] of [
      [true, TypeError],
      ['progressBar', RangeError],
      [{ name: 'progressBar' }, TypeError],
    ] as const) {
      const got = typeof given === 'object' ? 'an object' : JSON.stringify(given)
      const message = `progress: expected progressBar, which is imported, got ${got}`
      await expect(one.fit(data, { progress: given as never })).rejects.toThrow(
        new Kind(`${message}; import { progressBar } from 'deltaprop'`),
      )
    }
  })
})

describe.each(['wasm', 'baseline'] as const)('metrics, %s', (engine) => {
  const labels = data.x.map(([first], s) => (first > 0 ? 0 : 1 + (s % 2)))
  const classes = { x: data.x, y: labels.map((label) => [0, 1, 2].map((c) => Number(c === label))) }

  const several = { x: data.x, y: data.x.map(([a, b]) => [a > 0 ? 1 : 0, b > 0 ? 1 : 0, a + b > 0 ? 1 : 0]) }
  const byLabels = { activation: 'sigmoid', loss: 'binaryCrossEntropy' } as const
  const make = (samples: typeof data): Network => {
    const options = { seed: 3, engine: engineOf[engine], ...(samples === several && byLabels) }
    return new Network([4, 6, samples.y[0].length], options)
  }

  it.each([
    ['a regression', data],
    ['classes', classes],
    ['labels', several],
  ])('of %s are what evaluate says', async (_, samples) => {
    const net = make(samples)
    const seen: object[] = []
    const onEpoch = (): unknown => {
      return seen.push(evaluate(net, samples))
    }
    const given = { epochs: 3, validation: samples, onEpoch }
    const { epochs } = await net.fit(samples, { ...given, metrics: validationMetrics })
    const evaluated = epochs.map(({ validation }) => validation)
    expect(evaluated.map((judged) => ({ ...judged?.metrics, loss: 0 }))).toEqual(
      seen.map((result) => ({ ...result, loss: 0 })),
    )
    const { epochs: without } = await net.fit(samples, { ...given, epochs: 1 })
    expect(without[0].validation).not.toHaveProperty('metrics')
  })

  it.each([
    ['a regression', data],
    ['classes, one of which does not occur', { ...classes, y: classes.y.map(([a, b, c]) => [a, b + c, 0]) }],
    ['labels', several],
  ])('of %s go on in a checkpoint', async (_, samples) => {
    const folder = mkdtempSync(join(tmpdir(), 'metrics-'))
    const path = join(folder, 'a')
    const given: FitOptions = { validation: samples, metrics: validationMetrics }
    const { epochs: whole } = await make(samples).fit(samples, { ...given, epochs: 4 })
    await make(samples).fit(samples, { ...given, epochs: 2, checkpoint: checkpointFile({ path }) })
    const checkpoint = checkpointFile({ path, resume: true })
    const { epochs } = await make(samples).fit(samples, { ...given, epochs: 4, checkpoint })
    rmSync(folder, { recursive: true })
    expect(epochs.map(({ validation }) => validation)).toEqual(whole.map(({ validation }) => validation))
  })
})

it('metrics are those of a validation', async () => {
  await expect(fresh().fit(data, { metrics: validationMetrics })).rejects.toThrow(
    new RangeError('metrics: expected the option validation with it'),
  )
})
