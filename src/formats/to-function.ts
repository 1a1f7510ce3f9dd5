import { rangeError } from '../base/argument-error.js'
import type { Activation, ActivationName } from '../definition/activations.js'
import { P, Q } from '../engine/baseline/erf.js'
import type { Floats } from '../base/floats.js'
import type { Layer } from '../state/layer.js'
import { parameterCount } from '../definition/architecture.js'
import { describeSpec, type Spec } from '../definition/spec.js'
import { numbers } from './json.js'

const MAX_PARAMETERS = 100_000

/**
 * σ(z) by the formulas of the baseline engine, with `shape` for its parameter; softmax, which needs the whole layer, is
 * applied last.
 */
const expressions: Readonly<Record<ActivationName, string>> = {
  linear: 'z',
  sigmoid: '1 / (1 + Math.exp(-z))',
  tanh: 'Math.tanh(z)',
  relu: 'Math.max(z, 0)',
  leakyRelu: '(z > 0 ? z : shape * z)',
  elu: '(z > 0 ? z : shape * Math.expm1(z))',
  selu: '1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z))',
  softplus: 'Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))',
  softsign: 'z / (1 + Math.abs(z))',
  gelu: 'z * (0.5 * (1 + erf(z * Math.SQRT1_2)))',
  geluTanh: 'z * (1 / (1 + Math.exp(-1.5957691216057308 * (z + 0.044715 * z * z * z))))',
  silu: 'z * (1 / (1 + Math.exp(-z)))',
  mish: 'z * Math.tanh(Math.log1p(Math.exp(z)))',
  hardSigmoid: 'Math.max(0, Math.min(6, z + 3)) / 6',
  softmax: 'z',
}

const erf = `/** erf x, to 2 ulp. */
function erf(x) {
  const size = Math.abs(x)
  if (size < 1) return x * polynomial(P, x * x)
  return Math.sign(x) * (size < 6 ? 1 - Math.exp(-x * x) * polynomial(Q, 3 / (3 + size)) : 1)
}
const polynomial = (c, x) => c.reduceRight((sum, ci) => sum * x + ci)
const P = [${P.join(', ')}]
const Q = [${Q.join(', ')}]

`

const softmax = `const largest = Math.max(...a)
  a = a.map((z) => Math.exp(z - largest))
  const sum = a.reduce((sum, power) => sum + power)
  return a.map((power) => power / sum)`

/** @throws RangeError for more than 100,000 parameters, or one that is not finite */
export function toFunction(spec: Spec, layers: readonly Layer[]): string {
  const count = parameterCount(spec)
  if (count > MAX_PARAMETERS) {
    throw rangeError('toFunction', `at most ${MAX_PARAMETERS} parameters`, count, {
      hint: 'use toBytes and Network.fromBytes',
    })
  }
  const list = layers.map((layer, l) => layerText(layer, spec.layers[l].activation, `layers[${l}]`)).join('')
  const { inputs, precision } = spec
  const { units, activation } = layers[layers.length - 1]
  return `/**
 * ${describeSpec(spec)}
 *
 * A trained network as a module of its own, written by deltaprop.
 */

/** First to last: weights, a row for each unit, biases, and the activation σ(z) of one unit. */
const layers = [
${list}]

${list.includes('erf(') ? erf : ''}/**
 * @param {ArrayLike<number>} x inputs: ${inputs}
 * @returns {number[]} outputs: ${units}
 */
export function predict(x) {
  if (x?.length !== ${inputs}) throw new RangeError(\`x: expected ${inputs} values (inputs), got \${x?.length}\`)
  let a = Array.from(x${precision === 'f32' ? ', Math.fround' : ''})
  const wrong = a.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) throw new RangeError(\`x[\${wrong}]: expected a finite number, got \${x[wrong]}\`)
  for (const { weights, biases, activate } of layers) {
    a = weights.map((row, j) => activate(row.reduce((z, weight, k) => z + weight * a[k], biases[j])))
  }
  ${activation === 'softmax' ? softmax : 'return a'}
}
`
}

function layerText(layer: Layer, { type, shape }: Activation, name: string): string {
  const { inputs, units, weights, biases } = layer
  const rows = Array.from({ length: units }, (_, j) => {
    return `      ${arrayText(weights.subarray(j * inputs, (j + 1) * inputs), `${name}.weights[${j}]`)},\n`
  })
  return `  {
    // ${inputs} → ${units} ${type}
    weights: [
${rows.join('')}    ],
    biases: ${arrayText(biases, `${name}.biases`)},
    activate: (z) => ${expressions[type].replace('shape', String(shape))},
  },
`
}

/** Shortest decimals; those of an f32 are rounded to it again. */
function arrayText(values: Floats, name: string): string {
  const i = values.findIndex((value) => !Number.isFinite(value))
  if (i >= 0) throw rangeError(`${name}[${i}]`, 'a finite number', values[i])
  const list = `[${numbers(values).join(', ')}]`
  return values instanceof Float32Array ? `new Float32Array(${list})` : list
}
