import { checkKeys } from '../../base/check.js'
import type { Floats } from '../../base/floats.js'
import type { ActivationName } from '../../definition/activations.js'
import { describeArchitecture } from '../../definition/architecture.js'
import { numbers } from '../../formats/json.js'
import { exportedOf, inputScales, outputScales, type Exportable } from '../exported.js'
import { checkIdentifier, checkWritable, describeColumns } from './described.js'

/** Options of toNumPy. */
export interface ToNumPyOptions {
  /** of the function; 'predict' by default */
  readonly name?: string
}

/** σ(z) by NumPy, with `s` for its parameter. */
const expressions: Readonly<Record<Exclude<ActivationName, 'linear'>, string>> = {
  sigmoid: '1 / (1 + np.exp(-z))',
  tanh: 'np.tanh(z)',
  relu: 'np.maximum(z, 0)',
  leakyRelu: 'np.where(z > 0, z, s * z)',
  elu: 'np.where(z > 0, z, s * np.expm1(np.minimum(z, 0)))',
  selu: '1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))',
  softplus: 'np.logaddexp(0, z)',
  softsign: 'z / (1 + np.abs(z))',
  gelu: 'z * 0.5 * (1 + np.vectorize(math.erf, otypes=[z.dtype])(z * 0.7071067811865476))',
  geluTanh: 'z / (1 + np.exp(-1.5957691216057308 * (z + 0.044715 * z**3)))',
  silu: 'z / (1 + np.exp(-z))',
  mish: 'z * np.tanh(np.logaddexp(0, z))',
  hardSigmoid: 'np.clip(z + 3, 0, 6) / 6',
  softmax: '_softmax(z)',
}

const softmax = `def _softmax(z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


`

/** Words that are no names in Python. */
const keywords =
  /^(False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|np|math)$/

/**
 * Writes a network or a model as Python: a function that needs NumPy and nothing else, of one sample or of rows of them.
 * A Model's function takes its columns in their order, numbers as they are and one-hot numbers for texts, and scales
 * them itself.
 *
 * @param net a Network, or a Model
 * @throws TypeError unless it is one; RangeError for more than 100,000 parameters, or a name that Python does not take
 * @example
 * import { Network } from 'deltaprop'
 * import { toNumPy } from 'deltaprop/interop'
 * const source = toNumPy(new Network([2, 3, 1], { activation: 'tanh' }))
 * // def predict(x):
 */
export function toNumPy(net: Exportable, options: ToNumPyOptions = {}): string {
  const { name: given = 'predict' } = checkKeys('options', options, ['name'])
  const name = checkIdentifier(given, 'Python', /^[A-Za-z][A-Za-z0-9_]*$/, keywords)
  const exported = exportedOf(net)
  checkWritable('toNumPy', exported, exported.precision)
  const { layers, precision, inputs } = exported
  const types = new Set(layers.map(({ activation }) => activation.type))
  const dtype = precision === 'f64' ? 'np.float64' : 'np.float32'
  const parameters = layers.map(({ weights, biases, inputs: nIn }, l) => {
    return `_W${l} = ${arrayText(weights, nIn, dtype)}\n_B${l} = ${arrayText(biases, biases.length, dtype)}.ravel()\n`
  })
  const [scaled, unscaled] = [inputScales(exported), outputScales(exported)]
  const vector = (values: Float64Array): string => `np.array([${Array.from(values).join(', ')}])`
  const lines = [
    'a = np.asarray(x, dtype=np.float64)',
    `if a.shape[-1] != ${inputs}:`,
    `    raise ValueError(f"x: expected ${inputs} numbers in a row, got {a.shape[-1]}")`,
    ...(scaled === undefined ? [] : [`a = (a - ${vector(scaled.offset)}) / ${vector(scaled.factor)}`]),
    `a = a.astype(${dtype})`,
    ...layers.flatMap(({ activation: { type, shape } }, l) => [
      `z = a @ _W${l}.T + _B${l}`,
      `a = ${type === 'linear' ? 'z' : expressions[type].replace(/\bs\b/, String(shape))}`,
    ]),
    ...(unscaled === undefined ? [] : [`a = a * ${vector(unscaled.factor)} + ${vector(unscaled.offset)}`]),
    'return a',
  ]
  const about = [`${describeArchitecture(exported)}, made by deltaprop.`, ...describeColumns(exported)]
  return `${[`"""${about.join('\n\n')}`, '"""'].join('\n')}
${types.has('gelu') ? 'import math\n\n' : ''}import numpy as np

${parameters.join('\n')}

${types.has('softmax') ? softmax : ''}def ${name}(x):
${lines.map((line) => `    ${line}`).join('\n')}
`
}

function arrayText(values: Floats, columns: number, dtype: string): string {
  const rows: string[] = []
  for (let at = 0; at < values.length; at += columns) {
    rows.push(`    [${numbers(values.subarray(at, at + columns)).join(', ')}],`)
  }
  return `np.array([\n${rows.join('\n')}\n], dtype=${dtype})`
}
