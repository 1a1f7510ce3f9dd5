import { checkKeys } from '../../base/check.js'
import type { Floats } from '../../base/floats.js'
import type { ActivationName } from '../../definition/activations.js'
import { describeArchitecture } from '../../definition/architecture.js'
import {
  exportedOf,
  inputScales,
  outputScales,
  type Exportable,
  type Exported,
  type ExportedLayer,
} from '../exported.js'
import { withLacking } from './avr.js'
import { checkIdentifier, checkWritable, describeColumns } from './described.js'

/** Options of toC. */
export interface ToCOptions {
  /** of the function, and the beginning of all other names; 'predict' by default */
  readonly name?: string
}

/** σ(z) in C, with `s` for its parameter; softmax, which needs the whole layer, is a function of its own. */
const expressions: Readonly<Record<Exclude<ActivationName, 'linear' | 'softmax'>, string>> = {
  sigmoid: '1.0f / (1.0f + expf(-z))',
  tanh: 'tanhf(z)',
  relu: 'z > 0.0f ? z : 0.0f',
  leakyRelu: 'z > 0.0f ? z : s * z',
  elu: 'z > 0.0f ? z : s * expm1f(z)',
  selu: '1.05070099f * (z > 0.0f ? z : 1.67326324f * expm1f(z))',
  softplus: '(z > 0.0f ? z : 0.0f) + log1pf(expf(-fabsf(z)))',
  softsign: 'z / (1.0f + fabsf(z))',
  gelu: '0.5f * z * (1.0f + erff(z * 0.707106781f))',
  geluTanh: 'z / (1.0f + expf(-1.59576912f * (z + 0.044715f * z * z * z)))',
  silu: 'z / (1.0f + expf(-z))',
  mish: 'z * tanhf(log1pf(expf(z)))',
  hardSigmoid: '(z < -3.0f ? 0.0f : z > 3.0f ? 6.0f : z + 3.0f) / 6.0f',
}

/** Names that a program cannot have for its own: the words of C, those of C++, as Arduino has it, and what math.h has. */
const keywords = /* @__PURE__ */ new RegExp(
  `^(${[
    'auto|break|case|char|const|continue|default|do|double|else|enum|extern|float|for|goto|if|inline|int|long|main',
    'register|restrict|return|short|signed|sizeof|static|struct|switch|typedef|union|unsigned|void|volatile|while|_[A-Z_].*',
    'bool|catch|class|delete|explicit|export|false|friend|mutable|namespace|new|operator|private|protected|public',
    'template|this|throw|true|try|typename|using|virtual',
    '(a?(sin|cos|tan)h?|atan2|ceil|erfc?|exp2?|expm1|fabs|floor|fma|fmax|fmin|fmod|hypot|log(2|10|1p)?|pow|round|sqrt)f?',
  ].join('|')})$`,
)

/**
 * Writes a network or a model as a C header: a function without any allocation, and constant arrays, which stay in the
 * flash of an AVR. It needs C99 and its math library, and computes in f32. A Model's function takes its columns in their
 * order, numbers as they are and one-hot numbers for texts, and scales them itself.
 *
 * @param net a Network, or a Model
 * @throws TypeError unless it is one; RangeError for more than 100,000 parameters, or a name that C does not take
 * @example
 * import { Network } from 'deltaprop'
 * import { toC } from 'deltaprop/interop'
 * const header = toC(new Network([2, 3, 1], { activation: 'tanh' }), { name: 'xor_gate' })
 * // static inline void xor_gate(const float x[XOR_GATE_INPUTS], float o[XOR_GATE_OUTPUTS])
 */
export function toC(net: Exportable, options: ToCOptions = {}): string {
  const { name: given = 'predict' } = checkKeys('options', options, ['name'])
  const name = checkIdentifier(given, 'C', /^[A-Za-z_][A-Za-z0-9_]*$/, keywords)
  const exported = exportedOf(net)
  checkWritable('toC', exported, 'f32')
  const upper = name.toUpperCase()
  return `${[
    `/* ${describeArchitecture(exported)}, made by deltaprop.`,
    ...describeColumns(exported).map((line) => ` * ${line}`),
    ' */',
    `#ifndef ${name}_H`,
    `#define ${name}_H`,
    '',
    '#include <math.h>',
    '#ifdef __AVR__',
    '#include <avr/pgmspace.h>',
    `#define ${upper}_FLASH PROGMEM`,
    `#define ${upper}_AT(p) pgm_read_float(p)`,
    '#else',
    `#define ${upper}_FLASH`,
    `#define ${upper}_AT(p) (*(p))`,
    '#endif',
    '',
    `#define ${upper}_INPUTS ${exported.inputs}`,
    `#define ${upper}_OUTPUTS ${exported.layers[exported.layers.length - 1].units}`,
    '',
    ...exported.layers.flatMap((layer, l) => [
      arrayText(`${name}_w${l}`, `${upper}_FLASH`, layer.weights, layer.inputs),
      arrayText(`${name}_b${l}`, `${upper}_FLASH`, layer.biases, layer.units),
    ]),
    ...scaleArrays(name, upper, exported),
    '',
    '/* z = w·a + b; w is nOut × nIn, row-major */',
    `static inline void ${name}_dense(const float *w, const float *b, const float *a, float *z, int nIn, int nOut) {`,
    '  for (int j = 0; j < nOut; ++j) {',
    `    float sum = ${upper}_AT(b + j);`,
    `    for (int k = 0; k < nIn; ++k) sum += ${upper}_AT(w + j * nIn + k) * a[k];`,
    '    z[j] = sum;',
    '  }',
    '}',
    ...withLacking(name, activationFunctions(name, exported.layers)),
    '',
    `static inline void ${name}(const float x[${upper}_INPUTS], float o[${upper}_OUTPUTS]) {`,
    ...body(name, upper, exported).map((line) => `  ${line}`),
    '}',
    '',
    '#endif',
  ].join('\n')}\n`
}

function body(name: string, upper: string, exported: Exported): string[] {
  const { layers, inputs } = exported
  const isScaled = inputScales(exported) !== undefined
  const lines: string[] = []
  const widest = Math.max(...layers.slice(0, -1).map(({ units }) => units), isScaled ? inputs : 0)
  const buffers = Math.min(2, layers.length - 1 + (isScaled ? 1 : 0))
  for (let i = 0; i < buffers; ++i) lines.push(`float a${i}[${widest}];`)
  let from = 'x'
  let next = 0
  if (isScaled) {
    lines.push(`for (int k = 0; k < ${upper}_INPUTS; ++k) {`)
    lines.push(`  a0[k] = (x[k] - ${upper}_AT(${name}_offset + k)) / ${upper}_AT(${name}_factor + k);`)
    lines.push('}')
    from = 'a0'
    next = 1
  }
  for (const [l, { inputs: nIn, units, activation }] of layers.entries()) {
    const to = l === layers.length - 1 ? 'o' : `a${next}`
    lines.push(`${name}_dense(${name}_w${l}, ${name}_b${l}, ${from}, ${to}, ${nIn}, ${units});`)
    if (activation.type === 'softmax') lines.push(`${name}_softmax(${to}, ${units});`)
    else if (activation.type !== 'linear') {
      const shape =
        activation.type === 'leakyRelu' || activation.type === 'elu' ? `, ${number(activation.shape)}` : ''
      lines.push(
        `for (int j = 0; j < ${units}; ++j) ${to}[j] = ${name}_${activation.type}(${to}[j]${shape});`,
      )
    }
    from = to
    next = 1 - next
  }
  if (outputScales(exported) !== undefined) {
    lines.push(`for (int j = 0; j < ${upper}_OUTPUTS; ++j) {`)
    lines.push(`  o[j] = o[j] * ${upper}_AT(${name}_unit + j) + ${upper}_AT(${name}_origin + j);`)
    lines.push('}')
  }
  return lines
}

/** A function for each activation that the layers have. */
function activationFunctions(name: string, layers: readonly ExportedLayer[]): string[] {
  return [...new Set(layers.map(({ activation }) => activation.type))].flatMap((type) => {
    if (type === 'linear') return []
    if (type === 'softmax') {
      return [
        '',
        `static inline void ${name}_softmax(float *z, int n) {`,
        '  float largest = z[0], sum = 0.0f;',
        '  for (int j = 1; j < n; ++j) largest = z[j] > largest ? z[j] : largest;',
        '  for (int j = 0; j < n; ++j) sum += z[j] = expf(z[j] - largest);',
        '  for (int j = 0; j < n; ++j) z[j] /= sum;',
        '}',
      ]
    }
    const shape = type === 'leakyRelu' || type === 'elu' ? ', float s' : ''
    return ['', `static inline float ${name}_${type}(float z${shape}) { return ${expressions[type]}; }`]
  })
}

function scaleArrays(name: string, upper: string, exported: Exported): string[] {
  const array = (part: string, values: Float64Array): string => {
    return arrayText(`${name}_${part}`, `${upper}_FLASH`, values, values.length)
  }
  const [inputs, outputs] = [inputScales(exported), outputScales(exported)]
  return [
    ...(inputs === undefined ? [] : [array('offset', inputs.offset), array('factor', inputs.factor)]),
    ...(outputs === undefined ? [] : [array('origin', outputs.offset), array('unit', outputs.factor)]),
  ]
}

function arrayText(name: string, flash: string, values: Floats, columns: number): string {
  const rows: string[] = []
  for (let at = 0; at < values.length; at += columns) {
    rows.push(`  ${Array.from(values.subarray(at, at + columns), number).join(', ')}`)
  }
  return `static const float ${name}[${values.length}] ${flash} = {\n${rows.join(',\n')}\n};`
}

/** Nine digits say which f32 it is; without a point or an exponent, `1f` would be no number of C. */
function number(value: number): string {
  const text = String(Number(Math.fround(value).toPrecision(9)))
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`
}
