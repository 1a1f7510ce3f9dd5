import { describe, expect, it } from 'vitest'
import { activationNames, type ActivationOption } from '../../src/definition/activations.js'
import { Network } from '../../src/index.js'
import { fusedActivation, lossNames } from '../../src/definition/losses.js'
import { probabilities } from '../support/probabilities.js'
import { randomRows } from '../support/random-rows.js'

const shaped: ActivationOption[] = [
  { type: 'leakyRelu', slope: 0.3 },
  { type: 'elu', alpha: 0.7 },
]
const activations = [...activationNames, ...shaped]
const cases = lossNames.flatMap((loss) => activations.map((activation) => ({ loss, activation })))
const label = (activation: ActivationOption): string => JSON.stringify(activation)

describe.each(['wasm', 'baseline'] as const)('gradient = central difference, f64, %s', (engine) => {
  const x = randomRows(5, 3, 11)

  it.each(cases)('$activation, $loss: <= 1e-7 relative', ({ loss, activation }) => {
    const isSoftmax = activation === 'softmax'
    const output = fusedActivation(loss) ?? activation
    const hidden = isSoftmax ? 'tanh' : activation
    const net = new Network([3, 5, 4], {
      activation: { hidden, output },
      loss,
      precision: 'f64',
      seed: 5,
      engine,
      biasInitializer: { type: 'normal', scale: 0.3 },
    })
    const shares = randomRows(5, 4, 12).map((row) => row.map((value) => (value + 1) / 2))
    const y = loss === 'categoricalCrossEntropy' ? probabilities(shares) : shares
    const { maxRelativeError, worst } = net.checkGradients(x, y)
    expect(maxRelativeError, `${label(activation)} ${loss} ${JSON.stringify(worst)}`).toBeLessThanOrEqual(
      1e-7,
    )
  })

  it('finds a wrong gradient, and says where', () => {
    const net = new Network([3, 5, 4], { activation: 'tanh', precision: 'f64', seed: 5, engine })
    const y = randomRows(5, 4, 12)
    // A kink of relu within the step of the difference is an error that a check must show.
    const kinked = new Network([1, 1], { activation: 'relu', precision: 'f64', seed: 5, engine })
    kinked.layers[0].weights[0] = 1
    kinked.layers[0].biases[0] = -1
    const { maxRelativeError, worst } = kinked.checkGradients([1], [5])
    expect(maxRelativeError).toBeGreaterThan(0.1)
    expect(worst.layer).toBe(0)
    expect(net.checkGradients(x, y).maxRelativeError).toBeLessThan(1e-7)
  })

  it('leaves gradients and weights as they are', () => {
    const net = new Network([3, 5, 4], { activation: 'tanh', precision: 'f64', seed: 5, engine })
    const y = randomRows(5, 4, 12)
    net.accumulate(x, y)
    const before = net.toBytes()
    net.checkGradients(x, y)
    expect(net.toBytes()).toEqual(before)
  })

  it('f32 gradients are compared with differences in f64', () => {
    const net = new Network([3, 5, 4], { activation: 'tanh', seed: 5, engine })
    expect(net.checkGradients(x, randomRows(5, 4, 12)).maxRelativeError).toBeLessThan(1e-4)
  })
})
