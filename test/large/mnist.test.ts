import { describe, expect, it } from 'vitest'
import { adam, Network, sgd, type FitOptions, type LongOptions } from '../../src/index.js'
import { accuracy, hasMnist, mnistFolder, readMnist } from '../support/mnist.js'

const cases: { name: string; spec: LongOptions; options: FitOptions; atLeast: number }[] = [
  {
    name: '784-30-10 sigmoid, halfSquared, sgd 3.0, N(0, 1) weights',
    spec: {
      inputs: 784,
      layers: [30, 10].map((units) => ({
        units,
        activation: 'sigmoid',
        initializer: 'normal',
        biasInitializer: 'normal',
      })),
      loss: 'halfSquared',
      seed: 1,
    },
    options: { epochs: 30, batchSize: 10, optimizer: sgd({ learningRate: 3 }) },
    atLeast: 0.915,
  },
  {
    name: '784-100-10 sigmoid, halfSquared, sgd 3.0, N(0, 1/√n) weights',
    spec: {
      inputs: 784,
      layers: [100, 10].map((units) => ({
        units,
        activation: 'sigmoid',
        initializer: 'lecunNormal',
        biasInitializer: 'normal',
      })),
      loss: 'halfSquared',
      seed: 1,
    },
    options: { epochs: 30, batchSize: 10, optimizer: sgd({ learningRate: 3 }) },
    atLeast: 0.952,
  },
  {
    name: '784-128-10 relu, softmax cross entropy, adam, He weights',
    spec: {
      inputs: 784,
      layers: [
        { units: 128, activation: 'relu', initializer: 'heNormal' },
        { units: 10, activation: 'softmax', initializer: 'heNormal' },
      ],
      loss: 'categoricalCrossEntropy',
      seed: 1,
    },
    options: { epochs: 10, batchSize: 32, optimizer: adam({ learningRate: 0.001 }) },
    atLeast: 0.947,
  },
]

const missing = hasMnist() ? '' : ` (SKIPPED: no MNIST in ${mnistFolder}, set MNIST_DIR)`

describe.skipIf(!hasMnist())(`MNIST, 10,000 training images, the official test images${missing}`, () => {
  it.each(cases)('$name: accuracy >= $atLeast', async ({ name, spec, options, atLeast }) => {
    const { x, y } = readMnist('mnist10k-train')
    const test = readMnist('t10k')
    const net = new Network(spec)
    await net.fit({ x, y }, options)
    const reached = accuracy(net.predict(test.x), test.labels)
    console.info(`${name}: ${(100 * reached).toFixed(2)} %`)
    expect(reached).toBeGreaterThanOrEqual(atLeast)
  })
})
