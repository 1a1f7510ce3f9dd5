import { describe, expect, it } from 'vitest'
import { initialize, type Initializer } from '../../src/definition/initializers.js'
import { Network } from '../../src/index.js'
import { writeOrder } from '../../src/engine/order.js'
import { Random } from '../../src/base/random.js'

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length
const variance = (values: ArrayLike<number>): number => {
  const m = mean(values)
  return mean(Array.from(values, (v) => (v - m) ** 2))
}

describe('Random', () => {
  it('has a stream for every seed and name', () => {
    const draw = (seed: number, stream: string): number => new Random(seed, stream).bits()
    const drawn = [draw(1, 'a'), draw(2, 'a'), draw(1, 'b'), draw(1, 'ab'), draw(1 + 2 ** 32, 'a')]
    expect(new Set(drawn).size).toBe(5)
    expect(draw(1, 'a')).toBe(drawn[0])
  })

  it('below(n) is even: χ² of 7 cells, 70,000 draws, under the 99.99 % quantile', () => {
    const random = new Random(1, 'below')
    const counts = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; ++i) counts[random.below(7)] += 1
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9)
  })

  it('below(n) is the high word of bits·n, whatever the size of n', () => {
    for (const n of [1, 2, 3, 65_535, 65_536, 65_537, 1_797, 10_000_019, 2 ** 31 + 1]) {
      const [bits, below] = [new Random(n, 'bits'), new Random(n, 'bits')]
      for (let i = 0; i < 50; ++i) {
        let product = BigInt(bits.bits()) * BigInt(n)
        while (product % 2n ** 32n < 2n ** 32n % BigInt(n)) product = BigInt(bits.bits()) * BigInt(n)
        expect(below.below(n)).toBe(Number(product >> 32n))
      }
    }
  })

  it('uniform is even from 0 to 1, normal has mean 0, variance 1, skewness 0 and kurtosis 3', () => {
    const random = new Random(2, 'moments')
    const uniform = Array.from({ length: 200_000 }, () => random.uniform())
    expect(Math.min(...uniform.slice(0, 1000))).toBeGreaterThanOrEqual(0)
    expect(mean(uniform)).toBeCloseTo(0.5, 2)
    expect(variance(uniform)).toBeCloseTo(1 / 12, 2)
    const normal = Array.from({ length: 200_000 }, () => random.normal())
    expect(mean(normal)).toBeCloseTo(0, 1.7)
    expect(variance(normal)).toBeCloseTo(1, 1.5)
    expect(mean(normal.map((v) => v ** 3))).toBeCloseTo(0, 1)
    expect(mean(normal.map((v) => v ** 4))).toBeCloseTo(3, 0.7)
  })

  it('shuffle keeps every number once, and every order is as likely', () => {
    const random = new Random(3, 'shuffle')
    const orders = new Map<string, number>()
    for (let i = 0; i < 24_000; ++i) {
      const numbers = Uint32Array.of(0, 1, 2, 3)
      random.shuffle(numbers)
      orders.set(numbers.join(), (orders.get(numbers.join()) ?? 0) + 1)
    }
    expect(orders.size).toBe(24)
    const chiSquare = [...orders.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(56) // 99.99 % quantile of 23 degrees of freedom
  })

  it('the order of many samples is written in parts, and is that of one shuffle', async () => {
    for (const n of [2 ** 19, 2 ** 19 + 1, 3 * 2 ** 18, 3 * 2 ** 18 + 1]) {
      const [order, expected] = [new Uint32Array(n), Uint32Array.from({ length: n }, (_, s) => s)]
      const written = writeOrder(order, 5, 'shuffle 1')
      expect(written instanceof Promise).toBe(n > 2 ** 19)
      await written
      new Random(5, 'shuffle 1').shuffle(expected)
      expect(order.every((s, i) => s === expected[i])).toBe(true)
    }
  })
})

describe('initialisers', () => {
  const [fanIn, fanOut] = [300, 200]
  const variances: [Initializer, number][] = [
    [{ type: 'lecunNormal', scale: 1 }, 1 / fanIn],
    [{ type: 'lecunUniform', scale: 1 }, 1 / fanIn],
    [{ type: 'glorotNormal', scale: 1 }, 2 / (fanIn + fanOut)],
    [{ type: 'glorotUniform', scale: 1 }, 2 / (fanIn + fanOut)],
    [{ type: 'heNormal', scale: 1 }, 2 / fanIn],
    [{ type: 'heUniform', scale: 1 }, 2 / fanIn],
    [{ type: 'normal', scale: 0.3 }, 0.09],
    [{ type: 'uniform', scale: 0.3 }, 0.03],
    [{ type: 'zeros', scale: 1 }, 0],
  ]
  it.each(variances)('$type: variance %f', (initializer, expected) => {
    const values = new Float64Array(fanIn * fanOut)
    initialize(values, initializer, fanIn, fanOut, new Random(1, 'test'))
    expect(Math.abs(variance(values) - expected)).toBeLessThanOrEqual(0.02 * expected)
    expect(Math.abs(mean(values))).toBeLessThanOrEqual(0.01 * Math.sqrt(expected))
  })

  it('He for the relu family, LeCun for selu, Glorot otherwise; biases 0', () => {
    const spread = (activation: 'relu' | 'selu' | 'tanh'): number => {
      const [layer] = new Network([fanIn, fanOut], { activation, seed: 1, precision: 'f64' }).layers
      expect(layer.biases.every((b) => b === 0)).toBe(true)
      return variance(layer.weights)
    }
    expect(spread('relu') * fanIn).toBeCloseTo(2, 1)
    expect(spread('selu') * fanIn).toBeCloseTo(1, 1)
    expect((spread('tanh') * (fanIn + fanOut)) / 2).toBeCloseTo(1, 1)
  })
})
