// Learns to tell irises apart, and judges one: `npm start`, or `npm start -- 5.1 3.5 1.4 0.2`.
import { readFileSync } from 'node:fs'
import { judge, learn } from './flowers.js'

const [sepal_length = 5.9, sepal_width = 2.9, petal_length = 4.3, petal_width = 1.3] = process.argv
  .slice(2)
  .map(Number)

const { model, accuracy } = await learn(
  readFileSync(new URL('../data/iris.csv', import.meta.url)),
  (epoch, loss) => {
    if (epoch % 20 === 0) console.log(`epoch ${epoch}: loss ${loss.toPrecision(3)}`)
  },
)
console.log(String(model))
console.log(`${(100 * accuracy).toFixed(1)} % of the flowers held out are taken for what they are`)

const flower = { sepal_length, sepal_width, petal_length, petal_width }
const { species, probability } = judge(model, flower)
console.log(`${Object.values(flower).join(' × ')} cm: ${species}, ${(100 * probability).toFixed(1)} %`)
