/** Small networks share a memory, and each is what it would be alone. */
import { describe, expect, it, vi } from 'vitest'
import { coreFor } from '../../src/engine/wasm/core.js'
import { Workspace, type Seat } from '../../src/engine/wasm/workspace.js'
import { adam, clone, Network, sgd, type Optimizer } from '../../src/index.js'
import { tanhSpec } from '../support/engines.js'
import { randomRows } from '../support/random-rows.js'

const optimizers: readonly Optimizer[] = [sgd({ learningRate: 0.1 }), adam(), sgd({ momentum: 0.9 })]

const xor = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }

/** What is done to a network, one thing after the other. */
const life: readonly ((net: Network, optimizer: Optimizer) => unknown)[] = [
  (net, optimizer) => net.train([0, 1], [1], optimizer),
  (net) => net.predict([1, 0]),
  (net) => net.accumulate([1, 1], [0]),
  (net) => net.loss(xor.x, xor.y),
  (net) => net.accumulate([0, 0], [0]),
  (net, optimizer) => net.update(optimizer),
  (net, optimizer) => net.train(xor.x, xor.y, optimizer),
  (net) => net.trace([1, 0], [1]).layers.map(({ gradW }) => Array.from(gradW)),
  (net) => net.checkGradients([1, 0], [1]),
  (net, optimizer) => net.train([1, 0], [1], optimizer),
]

describe.each(['f32', 'f64'] as const)('%s', (precision) => {
  const create = (seed: number): Network =>
    new Network([2, 1 + (seed % 3), 1], { activation: 'tanh', seed, precision })

  it('what is done to many in turn is what is done to each alone', () => {
    // More of each architecture than have a seat at the same time.
    const count = 90
    const optimizerOf = (i: number): Optimizer => optimizers[i % optimizers.length]
    const alone = Array.from({ length: count }, (_, i) => {
      const net = create(i)
      return { net, answers: life.map((act) => act(net, optimizerOf(i))) }
    })
    const together = Array.from({ length: count }, (_, i) => create(i))
    const answers: unknown[][] = together.map(() => [])
    for (const act of life) {
      for (const [i, net] of together.entries()) answers[i].push(act(net, optimizerOf(i)))
    }
    for (const [i, { net, answers: expected }] of alone.entries()) {
      expect(answers[i]).toEqual(expected)
      expect(together[i].toBytes()).toEqual(net.toBytes())
    }
  })

  it('views are live, whoever computes in between', () => {
    const nets = Array.from({ length: 40 }, (_, i) => new Network([2, 3, 1], { seed: i, precision }))
    const [net] = nets
    const [{ weights, weightGradients }] = net.layers
    const disturb = (): void => {
      for (const other of nets.slice(1)) other.train([0, 1], [1], optimizers[0])
    }
    weights.fill(0.5)
    disturb()
    const half = net.predict([1, 1])
    weights.fill(0.25)
    expect(net.predict([1, 1])).not.toEqual(half)
    weights.fill(0.5)
    disturb()
    expect(net.predict([1, 1])).toEqual(half)
    net.accumulate([1, 1], [3])
    expect(weightGradients.some((gradient) => gradient !== 0)).toBe(true)
    const before = weights.slice()
    disturb()
    net.update(optimizers[0])
    expect(weights).not.toEqual(before)
    expect(weightGradients.every((gradient) => gradient === 0)).toBe(true)
    // What was wrong with the input leaves no old weights behind.
    expect(() => net.predict([1, NaN])).toThrow()
    weights.fill(0.25)
    const quarter = net.predict([1, 1])
    disturb()
    expect(net.predict([1, 1])).toEqual(quarter)
  })

  it('pending gradients of one are not those of the next', () => {
    for (let i = 0; i < 40; ++i) {
      const net = new Network([2, 3, 1], { seed: i, precision })
      net.accumulate([1, 1], [5])
      const fresh = new Network([2, 3, 1], { seed: 1000 + i, precision })
      const twin = clone(fresh)
      for (const each of [fresh, twin]) each.accumulate([1, 0], [1])
      for (const each of [fresh, twin]) each.update(optimizers[1])
      expect(fresh.toBytes()).toEqual(twin.toBytes())
      net.dispose()
    }
  })

  it('nor those of one that never had any', () => {
    const networks = (first: number): Network[] =>
      Array.from({ length: 20 }, (_, i) => new Network([2, 3, 1], { seed: first + i, precision }))
    // So many rows that what is summed over them is added to the gradients that there are.
    const [x, y] = [randomRows(2000, 2, 1), randomRows(2000, 1, 2)]
    const expected = networks(1000)
    for (const net of expected) net.train(x, y, optimizers[0])
    for (const net of networks(0)) net.accumulate([1, 1], [5])
    const fresh = networks(1000)
    for (const net of fresh) net.train(x, y, optimizers[0])
    for (const [i, net] of fresh.entries()) expect(net.toBytes()).toEqual(expected[i].toBytes())
  })

  it('networks that are fitted at the same time', async () => {
    const fitted = async (net: Network): Promise<Uint8Array> => {
      await net.fit(xor, { epochs: 30, batchSize: 2, optimizer: 'adam', onEpoch: () => Promise.resolve() })
      return net.toBytes()
    }
    const expected: Uint8Array[] = []
    for (let i = 0; i < 20; ++i) expected.push(await fitted(create(i)))
    const nets = Array.from({ length: 20 }, (_, i) => create(i))
    expect(await Promise.all(nets.map(fitted))).toEqual(expected)
  })
})

it('20,000 networks take one memory, and no instance of their own', () => {
  new Network([2, 3, 2, 2]).predict([0, 1])
  const memory = vi.spyOn(WebAssembly, 'Memory')
  const instance = vi.spyOn(WebAssembly, 'Instance')
  const nets = Array.from({ length: 20_000 }, (_, seed) => new Network([2, 3, 2, 2], { seed }))
  for (const net of nets) net.train([0, 1], [1, 0], optimizers[0])
  expect(memory).not.toHaveBeenCalled()
  expect(instance).not.toHaveBeenCalled()
  vi.restoreAllMocks()
  for (const seed of [0, 1, 9_999, 19_999]) {
    const alone = new Network([2, 3, 2, 2], { seed })
    alone.train([0, 1], [1, 0], optimizers[0])
    expect(nets[seed].toBytes()).toEqual(alone.toBytes())
  }
})

it('more architectures than there are seats for: all are given up, and begin anew', () => {
  const nets: Network[] = []
  for (let units = 1; units <= 64; ++units) {
    for (let second = 1; second <= 40; second += 13) {
      const net = new Network([30, units, second], { activation: 'tanh', seed: units, precision: 'f64' })
      net.train(new Float64Array(30).fill(0.1), new Float64Array(second), optimizers[1])
      net.accumulate(new Float64Array(30).fill(0.2), new Float64Array(second))
      nets.push(net)
    }
  }
  for (const net of nets) {
    const { inputs, outputs } = net
    const units = net.seed
    const alone = new Network([inputs, units, outputs], { activation: 'tanh', seed: units, precision: 'f64' })
    alone.train(new Float64Array(30).fill(0.1), new Float64Array(outputs), optimizers[1])
    alone.accumulate(new Float64Array(30).fill(0.2), new Float64Array(outputs))
    for (const each of [net, alone]) each.update(optimizers[1])
    expect(net.toBytes()).toEqual(alone.toBytes())
  }
})

it('the largest window, the most panels and the widest layers find room in the memory', () => {
  const wide = [64, ...Array.from({ length: 15 }, () => 1), 64]
  const deep = [16, ...Array.from({ length: 15 }, () => 15), 30]
  new Network([1, 1]).predict([1])
  const memory = vi.spyOn(WebAssembly, 'Memory')
  for (const precision of ['f32', 'f64'] as const) {
    for (const sizes of [[1, 1], [1, 1, 1], [2, 3, 2, 2], [63, 62], [63, 62, 1], [64, 31, 64], wide, deep]) {
      const net = new Network(sizes, { precision, seed: 1 })
      const x = new Float32Array(300 * sizes[0]).fill(0.5)
      expect(net.predict(x).every(Number.isFinite)).toBe(true)
    }
  }
  expect(memory).not.toHaveBeenCalled()
  memory.mockRestore()
})

it('what has been given up is forgotten: the next seat is of another ring, and zeroed', () => {
  const workspace = Workspace.of(coreFor())
  const spec = tanhSpec([60, 50, 3], 'f64')
  const seat = workspace.seatFor(spec)
  const { ring } = seat
  expect(workspace.seatFor(spec, ring).ring).toBe(ring)
  const tenant = { leave: vi.fn(() => (seat.tenant = undefined)) }
  seat.tenant = tenant
  seat.engine.parameters.fill(1)
  let last: Seat | undefined
  for (let units = 1; !ring.isGone; ++units) last = workspace.seatFor(tanhSpec([64, 50, units], 'f64'))
  expect(tenant.leave).toHaveBeenCalledTimes(1)
  // Whose turn it was when there was no room is not on what was given up.
  expect(last?.ring.isGone).toBe(false)
  const next = workspace.seatFor(spec, ring)
  expect(next.ring).not.toBe(ring)
  expect(workspace.seatFor(spec).ring).toBe(next.ring)
  expect(next.ring.seats).toHaveLength(2)
  const { parameters, gradients, slots, average } = next.engine
  for (const zeros of [parameters, gradients, ...slots, average]) {
    expect(zeros.every((zero) => zero === 0)).toBe(true)
  }
})

describe('arrays that are not in use are not made', () => {
  const count = 2 * 3 + 3 + 3 + 1

  /** How many arrays of as many numbers as there are parameters are made. */
  async function arraysMade(act: () => unknown): Promise<number> {
    let made = 0
    const construct = (of: typeof Float32Array, given: unknown[], target: typeof Float32Array): object => {
      if (given[0] === count) ++made
      return Reflect.construct(of, given, target) as object
    }
    vi.stubGlobal('Float32Array', new Proxy(Float32Array, { construct }))
    await act()
    vi.unstubAllGlobals()
    return made
  }

  it.each([
    [sgd({ learningRate: 0.1 }), 0],
    [sgd({ learningRate: 0.1, momentum: 0.9 }), 1],
    [adam(), 2],
    [adam({ amsgrad: true }), 3],
  ])('%o', async (optimizer, slots) => {
    const net = new Network([2, 3, 1])
    expect(await arraysMade(() => net.train([0, 1], [1], optimizer))).toBe(slots)
    expect(await arraysMade(() => net.toBytes())).toBe(0)
    expect(await arraysMade(() => net.fit(xor, { epochs: 2, optimizer }))).toBe(0)
    // Of the copy, whose parameters come first.
    expect(await arraysMade(() => clone(net))).toBe(1 + slots)
  })

  it('an average, by a fit that asks for it', async () => {
    const net = new Network([2, 3, 1])
    expect(
      await arraysMade(() => net.fit(xor, { epochs: 2, optimizer: optimizers[0], averageWeights: 0.9 })),
    ).toBe(1)
  })
})
