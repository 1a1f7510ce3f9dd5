/** Penalties, limits, dropout, sample weights and the average of the weights, against plain loops. */
import { describe, expect, it, vi } from 'vitest'
import { evaluate, adam, Network, sgd, type FitData, type FitOptions } from '../../src/index.js'
import { dropoutBits, layerKey } from '../../src/engine/dropout.js'
import { Random } from '../../src/base/random.js'
import { readSamples } from '../../src/base/samples.js'
import { resolveSpec } from '../../src/definition/spec.js'
import { CopyTrainer } from '../../src/training/copy-trainer.js'
import { splitValidation } from '../../src/training/validation-set.js'
import { engines, flatten, stage, tanhSpec } from '../support/engines.js'
import { expectClose } from '../support/expect-close.js'
import { parametersOf } from '../support/golden.js'
import { targetValues } from '../../src/base/targets.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

const kinds = (['wasm', 'baseline'] as const).flatMap((engine) =>
  (['f64', 'f32'] as const).map((precision) => ({ engine, precision })),
)
const data = { x: randomRows(50, 4, 1), y: randomRows(50, 2, 2) }
const batches = [0, 16, 32, 48].map((first) => ({ first, end: Math.min(first + 16, 50) }))
const learningRate = 0.5

/** The tensors of a network: weights and biases of each layer, as plain arrays, with where they begin. */
function tensorsOf(
  net: Network,
): { values: number[]; gradients: number[]; isBias: boolean; inputs: number }[] {
  return net.layers.flatMap(({ weights, biases, weightGradients, biasGradients, inputs }) => [
    { values: [...weights], gradients: [...weightGradients], isBias: false, inputs },
    { values: [...biases], gradients: [...biasGradients], isBias: true, inputs },
  ])
}

const normOf = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0))

type Rules = Pick<FitOptions, 'l1' | 'l2' | 'clipGradients' | 'maxWeightNorm'>

/** One step of plain gradient descent by these rules, in plain loops; returns the parameters. */
function plainStep(
  net: Network,
  samples: number,
  { l1 = 0, l2 = 0, clipGradients = {}, maxWeightNorm }: Rules,
): number[] {
  const { value = Infinity, norm = Infinity, globalNorm = Infinity } = clipGradients
  const tensors = tensorsOf(net).map((tensor) => {
    const { values, gradients, isBias } = tensor
    const mean = gradients.map((g, i) => {
      const penalty = isBias ? 0 : l1 * Math.sign(values[i]) + l2 * values[i]
      return Math.max(-value, Math.min(value, g / samples + penalty))
    })
    const factor = Math.min(1, norm / (normOf(mean) + 1e-6))
    return { ...tensor, gradients: mean.map((g) => factor * g) }
  })
  const factor = Math.min(1, globalNorm / (normOf(tensors.flatMap(({ gradients }) => gradients)) + 1e-6))
  return tensors.flatMap(({ values, gradients, isBias, inputs }) => {
    const updated = values.map((v, i) => v - learningRate * factor * gradients[i])
    if (isBias || maxWeightNorm === undefined) return updated
    return updated.map((v, i) => {
      const j = Math.floor(i / inputs)
      const size = normOf(updated.slice(j * inputs, (j + 1) * inputs))
      return size > maxWeightNorm ? (v * maxWeightNorm) / size : v
    })
  })
}

function setParameters(net: Network, parameters: readonly number[]): void {
  let start = 0
  for (const { weights, biases } of net.layers) {
    for (const tensor of [weights, biases]) {
      tensor.set(parameters.slice(start, start + tensor.length))
      start += tensor.length
    }
  }
}

describe.each(kinds)('$engine, $precision', ({ engine, precision }) => {
  const options = { activation: 'tanh', seed: 3, engine: engineOf[engine], precision } as const
  const bound = { relative: precision === 'f64' ? 1e-11 : 3e-5 }
  const fresh = (): Network => new Network([4, 7, 5, 2], options)

  it.each([
    ['l1', { l1: 0.3 }],
    ['l2', { l2: 0.2 }],
    ['value', { clipGradients: { value: 0.05 } }],
    ['norm of each matrix and vector', { clipGradients: { norm: 0.1 } }],
    ['norm of all', { clipGradients: { globalNorm: 0.2 } }],
    ['max-norm', { maxWeightNorm: 0.9 }],
    [
      'all of them, one after the other',
      { l1: 0.02, l2: 0.03, clipGradients: { value: 0.3, norm: 0.4, globalNorm: 0.5 }, maxWeightNorm: 1.1 },
    ],
  ] as [string, Rules][])('%s: every update is that of plain loops', async (_, rules) => {
    const [one, two, free] = [fresh(), fresh(), fresh()]
    const given = { batchSize: 16, shuffle: false, optimizer: sgd({ learningRate }) }
    await one.fit(data, { ...given, ...rules })
    await free.fit(data, given)
    for (const { first, end } of batches) {
      two.accumulate(data.x.slice(first, end), data.y.slice(first, end))
      const parameters = plainStep(two, end - first, rules)
      two.zeroGradients()
      setParameters(two, parameters)
    }
    expectClose(parametersOf(one), parametersOf(two), bound)
    expect(parametersOf(one)).not.toEqual(parametersOf(free))
  })

  it('averageWeights: mean += (1 − d)·(w − mean) after every update; validation judges it, and it is what is left', async () => {
    const [one, two] = [fresh(), fresh()]
    const optimizer = adam({ learningRate: 0.1 })
    const given = { batchSize: 16, shuffle: false, optimizer, validation: data }
    const { epochs } = await one.fit(data, { ...given, epochs: 2, averageWeights: 0.7 })
    let mean = parametersOf(two)
    const losses: number[] = []
    for (let epoch = 0; epoch < 2; ++epoch) {
      for (const { first, end } of batches) {
        two.train(data.x.slice(first, end), data.y.slice(first, end), optimizer)
        mean = parametersOf(two).map((w, i) => mean[i] + (1 - 0.7) * (w - mean[i]))
      }
      const average = fresh()
      setParameters(average, mean)
      losses.push(average.loss(data.x, data.y) / 50)
    }
    expectClose(parametersOf(one), mean, { relative: precision === 'f64' ? 1e-9 : 1e-3 })
    expectClose(
      epochs.map(({ validation }) => validation?.loss ?? NaN),
      losses,
      { relative: precision === 'f64' ? 1e-9 : 1e-3 },
    )
  })

  it('weights: a sample of weight v has v times its loss and its gradients', async () => {
    const weights = data.x.map((_, s) => [0, 1, 2, 0.5][s % 4])
    const [one, two] = [fresh(), fresh()]
    const optimizer = sgd({ learningRate })
    const { epochs } = await one.fit({ ...data, weights }, { batchSize: 16, shuffle: false, optimizer })
    let loss = 0
    for (const { first, end } of batches) {
      const sums: number[][] = []
      for (let s = first; s < end; ++s) {
        loss += weights[s] * two.accumulate(data.x[s], data.y[s])
        sums.push(tensorsOf(two).flatMap(({ gradients }) => gradients.map((g) => weights[s] * g)))
        two.zeroGradients()
      }
      const parameters = parametersOf(two)
      const step = (i: number): number =>
        (learningRate * sums.reduce((sum, row) => sum + row[i], 0)) / (end - first)
      setParameters(
        two,
        parameters.map((w, i) => w - step(i)),
      )
    }
    expectClose(parametersOf(one), parametersOf(two), bound)
    expectClose(epochs[0].loss, loss / 50, bound)
  })

  it('one sample a batch: weights and dropout too', async () => {
    const [one, two] = [fresh(), fresh()]
    const given = { batchSize: 1, shuffle: false, optimizer: sgd({ learningRate: 0.1 }) }
    const weights = data.x.map((_, s) => s % 3)
    await one.fit({ ...data, weights }, given)
    for (const [s, x] of data.x.entries()) {
      two.train(x, data.y[s], sgd({ learningRate: 0.1 * weights[s] }))
    }
    expectClose(parametersOf(one), parametersOf(two), bound)
    const three = fresh()
    await three.fit(data, { ...given, dropout: 0.5 })
    expect(parametersOf(three)).not.toEqual(parametersOf(one))
  })

  it('classWeights: a number per class; balanced: samples / (classes · samples of the class)', async () => {
    const labels = data.x.map(([first], s) => (first > 0 ? s % 3 : 0))
    const counts = [0, 1, 2].map((c) => labels.filter((label) => label === c).length)
    const three = { columns: 3, y: labels.map((label) => [0, 1, 2].map((c) => Number(c === label))) }
    const two = { columns: 1, y: labels.map((label) => [Number(label > 0)]) }
    const own = data.x.map((_, s) => 1 + (s % 2))
    const cases = [
      { ...three, classWeights: [1, 2, 0.5], weights: labels.map((label) => [1, 2, 0.5][label]) },
      { ...three, classWeights: 'balanced', weights: labels.map((label) => 50 / (3 * counts[label])) },
      { ...two, classWeights: [2, 3], weights: labels.map((label) => (label > 0 ? 3 : 2)) },
      {
        ...two,
        classWeights: 'balanced',
        weights: labels.map((label) => 50 / (2 * (label > 0 ? 50 - counts[0] : counts[0]))),
      },
    ] as const
    for (const { columns, y, classWeights, weights } of cases) {
      const [one, other] = [new Network([4, columns], options), new Network([4, columns], options)]
      await one.fit({ x: data.x, y, weights: own }, { epochs: 2, classWeights })
      const product = weights.map((weight, s) => weight * own[s])
      await other.fit({ x: data.x, y, weights: product }, { epochs: 2 })
      expectClose(parametersOf(one), parametersOf(other), { relative: precision === 'f64' ? 1e-12 : 1e-5 })
    }
  })

  it('a validation by a fraction: weights go with their samples, and classes are balanced among those trained on', async () => {
    const y = data.x.map((_, s) => [s % 10 < 3 ? 1 : 0])
    const weights = data.x.map((_, s) => 1 + (s % 4))
    const spec = resolveSpec([4, 1], options)
    const split = splitValidation(
      spec,
      {
        x: readSamples('x', data.x, 4, 'inputs', precision),
        y: readSamples('y', y, 1, 'outputs', precision),
        weights: readSamples('weights', weights, 1, 'outputs', precision),
      },
      0.28,
    )
    const trainedLabels = targetValues(split.y, precision)
    const trained = { x: split.x.values, y: trainedLabels, weights: split.weights?.values }
    // Rounding makes the shares of the classes others than those of all samples.
    expect(trainedLabels.filter((label) => label === 1).length / split.y.rows).not.toBe(0.3)
    const [one, other] = [new Network([4, 1], options), new Network([4, 1], options)]
    const given = { epochs: 2, classWeights: 'balanced' } as const
    const { epochs } = await one.fit({ x: data.x, y, weights }, { ...given, validation: 0.28 })
    await other.fit(trained as FitData, given)
    expect(one.toBytes()).toEqual(other.toBytes())
    const held = split.validation
    const judged = evaluate(one, {
      x: held?.x.values,
      y: held && targetValues(held.y, precision),
      weights: held?.weights?.values,
    } as FitData)
    expectClose(epochs[1].validation?.loss ?? NaN, judged.loss, bound)
  })

  it('accumulate: one update for several batches, that of one batch of all their samples', async () => {
    const [one, two] = [fresh(), fresh()]
    const { epochs } = await one.fit(data, { batchSize: 8, accumulate: 3, optimizer: adam() })
    await two.fit(data, { batchSize: 24, optimizer: adam() })
    expect(one.toBytes()).toEqual(two.toBytes())
    expect(epochs[0].batches).toBe(3)
  })

  it('rules of a fit are for it alone', async () => {
    const [one, two] = [fresh(), fresh()]
    const optimizer = adam()
    const rules = { l1: 1, l2: 1, clipGradients: { value: 1e-3, norm: 1e-3, globalNorm: 1e-3 }, dropout: 0.5 }
    const stopped = { optimizer, schedule: () => 0 }
    await one.fit({ ...data, weights: data.x.map(() => 2) }, { ...stopped, ...rules, averageWeights: 0.5 })
    await two.fit(data, stopped)
    expectClose(parametersOf(one), parametersOf(two), bound)
    setParameters(one, parametersOf(two))
    for (const net of [one, two]) net.train(data.x, data.y, sgd({ learningRate: 0.1 }))
    expect(parametersOf(one)).toEqual(parametersOf(two))
  })

  it('all of it together: the same bits, however samples are staged', async () => {
    const wide = {
      x: randomRows(1200, 500, 1),
      y: randomRows(1200, 2, 2),
      weights: Array.from({ length: 1200 }, (_, s) => (s % 5) / 2),
    }
    for (const batchSize of [32, 1000, 5000]) {
      const given: FitOptions = {
        epochs: 2,
        batchSize,
        optimizer: adam(),
        l1: 1e-3,
        l2: 1e-3,
        clipGradients: { value: 0.2, norm: 0.3, globalNorm: 0.3 },
        maxWeightNorm: 2,
        dropout: [0.3, 0.1],
        averageWeights: 0.9,
        schedule: { type: 'exponential', gamma: 0.9 },
      }
      const [one, two] = [new Network([500, 6, 3, 2], options), new Network([500, 6, 3, 2], options)]
      await one.fit(wide, given)
      const create = vi.spyOn(CopyTrainer, 'create').mockReturnValue(undefined)
      await two.fit(wide, given)
      create.mockRestore()
      expect(parametersOf(two)).toEqual(parametersOf(one))
      expect(parametersOf(one).every(Number.isFinite)).toBe(true)
    }
  })
})

describe.each(['f64', 'f32'] as const)('every tail, %s', (precision) => {
  const widths = [1, 2, 3, 4, 5, 7, 8, 9, 16, 19]
  it.each(widths.flatMap((inputs) => widths.map((units) => [inputs, units] as const)))(
    '%i-%i-3: both engines agree to rounding',
    async (inputs, units) => {
      const samples = units + 3
      const given = { x: randomRows(samples, inputs, 1), y: randomRows(samples, 3, 2) }
      const weights = given.x.map((_, s) => 1 + (s % 3))
      const [wasm, baseline] = (['wasm', 'baseline'] as const).map(
        (engine) =>
          new Network([inputs, units, 3], {
            activation: 'tanh',
            seed: 5,
            precision,
            engine: engineOf[engine],
          }),
      )
      for (const net of [wasm, baseline]) {
        await net.fit(
          { ...given, weights },
          {
            epochs: 3,
            batchSize: 5,
            optimizer: sgd({ learningRate: 0.1 }),
            l1: 0.01,
            l2: 0.02,
            clipGradients: { value: 0.5, norm: 0.6, globalNorm: 0.7 },
            maxWeightNorm: 0.8,
            dropout: 0.3,
            averageWeights: 0.5,
          },
        )
      }
      expectClose(parametersOf(wasm), parametersOf(baseline), {
        relative: precision === 'f64' ? 1e-11 : 1e-4,
      })
    },
  )
})

describe('dropout', () => {
  /** m[j][s], by the formula of assembly/kernels/dropout.ts in exact integers. */
  const mix = (x: bigint): bigint => {
    const low = (value: bigint): bigint => BigInt.asUintN(32, value)
    x = low((x ^ (x >> 16n)) * 0x7feb352dn)
    x = low((x ^ (x >> 15n)) * 0x846ca68bn)
    return x ^ (x >> 16n)
  }
  const u32 = (x: bigint): bigint => BigInt.asUintN(32, x)
  const drawn = (key: bigint, j: number, position: number): number =>
    Number(mix(u32(mix(u32(BigInt(position) + key)) + mix(u32(key + u32(BigInt(j) * 0x9e3779b9n))))))

  it.each(engines.flatMap((each) => (['f64', 'f32'] as const).map((precision) => ({ ...each, precision }))))(
    '$name, $precision: a ⊙ m and σ′ ⊙ m, m = 0 or 1/(1 − p), in the loss and in every gradient',
    ({ create, precision }) => {
      const [nIn, nHidden, nOut] = [3, 11, 2]
      const [w1, w2] = [randomRows(nHidden, nIn, 1), randomRows(nOut, nHidden, 2)]
      const [b1, b2] = [randomRows(1, nHidden, 3)[0], randomRows(1, nOut, 4)[0]]
      const [x, y] = [randomRows(23, nIn, 5), randomRows(23, nOut, 6)]
      const engine = create(tanhSpec([nIn, nHidden, nOut], precision))
      engine.parameters.set(flatten([w1, w2], [b1, b2]))
      stage(engine, x, y)
      // p is rounded to 2⁻³²
      const [p, key, position] = [Math.round(0.4 * 2 ** 32) / 2 ** 32, 123456789, 4294967290]
      const ofLayer = BigInt(layerKey(key, 0))
      const gradients = new Array<number>(engine.gradients.length).fill(0)
      let loss = 0
      let dropped = 0
      for (const [s, xs] of x.entries()) {
        const m = w1.map((_, j) => (drawn(ofLayer, j, position + s) < p * 2 ** 32 ? 0 : 1 / (1 - p)))
        dropped += m.filter((each) => each === 0).length
        const t = w1.map((row, j) => Math.tanh(row.reduce((sum, w, k) => sum + w * xs[k], b1[j])))
        const a = t.map((value, j) => m[j] * value)
        const o = w2.map((row, j) => Math.tanh(row.reduce((sum, w, k) => sum + w * a[k], b2[j])))
        const delta2 = o.map((oj, j) => (oj - y[s][j]) * (1 - oj * oj))
        const delta1 = t.map((value, k) => {
          const back = w2.reduce((sum, row, j) => sum + row[k] * delta2[j], 0)
          return m[k] * (1 - value * value) * back
        })
        loss += o.reduce((sum, oj, j) => sum + (oj - y[s][j]) ** 2 / 2, 0)
        const terms = flatten(
          [delta1.map((d) => xs.map((v) => d * v)), delta2.map((d) => a.map((v) => d * v))],
          [delta1, delta2],
        )
        for (const [i, term] of terms.entries()) gradients[i] += term
      }
      const bound = { relative: precision === 'f64' ? 1e-12 : 1e-5 }
      const dropout = { rates: [p, 0], key, position }
      expectClose(engine.accumulate(23, 0, { dropout }), loss, bound)
      expectClose(engine.gradients, gradients, bound)
      expect(dropped).toBeGreaterThan(0)
      // and it is gone when nothing is said of it
      const without = engine.loss(23)
      engine.gradients.fill(0)
      expectClose(engine.accumulate(23), without, bound)
    },
  )

  it('the formula of the module is that of plain integers', () => {
    const random = new Random(1, 'dropout')
    for (let i = 0; i < 2000; ++i) {
      const [key, j, position] = [random.bits(), random.below(5000), random.bits()]
      expect(dropoutBits(key, j, position)).toBe(drawn(BigInt(key), j, position))
    }
  })

  it('leaves a neuron out with probability p, whatever neuron, sample, layer and epoch; pairs are independent', () => {
    const [neurons, samples, keys] = [50, 400, [1, 2, 3, 4].map((key) => layerKey(key, key))]
    for (const p of [0.1, 0.5, 0.8]) {
      const isOut = keys.map((key) =>
        Array.from({ length: neurons }, (_, j) =>
          Array.from({ length: samples }, (__, s) => Number(dropoutBits(key, j, s) < p * 2 ** 32)),
        ),
      )
      const near = (count: number, of: number, probability: number): void => {
        const deviation = Math.sqrt(of * probability * (1 - probability))
        expect(Math.abs(count - of * probability)).toBeLessThan(5 * deviation)
      }
      const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
      for (const [i, masks] of isOut.entries()) {
        near(total(masks.flat()), neurons * samples, p)
        for (let s = 0; s < samples; ++s) near(total(masks.map((row) => row[s])), neurons, p)
        for (let j = 0; j < neurons; ++j) {
          near(total(masks[j]), samples, p)
          const both = (other: readonly number[]): number => total(masks[j].map((out, s) => out * other[s]))
          near(both(masks[(j + 1) % neurons]), samples, p * p)
          near(both([...masks[j].slice(1), masks[j][0]]), samples, p * p)
          near(both(isOut[(i + 1) % keys.length][j]), samples, p * p)
        }
      }
    }
  })

  it('keeps the expected activation: the mean of the outputs over many masks is that without', () => {
    const [{ create }] = engines
    const spec = { ...tanhSpec([3, 40, 1], 'f64') }
    const activation = { type: 'linear', shape: 0 } as const
    const engine = create({
      ...spec,
      layers: [
        { inputs: 3, units: 40, activation },
        { inputs: 40, units: 1, activation },
      ],
    })
    engine.parameters.set(Array.from(engine.parameters, (_, i) => Math.sin(i + 1)))
    const rows = 4000
    const x = Array.from({ length: rows }, () => [0.3, -0.2, 0.5])
    stage(
      engine,
      x,
      x.map(() => [0]),
    )
    engine.predict(1)
    const output = engine.y[0]
    // With ∂C/∂z = o − 0 of the linear output, the bias gradient of the last layer is the sum of the outputs.
    stage(
      engine,
      x,
      x.map(() => [0]),
    )
    engine.accumulate(rows, 0, { dropout: { rates: [0.3, 0], key: 7, position: 0 } })
    const mean = engine.gradients[engine.gradients.length - 1] / rows
    const w2 = engine.parameters.slice(160, 200)
    const a = Array.from({ length: 40 }, (_, j) =>
      [0.3, -0.2, 0.5].reduce(
        (sum, v, k) => sum + engine.parameters[j * 3 + k] * v,
        engine.parameters[120 + j],
      ),
    )
    const variance = a.reduce((sum, aj, j) => sum + (w2[j] * aj) ** 2 * (0.3 / 0.7), 0)
    expect(Math.abs(mean - output)).toBeLessThan(5 * Math.sqrt(variance / rows))
  })

  it('has other masks in every epoch, the same again from the same seed, and none in predictions', async () => {
    const fitted = async (seed: number, epochs: number): Promise<Network> => {
      const net = new Network([4, 20, 2], { activation: 'tanh', seed })
      await net.fit(data, {
        epochs,
        shuffle: false,
        batchSize: 50,
        dropout: 0.5,
        optimizer: sgd({ learningRate: 0 }),
      })
      return net
    }
    const losses: number[] = []
    const net = new Network([4, 20, 2], { activation: 'tanh', seed: 1 })
    const onEpoch = ({ loss }: { loss: number }): void => void losses.push(loss)
    const optimizer = sgd({ learningRate: 0 })
    await net.fit(data, { epochs: 6, shuffle: false, batchSize: 50, dropout: 0.5, optimizer, onEpoch })
    expect(new Set(losses).size).toBe(6)
    expect((await fitted(1, 6)).toBytes()).toEqual(net.toBytes())
    expect(net.predict(data.x)).toEqual(
      new Network([4, 20, 2], { activation: 'tanh', seed: 1 }).predict(data.x),
    )
  })
})

describe('wrong options', () => {
  const net = (): Network => new Network([4, 6, 2], { seed: 1 })
  it.each([
    [{ l1: -1 }, 'RangeError: l1: expected a number >= 0, got -1'],
    [{ l2: '1' }, 'TypeError: l2: expected a number >= 0, got "1"'],
    [{ clipGradients: 1 }, 'TypeError: clipGradients: expected an object, got 1; such as { globalNorm: 1 }'],
    [
      { clipGradients: { max: 1 } },
      'RangeError: clipGradients: expected one of value, norm, globalNorm, got "max"',
    ],
    [{ clipGradients: { norm: 0 } }, 'RangeError: clipGradients.norm: expected a number > 0, got 0'],
    [{ maxWeightNorm: 0 }, 'RangeError: maxWeightNorm: expected a number > 0, got 0'],
    [{ averageWeights: 1 }, 'RangeError: averageWeights: expected a number >= 0 and < 1, got 1'],
    [{ dropout: 1 }, 'RangeError: dropout: expected a number >= 0 and < 1, got 1'],
    [{ dropout: [0.1, 0.2] }, 'RangeError: dropout: expected 1 numbers, one per hidden layer, got 2'],
    [{ dropout: [NaN] }, 'RangeError: dropout[0]: expected a number >= 0 and < 1, got NaN'],
    [{ dropout: 'half' }, 'TypeError: dropout: expected a number or one per hidden layer, got "half"'],
    [{ accumulate: 0 }, 'RangeError: accumulate: expected an integer >= 1, got 0'],
    [
      { classWeights: [1, 2] },
      'RangeError: classWeights: expected targets that are classes: rows of one 1, or one column of 0 and 1',
    ],
  ])('%o', async (options, message) => {
    const fitted = net()
    const before = fitted.toBytes()
    const error: unknown = await fitted.fit(data, options as FitOptions).catch((reason: unknown) => reason)
    expect(String(error)).toBe(message)
    expect(fitted.toBytes()).toEqual(before)
  })

  it.each([
    [[1, 2], 'RangeError: weights: expected 50 samples, got 2'],
    [data.x.map((_, s) => (s === 3 ? -1 : 1)), 'RangeError: weights[3]: expected a number >= 0, got -1'],
    ['all', 'TypeError: weights: expected an array of numbers or of rows, got "all"'],
  ])('weights %o', async (weights, message) => {
    const error: unknown = await net()
      .fit({ ...data, weights: weights as number[] })
      .catch((reason: unknown) => reason)
    expect(String(error)).toBe(message)
  })

  it.each([
    [[1], 'RangeError: classWeights: expected 2 numbers, one per class, got 1'],
    [[1, -1], 'RangeError: classWeights[1]: expected a number >= 0, got -1'],
    ['equal', 'TypeError: classWeights: expected "balanced" or an array of numbers, got "equal"'],
  ])('classWeights %o', async (classWeights, message) => {
    const y = data.x.map((_, s) => [s % 2, 1 - (s % 2)])
    const options = { classWeights } as unknown as FitOptions
    const error: unknown = await net()
      .fit({ x: data.x, y }, options)
      .catch((reason: unknown) => reason)
    expect(String(error)).toBe(message)
  })
})
