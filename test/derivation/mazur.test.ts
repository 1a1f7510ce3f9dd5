import { describe, expect, it } from 'vitest'
import { Network, sgd } from '../../src/index.js'

// Matt Mazur, "A Step by Step Backpropagation Example": a 2-2-2 network whose numbers are printed in many places.
describe.each(['wasm', 'baseline'] as const)('Mazur’s worked example, %s', (engine) => {
  const x = [0.05, 0.1]
  const y = [0.01, 0.99]

  function network(): Network {
    const options = { activation: 'sigmoid', loss: 'halfSquared', precision: 'f64', engine } as const
    const net = new Network([2, 2, 2], options)
    net.layers[0].weights.set([0.15, 0.2, 0.25, 0.3])
    net.layers[0].biases.fill(0.35)
    net.layers[1].weights.set([0.4, 0.45, 0.5, 0.55])
    net.layers[1].biases.fill(0.6)
    return net
  }

  it('the first error is 0.298371109', () => {
    expect(network().loss(x, y)).toBeCloseTo(0.298371109, 9)
  })

  it('one step of 0.5, biases held fixed, gives the published weights', () => {
    const net = network()
    const loss = net.accumulate(x, y)
    for (const { biasGradients } of net.layers) biasGradients.fill(0)
    net.update(sgd({ learningRate: 0.5 }))
    expect(loss).toBeCloseTo(0.298371109, 9)
    const published = [
      [0.149780716, 0.19956143, 0.24975114, 0.29950229],
      [0.35891648, 0.408666186, 0.51130127, 0.561370121],
    ]
    for (const [l, weights] of published.entries()) {
      for (const [i, w] of weights.entries()) expect(net.layers[l].weights[i]).toBeCloseTo(w, 8)
    }
    expect([...net.layers[0].biases, ...net.layers[1].biases]).toEqual([0.35, 0.35, 0.6, 0.6])
  })
})
