/** Networks and batches that need more than one panel, chunk or strip (drawn in src/engine/wasm/memory.ts), on every engine. */
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import type { Architecture } from '../../src/definition/architecture.js'
import { sgd } from '../../src/definition/optimizers.js'
import { summedReference, type ReferenceNet } from '../reference.js'
import { engines, flatten, stage } from '../support/engines.js'
import { expectClose, type Bound } from '../support/expect-close.js'
import { randomRows } from '../support/random-rows.js'

const tanh = { type: 'tanh', shape: 0 } as const

interface Problem {
  readonly net: ReferenceNet
  readonly x: number[][]
  readonly y: number[][]
  /** the rows of x and y in an order that is not theirs */
  readonly order: number[]
}

/** A network with weights of the size 1/√nIn, so that no layer saturates, and samples; in f32 all are floats. */
function problem(sizes: readonly number[], samples: number, precision: Architecture['precision']): Problem {
  const round = precision === 'f64' ? (v: number): number => v : Math.fround
  const rows = (count: number, width: number, seed: number, scale: number): number[][] =>
    randomRows(count, width, seed).map((row) => row.map((v) => round(v * scale)))
  const layers = sizes.slice(1)
  const weights = layers.map((nOut, l) => rows(nOut, sizes[l], l, 1.5 / Math.sqrt(sizes[l])))
  const biases = layers.map((nOut, l) => rows(1, nOut, l + 10, 0.5)[0])
  return {
    net: { activations: layers.map(() => tanh), loss: 'halfSquared', weights, biases },
    x: rows(samples, sizes[0], 20, 1),
    y: rows(samples, layers[layers.length - 1], 21, 1),
    order: Array.from({ length: samples }, (_, s) => samples - 1 - s),
  }
}

function start(create: (spec: Architecture) => Engine, given: Problem, precision: 'f32' | 'f64'): Engine {
  const { weights, biases } = given.net
  const layers = biases.map(({ length: units }, l) => {
    return { inputs: weights[l][0].length, units, activation: tanh }
  })
  const engine = create({ inputs: given.x[0].length, layers, loss: 'halfSquared', precision })
  engine.parameters.set(flatten(weights, biases))
  stage(engine, given.x, given.y)
  engine.order.set(given.order)
  return engine
}

/** The network with w − η·∂L/∂w for w, (61), and b − η·∂L/∂b for b, (64). */
function descend(net: ReferenceNet, x: number[][], y: number[][], eta: number): ReferenceNet {
  const { gradW, gradB } = summedReference(net, x, y)
  return {
    ...net,
    weights: net.weights.map((w, l) => w.map((row, j) => row.map((wjk, k) => wjk - eta * gradW[l][j][k]))),
    biases: net.biases.map((b, l) => b.map((bj, j) => bj - eta * gradB[l][j])),
  }
}

const problems: readonly {
  readonly sizes: readonly number[]
  readonly samples: number
  readonly what: string
}[] = [
  { sizes: [13, 21, 11, 5], samples: 256, what: 'a full chunk' },
  { sizes: [13, 21, 11, 5], samples: 300, what: 'a chunk and a part of one' },
  { sizes: [9, 17, 3], samples: 600, what: 'two chunks and a part of one' },
  { sizes: [4101, 6, 3], samples: 19, what: 'rows wider than a strip, more than four of them' },
  { sizes: [67, 150, 41, 3], samples: 43, what: 'more rows than one strip holds' },
  { sizes: [7, 601, 2], samples: 19, what: 'more narrow rows than one strip holds' },
  { sizes: [3, 701, 2], samples: 9, what: 'the same for f64, whose panels are half as wide' },
  { sizes: [5, 1, 9, 1], samples: 270, what: 'layers of one unit' },
  { sizes: [1, 1], samples: 261, what: 'one unit' },
]

describe.each(['f32', 'f64'] as const)('%s', (precision) => {
  const bound: Bound = { relative: precision === 'f64' ? 1e-12 : 2e-5 }

  describe.each(problems)('$sizes, $samples samples: $what', ({ sizes, samples }) => {
    const given = problem(sizes, samples, precision)
    const { net, order } = given
    const [x, y] = [order.map((row) => given.x[row]), order.map((row) => given.y[row])]
    const expected = summedReference(net, x, y)
    const gradients = flatten(expected.gradW, expected.gradB)
    const text = `${sizes.join(' → ')}, ${samples} samples`

    it.each(engines)('(34), (35), (61), (64) on the $name engine', ({ create }) => {
      const engine = start(create, given, precision)
      expectClose(engine.loss(samples), expected.loss, bound, text)
      expectClose(engine.accumulate(samples), expected.loss, bound, text)
      expectClose(engine.gradients, gradients, bound, text)
      engine.predict(samples)
      const outputs = expected.samples.flatMap(({ layers }) => layers[layers.length - 1].a)
      expectClose(engine.y.subarray(0, outputs.length), outputs, bound, text)
    })

    it.each(engines)('w − η·∂L/∂w, all samples as one batch, on the $name engine', ({ create }) => {
      const engine = start(create, given, precision)
      const eta = 1 / samples
      engine.setOptimizer(sgd({ learningRate: 1 }))
      const { loss, batches } = engine.train(samples, samples, { loss: 0 })
      expect(batches).toBe(1)
      expectClose(loss, expected.loss, bound, text)
      const parameters = flatten(net.weights, net.biases).map((w, i) => w - eta * gradients[i])
      expectClose(engine.parameters, parameters, bound, text)
    })
  })

  it.each(engines)(
    'batches of 256, 256 and 88 samples, one step after the other, on the $name engine',
    (each) => {
      const given = problem([9, 17, 3], 600, precision)
      const engine = start(each.create, given, precision)
      engine.setOptimizer(sgd({ learningRate: 0.002 }))
      expect(engine.train(600, 256, { bySum: true }).batches).toBe(3)
      let { net } = given
      for (const [first, end] of [
        [0, 256],
        [256, 512],
        [512, 600],
      ]) {
        const rows = given.order.slice(first, end)
        net = descend(
          net,
          rows.map((row) => given.x[row]),
          rows.map((row) => given.y[row]),
          0.002,
        )
      }
      expectClose(engine.parameters, flatten(net.weights, net.biases), bound)
    },
  )
})
