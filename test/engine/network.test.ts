import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { adam, Network, sgd, type LongOptions } from '../../src/index.js'
import { expectClose } from '../support/expect-close.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

describe.each(['wasm', 'baseline'] as const)('Network, %s', (engine) => {
  const small = { activation: 'tanh', precision: 'f64', seed: 7, engine: engineOf[engine] } as const
  const x = randomRows(19, 5, 1)
  const y = randomRows(19, 3, 2)
  const network = (): Network => new Network([5, 9, 3], small)
  const depths = [
    [5, 3],
    [5, 9, 3],
    [5, 37, 21, 3],
  ]

  it('short and long form make the same network', () => {
    const long: LongOptions = {
      inputs: 5,
      layers: [
        { units: 9, activation: 'tanh' },
        { units: 3, activation: 'tanh' },
      ],
      precision: 'f64',
      seed: 7,
      engine: engineOf[engine],
    }
    expect(new Network(long).toJSON()).toEqual(network().toJSON())
  })

  it('one activation for all layers, or one for the hidden ones and one for the output', () => {
    const names = (net: Network): unknown[] => net.layers.map(({ activation }) => activation)
    expect(names(new Network([2, 3, 4, 1], { activation: 'silu', engine: engineOf[engine] }))).toEqual([
      'silu',
      'silu',
      'silu',
    ])
    const apart = { hidden: { type: 'elu', alpha: 2 }, output: 'sigmoid' } as const
    const elu = { type: 'elu', alpha: 2 }
    expect(names(new Network([2, 3, 4, 1], { activation: apart, engine: engineOf[engine] }))).toEqual([
      elu,
      elu,
      'sigmoid',
    ])
    expect(names(new Network([2, 3, 1], { engine: engineOf[engine] }))).toEqual(['relu', 'linear'])
  })

  it('String(net) tells layers, parameters, precision and loss', () => {
    const net = new Network([2, 3, 2, 2], {
      activation: 'sigmoid',
      precision: 'f64',
      loss: 'halfSquared',
      engine: engineOf[engine],
    })
    expect(String(net)).toBe(
      'Network(2 → 3 sigmoid → 2 sigmoid → 2 sigmoid; 23 parameters, f64, halfSquared)',
    )
  })

  it('tells what it is made of', () => {
    const net = network()
    const core = process.env.CORE?.includes('relaxed') === true ? 'relaxed' : 'exact'
    const arithmetic = engine === 'wasm' ? core : 'exact'
    expect([net.inputs, net.outputs, net.seed, net.engine, net.arithmetic]).toEqual([
      5,
      3,
      7,
      engine,
      arithmetic,
    ])
    const [layer] = net.layers
    expect([layer.inputs, layer.units, layer.activation]).toEqual([5, 9, 'tanh'])
    expect([layer.weights.length, layer.biases.length]).toEqual([45, 9])
  })

  it('softmax brings cross entropy, anything else halfSquared, unless a loss is given', () => {
    expect(String(new Network([2, 3], { activation: 'softmax', engine: engineOf[engine] }))).toContain(
      'categoricalCrossEntropy',
    )
    expect(String(new Network([2, 3], { engine: engineOf[engine] }))).toContain('halfSquared')
  })

  it('samples may be flat or rows, arrays or typed arrays', () => {
    const net = network()
    const expected = net.predict(x)
    expect(expected.length).toBe(19 * 3)
    const flat = x.flat()
    const forms = [
      flat,
      Float64Array.from(flat),
      x.map((row) => Float64Array.from(row)),
      [x[0], ...x.slice(1).map((row) => Float64Array.from(row))],
    ]
    for (const form of forms) expect(net.predict(form)).toEqual(expected)
    expect(net.predict(x[4])).toEqual(expected.slice(12, 15))
  })

  it('predict returns a copy in the network’s precision', () => {
    const net = network()
    const first = net.predict(x)
    const kept = first.slice()
    net.predict(y.map((row) => [...row, 1, 2]))
    expect(first).toEqual(kept)
    expect(first).toBeInstanceOf(Float64Array)
    expect(new Network([5, 3], { engine: engineOf[engine] }).predict(x)).toBeInstanceOf(Float32Array)
  })

  it('more samples than fit into the window are taken piece by piece', () => {
    const net = new Network([500, 4, 3], { ...small, precision: 'f32' })
    const many = randomRows(1100, 500, 3)
    const targets = randomRows(1100, 3, 4)
    const whole = net.predict(many)
    for (const s of [0, 261, 521, 522, 523, 1099]) {
      expect(whole.slice(3 * s, 3 * s + 3)).toEqual(net.predict(many[s]))
    }
    const single = many.reduce((sum, xs, s) => sum + net.loss(xs, targets[s]), 0)
    expectClose(net.loss(many, targets), single, { relative: 1e-6 })
    expectClose(net.accumulate(many, targets), single, { relative: 1e-6 })
  })

  it.each(['f32', 'f64'] as const)(
    'a sample alone has the outputs that it has among others, bit by bit, %s',
    (precision) => {
      for (const hidden of ['gelu', 'relu', 'sigmoid', 'tanh', 'mish'] as const) {
        for (const output of ['softmax', 'linear'] as const) {
          for (const sizes of depths) {
            const net = new Network(sizes, {
              activation: { hidden, output },
              precision,
              seed: 1,
              engine: engineOf[engine],
            })
            const alone = x.map((row) => [...net.predict(row)])
            expect([...net.predict(x)]).toEqual(alone.flat())
          }
        }
      }
    },
  )

  it('what is written to the data while fit runs, or after trace, changes nothing', async () => {
    const [one, two] = [network(), network()]
    const data = { x: Float64Array.from(x.flat()), y: Float64Array.from(y.flat()) }
    const trace = one.trace(data.x.subarray(0, 5), data.y.subarray(0, 3))
    const printed = String(trace)
    const fit = one.fit(data, { epochs: 2 })
    data.x.fill(0)
    data.y.fill(0)
    await fit
    await two.fit({ x, y }, { epochs: 2 })
    expect(one.toBytes()).toEqual(two.toBytes())
    expect(String(trace)).toBe(printed)
  })

  it.each(['f32', 'f64'] as const)(
    'a step on one sample has the bits of accumulate and update, %s',
    (precision) => {
      const losses = ['halfSquared', 'huber', 'binaryCrossEntropy', 'categoricalCrossEntropy'] as const
      for (const loss of losses) {
        for (const output of ['sigmoid', 'softmax', 'tanh'] as const) {
          if (loss === 'binaryCrossEntropy' && output !== 'sigmoid') continue
          if (loss === 'categoricalCrossEntropy' && output !== 'softmax') continue
          for (const sizes of depths) {
            const spec = {
              activation: { hidden: 'gelu', output },
              loss,
              precision,
              seed: 1,
              engine: engineOf[engine],
            } as const
            const [one, two] = [new Network(sizes, spec), new Network(sizes, spec)]
            const optimizer = adam({ learningRate: 0.1 })
            for (const [i, row] of x.entries()) {
              const target = [0, 1, 2].map((j) => (j === i % 3 ? 1 : 0))
              const mean = one.train(row, target, optimizer)
              expect(two.accumulate(row, target)).toBe(mean)
              two.update(optimizer)
            }
            expect(one.toBytes()).toEqual(two.toBytes())
          }
        }
      }
    },
  )

  it('views are live: what is written is used, what is trained is seen, after any number of calls', async () => {
    const net = network()
    const { weights, biases } = net.layers[1]
    const before = net.predict(x[0])
    weights.fill(0)
    biases.fill(0.5)
    expectClose(net.predict(x[0]), [Math.tanh(0.5), Math.tanh(0.5), Math.tanh(0.5)], { relative: 1e-15 })
    expect(net.predict(x[0])).not.toEqual(before)
    await net.fit({ x, y }, { epochs: 2, optimizer: adam() })
    net.predict(randomRows(5000, 5, 5))
    expect(weights.some((w) => w !== 0)).toBe(true)
    expect(weights).toBe(net.layers[1].weights)
  })

  it('accumulate adds, zeroGradients forgets', () => {
    const net = network()
    const [layer] = net.layers
    expect(net.accumulate(x, y)).toBeCloseTo(net.loss(x, y), 12)
    const once = layer.weightGradients.slice()
    net.accumulate(x, y)
    expectClose(
      layer.weightGradients,
      once.map((g) => 2 * g),
      { relative: 1e-14 },
    )
    net.zeroGradients()
    expect([...layer.weightGradients, ...layer.biasGradients].every((g) => g === 0)).toBe(true)
  })

  it('update divides by the samples, or does not: w −= η·g/n and w −= η·g', () => {
    for (const reduction of ['mean', 'sum'] as const) {
      const net = network()
      const before = net.layers[0].weights.slice()
      net.accumulate(x.slice(0, 12), y.slice(0, 12))
      net.accumulate(x.slice(12), y.slice(12))
      const gradients = net.layers[0].weightGradients.slice()
      net.update(sgd({ learningRate: 0.5 }), { reduction })
      const scale = reduction === 'mean' ? 0.5 / 19 : 0.5
      const expected = before.map((w, i) => w - scale * gradients[i])
      expectClose(net.layers[0].weights, expected, { relative: 1e-14 })
      expect(net.layers[0].weightGradients.every((g) => g === 0)).toBe(true)
    }
  })

  it.each([1, 2, 7, 8, 9, 19])(
    'train is accumulate and update, %i samples, and returns the mean loss',
    (n) => {
      const [one, two] = [network(), network()]
      for (let step = 0; step < 3; ++step) {
        const mean = one.train(x.slice(0, n), y.slice(0, n), adam())
        const sum = two.accumulate(x.slice(0, n), y.slice(0, n))
        two.update(adam())
        expectClose(mean, sum / n, { relative: 1e-14 })
      }
      for (const [l, { weights }] of one.layers.entries()) {
        expectClose(weights, two.layers[l].weights, { relative: 1e-13 })
      }
    },
  )

  it('gradients accumulated before train count with it', () => {
    const [one, two] = [network(), network()]
    one.accumulate(x.slice(0, 12), y.slice(0, 12))
    one.train(x.slice(12), y.slice(12), sgd({ learningRate: 1 }))
    two.train(x, y, sgd({ learningRate: 1 }))
    expectClose(one.layers[0].weights, two.layers[0].weights, { relative: 1e-13 })
    expect(one.layers[0].weightGradients.every((g) => g === 0)).toBe(true)
  })

  it('pending gradients are used up by train, also by a batch larger than the window', () => {
    const net = new Network([500, 2], { ...small, precision: 'f32' })
    const [many, targets] = [randomRows(1100, 500, 3), randomRows(1100, 2, 4)]
    const twin = Network.fromBytes(net.toBytes(), { engine: engineOf[engine] })
    net.accumulate(many.slice(0, 5), targets.slice(0, 5))
    net.train(many, targets, sgd({ learningRate: 1 }))
    twin.accumulate(many.slice(0, 5), targets.slice(0, 5))
    twin.accumulate(many, targets)
    twin.update(sgd({ learningRate: 1 }))
    expectClose(net.layers[0].weights, twin.layers[0].weights, { relative: 1e-6 })
    expect(() => net.update(sgd())).toThrow('update: expected accumulated gradients')
  })

  it('an optimiser’s state stays with the network until another type takes over', () => {
    const [one, two] = [network(), network()]
    const step = (net: Network): number => net.train(x, y, sgd({ learningRate: 0.1, momentum: 0.9 }))
    step(one)
    step(one)
    step(two)
    two.train(x, y, adam({ learningRate: 0 }))
    step(two)
    expect(two.layers[0].weights).not.toEqual(one.layers[0].weights)
    const [three, four] = [network(), network()]
    three.train(x, y, adam({ learningRate: 0 }))
    three.train(x, y, sgd({ learningRate: 0 }))
    three.train(x, y, adam())
    four.train(x, y, adam())
    expect(three.layers[0].weights).toEqual(four.layers[0].weights)
  })

  it('the gradient of a batch is the sum of the gradients of its parts, in any order', () => {
    const rows = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(rows, rows, fc.nat(), (n, m, seed) => {
        const [whole, parts] = [network(), network()]
        const [xs, ys] = [randomRows(n + m, 5, seed), randomRows(n + m, 3, seed + 1)]
        whole.accumulate(xs, ys)
        parts.accumulate(xs.slice(n).reverse(), ys.slice(n).reverse())
        parts.accumulate(xs.slice(0, n), ys.slice(0, n))
        for (const [l, { weightGradients, biasGradients }] of whole.layers.entries()) {
          expectClose(parts.layers[l].weightGradients, weightGradients, { relative: 1e-12 })
          expectClose(parts.layers[l].biasGradients, biasGradients, { relative: 1e-12 })
        }
      }),
      { numRuns: 25 },
    )
  })

  it('a linear network is linear: f(αx + βx′) = α·f(x) + β·f(x′) without biases', () => {
    const net = new Network([6, 7, 4], { ...small, activation: 'linear' })
    const number = fc.double({ min: -10, max: 10, noNaN: true })
    const vector = fc.array(number, { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(vector, vector, number, number, (u, v, α, β) => {
        const mixed = net.predict(u.map((ui, i) => α * ui + β * v[i]))
        const [fu, fv] = [net.predict(u), net.predict(v)]
        const bound = 1e-11 * (Math.abs(α) + Math.abs(β) + 1)
        expectClose(
          mixed,
          fu.map((f, j) => α * f + β * fv[j]),
          10 * bound,
        )
      }),
    )
  })

  it('trace is of one sample, changes nothing, and prints every equation', () => {
    const net = network()
    net.accumulate(x, y)
    const before = net.toBytes()
    const trace = net.trace(x[0], y[0])
    expect(net.toBytes()).toEqual(before)
    expect(trace.loss).toBeCloseTo(net.loss(x[0], y[0]), 12)
    const printed = String(trace)
    for (const equation of ['(38)', '(F1)', '(F2)', '(41)', '(33)', '(60)', '(61)', '(64)', '(45)', '(59)']) {
      expect(printed).toContain(equation)
    }
    // o − y is a factor of (56), not the equation
    expect(printed).toMatch(/^ {10}∂C\/∂a = o − y /m)
    expect(printed.split('\n').every((line) => line.length <= 132)).toBe(true)
  })

  it('behind a softmax, σ′ of the trace is the Jacobian: ∂C/∂z = Jᵀ·∂C/∂a', () => {
    for (const loss of ['categoricalCrossEntropy', 'halfSquared', 'binaryCrossEntropy'] as const) {
      const output = loss === 'binaryCrossEntropy' ? 'sigmoid' : 'softmax'
      const net = new Network([5, 4, 3], { ...small, activation: { output }, loss })
      const { sigmaPrime, dC_da, dC_dz } = net.trace(x[0], [0, 1, 0]).layers[1]
      const expected = [0, 1, 2].map((j) =>
        [0, 1, 2].reduce((sum, i) => sum + sigmaPrime[i * 3 + j] * dC_da[i], 0),
      )
      expectClose(dC_dz, expected, { relative: 1e-13 })
    }
  })
})
