/** Where predictions may be written: any array of the right kind and length, even one that is being read. */
import { describe, expect, it } from 'vitest'
import type { Floats } from '../../src/base/floats.js'
import { Predictor } from '../../src/inference/index.js'
import { Network, predictAll } from '../../src/index.js'
import { any, givenAway, inRealm, oddities, outcomeOf } from '../support/rows.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

const makers = [
  { name: 'a small network', engine: 'wasm', sizes: [3, 5, 3] },
  { name: 'a network with a memory of its own', engine: 'wasm', sizes: [3, 70, 3] },
  { name: 'a network in plain JavaScript', engine: 'baseline', sizes: [3, 5, 3] },
] as const

const row = [1, 2, 3]

describe.each(['f32', 'f64'] as const)('%s', (precision) => {
  const Kind = precision === 'f64' ? Float64Array : Float32Array
  const Other = precision === 'f64' ? Float32Array : Float64Array
  const shared = (): unknown => {
    const Shared = SharedArrayBuffer as unknown as ArrayBufferConstructor
    return new Kind(new Shared(24), 0, 3)
  }
  const right: readonly (readonly [string, () => unknown])[] = [
    ['an array', () => new Kind(3)],
    ['one with numbers in it', () => new Kind(3).fill(NaN)],
    ['a part of one', () => new Kind(7).subarray(2, 5)],
    ['an array in shared memory', shared],
    ['one of a subclass', () => new (class extends Kind {})(3)],
    ['one of another realm', () => inRealm(`new ${Kind.name}(3)`)],
  ]
  const wrongKind = (got: string): string =>
    `TypeError: out: expected a ${Kind.name}, as the precision is ${precision}, got ${got}`
  const wrongLength = (got: number): string =>
    `RangeError: out: expected 3 values (outputs of all samples), got ${got}`
  const wrong: readonly (readonly [unknown, string])[] = [
    [null, wrongKind('null')],
    [0, wrongKind('0')],
    ['', wrongKind('""')],
    [[0, 0, 0], wrongKind('an array')],
    [{ length: 3 }, wrongKind('an object')],
    [new Other(3), wrongKind(`a ${Other.name}`)],
    [inRealm(`new ${Other.name}(3)`), wrongKind(`a ${Other.name}`)],
    [new DataView(new ArrayBuffer(24)), wrongKind('a DataView')],
    [new BigInt64Array(3), wrongKind('a BigInt64Array')],
    [new Proxy(new Kind(3), {}), wrongKind('an object')],
    [Object.create(Kind.prototype), wrongKind('an object')],
    [new Kind(0), wrongLength(0)],
    [new Kind(2), wrongLength(2)],
    [new Kind(4), wrongLength(4)],
    [inRealm(`new ${Kind.name}(4)`), wrongLength(4)],
    [givenAway(new Kind(3)), wrongLength(0)],
  ]

  describe.each(makers)('of $name', ({ sizes, engine }) => {
    const create = (seed = 3): Network =>
      new Network(sizes, { activation: 'tanh', precision, seed, engine: engineOf[engine] })

    it('every array that is right has the outputs, and is what predict returns', () => {
      const net = create()
      const predictor = Predictor.fromBytes(net.toBytes())
      for (const of of [net, ...(engine === 'wasm' ? [predictor] : [])]) {
        const expected = [...of.predict([row])]
        for (const [name, make] of right) {
          for (const x of [row, [row], Kind.from(row), Other.from(row)]) {
            const out = make() as Floats
            expect(of.predict(x, out), name).toBe(out)
            expect([...out], name).toEqual(expected)
          }
        }
      }
    })

    it('what is wrong is said, after what is wrong with x', () => {
      const net = create()
      const before = net.toBytes()
      for (const of of [net, Predictor.fromBytes(before)]) {
        for (const [out, message] of wrong) {
          // A proxy has the name of what it stands for.
          const found = [row, [row]].map((x) => String(outcomeOf(() => of.predict(x, any(out)))))
          expect(found[0]).toBe(found[1])
          expect(found[0].replace(`got a ${Kind.name}`, 'got an object')).toBe(message)
          for (const x of [[1, 2], [1, 2, NaN], [[1, 2]]]) {
            expect(outcomeOf(() => of.predict(any(x), any(out)))).toMatch(/^RangeError: x/)
          }
        }
        for (const [name, make] of oddities) {
          if (make() === undefined) continue
          const found = outcomeOf(() => of.predict(row, any(make())))
          expect(found, name).toEqual(outcomeOf(() => of.predict([row], any(make()))))
        }
        expect(outcomeOf(() => of.predict([...row, ...row], new Kind(3)))).toBe(
          'RangeError: out: expected 6 values (outputs of all samples), got 3',
        )
      }
      expect(net.toBytes()).toEqual(before)
    })

    it('x itself', () => {
      const net = create()
      for (const of of [net, Predictor.fromBytes(net.toBytes())]) {
        const x = Kind.from(row)
        const expected = of.predict([row])
        expect(of.predict(x, x)).toBe(x)
        expect(x).toEqual(expected)
        const overlapping = Kind.of(0, ...row, 0)
        of.predict(overlapping.subarray(1, 4), overlapping.subarray(2))
        expect(overlapping.subarray(2)).toEqual(expected)
        const all = Kind.from(randomRows(40, 3, 1).flat())
        const outputs = of.predict(all.slice())
        expect(of.predict(all, all)).toEqual(outputs)
      }
    })

    it('weights and gradients, the own ones and those of another network', () => {
      for (const view of [
        (net: Network) => net.layers[0].weights.subarray(4, 7),
        (net: Network) => net.layers[1].biases,
        (net: Network) => net.layers[1].biasGradients,
      ]) {
        for (const x of [row, [row]]) {
          const [net, same, twin] = [create(), create(), create(4)]
          const expected = same.predict([row])
          for (const of of [net, twin]) {
            const out = view(of)
            expect(net.predict(x, out)).toBe(out)
            expect([...out]).toEqual([...expected])
            // What was written counts from now on.
            view(same).set(expected)
            if (of === net) expect(net.predict(row)).toEqual(same.predict([row]))
            net.layers[0].weights.set(create().layers[0].weights)
            net.layers[1].biases.set(create().layers[1].biases)
          }
        }
      }
    })

    it('x may be weights, of this network or another', () => {
      const [net, other] = [create(), create(4)]
      for (const of of [net, other]) {
        const x = of.layers[0].weights.subarray(1, 4)
        expect(net.predict(x)).toEqual(net.predict([[...x]]))
      }
    })
  })

  it.each([
    ['a small network', [60, 20, 1], 'wasm', 5_000],
    ['a small network of many outputs', [40, 3, 50], 'wasm', 6_000],
    ['a network with a memory of its own', [10_000, 2, 1], 'wasm', 100],
    ['a network in plain JavaScript', [10_000, 2, 1], 'baseline', 100],
  ] as const)(
    'more samples than a window holds, in the memory that is read: %s',
    (_, sizes, engine, rows) => {
      const net = new Network(sizes, {
        ...{ activation: 'linear', precision, seed: 3, engine: engineOf[engine] },
      })
      const [inputs, , outputs] = sizes
      const numbers = new Kind(rows * inputs).map((_, i) => ((i * 7) % 11) - 5)
      const expected = net.predict(numbers)
      // Some of what is written lies before the samples, some where the next ones are.
      const both = new Kind(rows * Math.max(inputs, outputs) + 50)
      for (const [from, to] of [
        [0, 0],
        [50, 0],
        [0, 50],
      ]) {
        const x = both.subarray(from, from + numbers.length)
        x.set(numbers)
        const out = both.subarray(to, to + expected.length)
        expect(net.predict(x, out)).toBe(out)
        expect(out).toEqual(expected)
      }
      if (net.layers[0].weights.length < expected.length) return
      const weights = net.layers[0].weights.subarray(0, expected.length)
      expect(net.predict(numbers, weights)).toBe(weights)
      expect(weights).toEqual(expected)
    },
  )

  it('predictAll: the rows of all networks', () => {
    for (const [inputs, outputs] of [
      [3, 3],
      [2, 4],
      [4, 2],
    ]) {
      const nets = randomRows(20, 1, 1).map((_, seed) => {
        return new Network([inputs, 5, outputs], { precision, seed, activation: 'tanh' })
      })
      const rows = randomRows(20, inputs, 2)
      const expected = nets.flatMap((net, i) => [...net.predict([rows[i]])])
      for (const [from, to] of [
        [0, 0],
        [5, 0],
        [0, 5],
      ]) {
        const both = new Kind(20 * 4 + 5)
        const xs = both.subarray(from, from + 20 * inputs)
        xs.set(rows.flat())
        const out = both.subarray(to, to + 20 * outputs)
        expect(predictAll(nets, xs, out)).toBe(out)
        expect([...out]).toEqual(expected)
      }
    }
  })
})
