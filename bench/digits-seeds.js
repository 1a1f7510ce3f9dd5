// @ts-check
/**
 * How much does the test accuracy of examples/digits depend on the seed?
 *
 *     npm run -s build && node bench/digits-seeds.js
 *
 * The example's network on its data, with seeds from 1 to 100 for split, weights and order; about half a minute.
 */
import { adam, Network } from 'deltaprop'
import { readUci, split, targets } from '../examples/digits/data.js'
import { accuracy, recognize } from '../examples/digits/recognize.js'
import { BATCH_SIZE, LEARNING_RATE, SMOOTHING } from '../examples/digits/training.js'

/** @type {number[]} */
const accuracies = []
for (let seed = 1; seed <= 100; ++seed) {
  const [train, , test] = split(readUci(), [0.7, 0.1], seed)
  const net = new Network([64, 384, 10], { activation: { hidden: 'relu', output: 'softmax' }, seed })
  const data = { x: train.x, y: targets(train.labels, SMOOTHING) }
  const optimizer = adam({ learningRate: LEARNING_RATE })
  await net.fit(data, { epochs: 40, batchSize: BATCH_SIZE, optimizer })
  accuracies.push(accuracy(recognize(net, test)))
}
accuracies.sort((a, b) => a - b)
const quantile = (/** @type {number} */ share) => `${(100 * accuracies[Math.round(99 * share)]).toFixed(1)} %`
console.log(
  `test accuracy of 100 seeds: least ${quantile(0)}, quartile ${quantile(0.25)}, median ${quantile(0.5)}, ` +
    `quartile ${quantile(0.75)}, most ${quantile(1)}`,
)
