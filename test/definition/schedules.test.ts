import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cosPi, power } from '../../src/base/elementary.js'
import { LearningRate } from '../../src/definition/schedules.js'

interface Case {
  readonly name: string
  readonly options: Record<string, unknown>
  readonly base: number
  readonly rates: readonly number[]
  readonly metric?: readonly number[]
}

const cases = JSON.parse(readFileSync('test/fixtures/schedules.json', 'utf8')) as Case[]

const close = (rate: number, expected: number): boolean =>
  Math.abs(rate - expected) <= 1e-12 * Math.abs(expected)

describe('schedules', () => {
  it.each(cases)('$name: the learning rates of torch.optim.lr_scheduler', (given) => {
    const { name, options, base, rates, metric } = given
    const rate = new LearningRate({ type: name, ...options }, base)
    for (const [t, expected] of rates.entries()) {
      const [update, epoch] = metric === undefined ? [t, 0] : [0, t]
      const actual = rate.at(update, epoch)
      if (!close(actual, expected)) expect.fail(`step ${t}: expected ${expected}, got ${actual}`)
      if (metric !== undefined) rate.endEpoch(metric[t])
    }
  })

  it('per epoch they count epochs', () => {
    const rate = new LearningRate({ type: 'step', stepSize: 2, gamma: 0.5, per: 'epoch' }, 1)
    expect([0, 1, 2, 3, 4].map((epoch) => rate.at(1000, epoch))).toEqual([1, 1, 0.5, 0.5, 0.25])
  })

  it('several in turn: each changes what the one before makes of the learning rate', () => {
    const warmup = { type: 'linearWarmup', steps: 4, startFactor: 0 }
    const rate = new LearningRate([{ type: 'exponential', gamma: 0.5 }, warmup], 8)
    expect([0, 1, 2, 3, 4, 5].map((t) => rate.at(t, 0))).toEqual([0, 1, 1, 0.75, 0.5, 0.25])
  })

  it('any function of the update', () => {
    expect(new LearningRate((t: number) => 1 / (1 + t), 7).at(3, 0)).toBe(0.25)
  })

  it('stay where they end', () => {
    const at = (schedule: object, t: number): number => new LearningRate(schedule, 1).at(t, 0)
    expect(at({ type: 'polynomial', totalSteps: 10 }, 1e9)).toBe(0)
    expect(at({ type: 'cosine', totalSteps: 10, minimum: 0.1 }, 1e9)).toBe(0.1)
    expect(at({ type: 'oneCycle', maximum: 1, totalSteps: 10, startDivisor: 10, endDivisor: 10 }, 1e9)).toBe(
      0.01,
    )
    expect(at({ type: 'linearWarmup', steps: 10 }, 1e9)).toBe(1)
  })

  it('oneCycle may begin at its maximum', () => {
    const cycle = { type: 'oneCycle', maximum: 1, totalSteps: 10, warmupFraction: 0.1 }
    expect(new LearningRate(cycle, 1).at(0, 0)).toBe(1)
  })

  it('reduceOnPlateau ends at its minimum, and never raises the rate to it', () => {
    const rate = new LearningRate({ type: 'reduceOnPlateau', factor: 0.1, patience: 0, minimum: 0.05 }, 1)
    const rates = [1, 1, 1, 1].map((loss) => {
      rate.endEpoch(loss)
      return rate.at(0, 0)
    })
    expect(rates).toEqual([1, 0.1, 0.05, 0.05])
    const small = new LearningRate({ type: 'reduceOnPlateau', patience: 0, minimum: 0.05 }, 0.01)
    for (const loss of [1, 1, 1]) small.endEpoch(loss)
    expect(small.at(0, 0)).toBe(0.01)
  })

  it.each<[unknown, string]>([
    [7, 'schedule: expected an object, got 7'],
    [{ type: 'cosin' }, 'schedule.type: expected one of step, multiStep,'],
    [{ type: 'step' }, 'schedule.stepSize: expected an integer >= 1, got undefined'],
    [{ type: 'step', stepSize: 1.5 }, 'schedule.stepSize: expected an integer >= 1, got 1.5'],
    [{ type: 'step', stepSize: 1, gama: 1 }, 'schedule: expected one of stepSize, gamma, per, got "gama"'],
    [{ type: 'cosine', totalSteps: 9, per: 'day' }, 'schedule.per: expected one of update, epoch, got "day"'],
    [{ type: 'multiStep' }, 'schedule.milestones: expected an array, got undefined'],
    [
      [{ type: 'multiStep', milestones: [-1] }],
      'schedule[0].milestones[0]: expected an integer >= 0, got -1',
    ],
    [
      [
        { type: 'exponential', gamma: 1 },
        { type: 'oneCycle', maximum: 1, totalSteps: 9 },
      ],
      'schedule[1]: expected one that changes the learning rate of those before, got oneCycle',
    ],
    [
      [{ type: 'exponential', gamma: 1 }, (): number => 1],
      'schedule[1]: expected one that changes the learning rate of those before, got a function',
    ],
    [{ type: 'oneCycle', maximum: 1, totalSteps: 1 }, 'schedule.totalSteps: expected an integer >= 2, got 1'],
    [
      { type: 'reduceOnPlateau', per: 'epoch' },
      'schedule: expected one of factor, patience, threshold, minimum, got "per"',
    ],
  ])('%o is refused', (option, message) => {
    expect(() => new LearningRate(option, 1)).toThrow(message)
  })

  it('a function that gives no learning rate is refused', () => {
    expect(() => new LearningRate(() => NaN, 1).at(5, 0)).toThrow(
      'schedule(5): expected a number >= 0, got NaN',
    )
  })
})

describe('elementary functions', () => {
  it('cos π·t, within 4 units of the last place of 1', () => {
    for (let i = 0; i <= 10_000; ++i) {
      expect(Math.abs(cosPi(i / 10_000) - Math.cos((Math.PI * i) / 10_000))).toBeLessThan(2 ** -50)
    }
    expect([cosPi(0), cosPi(1)]).toEqual([1, -1])
  })

  it('xᵖ', () => {
    for (const p of [0, 0.25, 0.5, 0.9, 1, 1.5, 2, 3, 7.3, 9.9]) {
      for (let i = 0; i <= 1000; ++i) {
        const [actual, expected] = [power(i / 1000, p), (i / 1000) ** p]
        expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-13 * expected)
      }
    }
    expect(power(0.5, 10)).toBe(2 ** -10)
    expect(power(0, 0)).toBe(1)
    expect(power(1.5, 3)).toBe(3.375)
  })
})
