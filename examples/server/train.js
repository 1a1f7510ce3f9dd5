// @ts-check
// Trains the network that the server answers with: `npm run train -- [FILE]`.
import { writeFileSync } from 'node:fs'
import { adam, evaluate, Network } from 'deltaprop'
import { targets } from '../digits/data.js'
import { readDigits, SIDE } from './digits.js'

const file = process.argv[2] ?? 'model.safetensors'
const { train, test } = readDigits(1)

const net = new Network([SIDE * SIDE, 128, 10], {
  activation: { hidden: 'relu', output: 'softmax' },
  loss: 'categoricalCrossEntropy',
  seed: 1,
})
const start = performance.now()
await net.fit(
  { x: train.x, y: targets(train.labels, 0) },
  { epochs: 20, batchSize: 32, optimizer: adam({ learningRate: 0.001 }) },
)
const seconds = (performance.now() - start) / 1000
const result = evaluate(net, { x: test.x, y: targets(test.labels, 0) })
if (result.kind !== 'classification') throw new Error(`expected digits to be classes, got ${result.kind}`)

writeFileSync(file, net.toBytes())
console.log(String(net))
console.log(`Trained on ${train.labels.length} digits in ${seconds.toFixed(1)} s`)
console.log(`Reads ${(100 * result.accuracy).toFixed(1)} % of ${test.labels.length} others; saved as ${file}`)
