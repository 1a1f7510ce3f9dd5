import { checkKeys, checkName } from '../../base/check.js'
import type { Floats, Precision } from '../../base/floats.js'
import type { Activation } from '../../definition/activations.js'
import { checkFinite } from '../../formats/numbers.js'
import { otherParts } from '../../definition/other-names.js'
import { exportedOf, inPrecision, type Exportable, type Exported } from '../exported.js'
import {
  affineOf,
  isCategorical,
  isLabel,
  type CategoryColumn,
  type ModelColumn,
  type Preprocessing,
  type ScaledColumn,
} from '../../model/column.js'
import { writePreprocessing } from '../../model/saved-preprocessing.js'
import { DataType } from './proto.js'
import {
  ML,
  writeModelProto,
  type AttributeValue,
  type NewNode,
  type NewTensor,
  type NewValue,
} from './proto-writer.js'
import { SAVED_COLUMNS } from './saved-columns.js'

/** Options of toONNX. */
export interface ToOnnxOptions {
  /** of its numbers; f32 by default, for onnxruntime has f64 for few activations: relu, sigmoid, tanh and softmax */
  readonly precision?: Precision
}

/**
 * Writes a network or a model as ONNX, opset 17. A Model takes its inputs by their names, one column each, scales and
 * encodes them itself, and gives the probabilities of the classes and the name of the most probable one; text columns
 * are tensors of strings, and booleans are the texts false and true. What a graph cannot say of a Model lies beside it,
 * for fromONNX.
 *
 * @param net a Network, or a Model
 * @throws TypeError unless it is one
 * @example
 * import { Network } from 'deltaprop'
 * import { toONNX } from 'deltaprop/interop'
 * const bytes = toONNX(new Network([4, 8, 3], { activation: { output: 'softmax' } }))
 */
export function toONNX(net: Exportable, options: ToOnnxOptions = {}): Uint8Array<ArrayBuffer> {
  const { precision = 'f32' } = checkKeys('options', options, ['precision'])
  const checked = checkName('precision', precision, ['f32', 'f64'], otherParts.precisions)
  return new GraphWriter(exportedOf(net), checked).write()
}

class GraphWriter {
  readonly #exported: Exported
  readonly #precision: Precision
  readonly #nodes: NewNode[] = []
  readonly #initializers: NewTensor[] = []
  readonly #inputs: NewValue[] = []
  readonly #outputs: NewValue[] = []
  /** names that are given already; those of the columns from the beginning */
  readonly #taken: Set<string>
  #numbered = 0

  constructor(exported: Exported, precision: Precision) {
    this.#exported = exported
    this.#precision = precision
    const { inputs = [], outputs = [] } = exported.preprocessing ?? {}
    this.#taken = new Set([...inputs, ...outputs].map(({ name }) => name))
  }

  write(): Uint8Array<ArrayBuffer> {
    const { preprocessing } = this.#exported
    const x =
      preprocessing === undefined
        ? this.#input(this.#free('x'), this.#exported.inputs)
        : this.#encode(preprocessing)
    const a = this.#layers(x)
    if (preprocessing === undefined) this.#output(this.#free('y'), a)
    else this.#answer(preprocessing.outputs, a)
    return writeModelProto({
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
      ...(preprocessing && { metadata: { [SAVED_COLUMNS]: writePreprocessing(preprocessing) } }),
    })
  }

  #layers(x: string): string {
    let a = x
    for (const [l, { inputs, units, weights, biases, activation }] of this.#exported.layers.entries()) {
      const w = this.#numbers(`layers.${l}.weights`, weights, [units, inputs])
      const b = this.#numbers(`layers.${l}.biases`, biases, [units])
      const z = this.#node('Gemm', [a, w, b], { transB: { int: 1 } })
      a = this.#activate(activation, z)
    }
    return a
  }

  /** σ(z), by operators that opset 17 has. */
  #activate({ type, shape }: Activation, z: string): string {
    switch (type) {
      case 'linear':
        return z
      case 'sigmoid':
        return this.#node('Sigmoid', [z])
      case 'tanh':
        return this.#node('Tanh', [z])
      case 'relu':
        return this.#node('Relu', [z])
      case 'leakyRelu': {
        if (this.#precision === 'f32') return this.#node('LeakyRelu', [z], { alpha: { float: shape } })
        // An attribute is f32.
        return this.#node(shape <= 1 ? 'Max' : 'Min', [z, this.#node('Mul', [z, this.#number(shape)])])
      }
      case 'elu':
        return this.#node('Elu', [z], { alpha: { float: shape } })
      case 'selu':
        return this.#node('Selu', [z])
      case 'softplus':
        return this.#node('Softplus', [z])
      case 'softsign':
        return this.#node('Softsign', [z])
      case 'gelu': {
        // ½·z·(1 + erf(z/√2))
        const e = this.#node('Erf', [this.#node('Mul', [z, this.#number(Math.SQRT1_2)])])
        return this.#half(z, e)
      }
      case 'geluTanh': {
        // ½·z·(1 + tanh(√(2/π)·(z + 0.044715·z³)))
        const cube = this.#node('Mul', [this.#node('Mul', [z, z]), z])
        const sum = this.#node('Add', [z, this.#node('Mul', [cube, this.#number(0.044715)])])
        return this.#half(z, this.#node('Tanh', [this.#node('Mul', [sum, this.#number(0.7978845608028654)])]))
      }
      case 'silu':
        return this.#node('Mul', [z, this.#node('Sigmoid', [z])])
      case 'mish':
        return this.#node('Mul', [z, this.#node('Tanh', [this.#node('Softplus', [z])])])
      case 'hardSigmoid':
        return this.#node('HardSigmoid', [z], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } })
      case 'softmax':
        return this.#node('Softmax', [z], { axis: { int: -1 } })
    }
  }

  /** ½·z·(1 + f) */
  #half(z: string, f: string): string {
    const product = this.#node('Mul', [z, this.#node('Add', [f, this.#number(1)])])
    return this.#node('Mul', [product, this.#number(0.5)])
  }

  /** The columns of a model as the network's inputs: numbers that are next to each other are scaled together. */
  #encode({ inputs, unknown }: Preprocessing): string {
    const parts: string[] = []
    let run: ScaledColumn[] = []
    const endRun = (): void => {
      if (run.length > 0) parts.push(this.#scale(run))
      run = []
    }
    for (const column of inputs) {
      if (!isCategorical(column) && !isLabel(column)) {
        run.push(column)
        continue
      }
      endRun()
      if (isCategorical(column)) parts.push(this.#oneHot(column, unknown === 'zeros'))
    }
    endRun()
    return this.#joined(parts)
  }

  #scale(columns: readonly ScaledColumn[]): string {
    const x = this.#joined(columns.map(({ name }) => this.#input(name, 1)))
    if (columns.every(({ scale }) => scale === 'none')) return x
    const affines = columns.map(affineOf)
    const attributes = {
      offset: { floats: affines.map(({ offset }) => offset) },
      scale: { floats: affines.map(({ factor }) => 1 / factor) },
    }
    return this.#cast(this.#node('Scaler', [x], attributes, ML))
  }

  #oneHot({ name, categories }: CategoryColumn, isZeros: boolean): string {
    const x = this.#value(this.#inputs, name, DataType.string, 1)
    const attributes = { cats_strings: { strings: categories.map(String) }, zeros: { int: isZeros ? 1 : 0 } }
    const oneHot = this.#node('OneHotEncoder', [x], attributes, ML)
    const shape = this.#integers([-1, categories.length])
    return this.#cast(this.#node('Reshape', [oneHot, shape]))
  }

  /** Operators of machine learning compute in f32. */
  #cast(x: string): string {
    return this.#precision === 'f32' ? x : this.#node('Cast', [x], { to: { int: DataType.double } })
  }

  #joined(parts: readonly string[]): string {
    return parts.length === 1 ? parts[0] : this.#node('Concat', parts, { axis: { int: 1 } })
  }

  #answer(outputs: readonly ModelColumn[], a: string): void {
    const [first] = outputs
    if (isCategorical(first)) {
      this.#label(first, a)
      this.#output(this.#free('probabilities'), a)
      return
    }
    if (isLabel(first)) return this.#output(this.#free('probabilities'), a)
    const affines = outputs.map((column) => affineOf(column as ScaledColumn))
    const numbers = (values: readonly number[]): string => {
      return this.#numbers(`/${this.#numbered++}`, Float64Array.from(values), [values.length])
    }
    const isScaled = affines.some(({ offset, factor }) => offset !== 0 || factor !== 1)
    const product = isScaled ? this.#node('Mul', [a, numbers(affines.map(({ factor }) => factor))]) : a
    const sum = isScaled ? this.#node('Add', [product, numbers(affines.map(({ offset }) => offset))]) : a
    this.#output(outputs.length === 1 ? first.name : this.#free('y'), sum)
  }

  /** The name of the most probable class. */
  #label({ name, categories }: CategoryColumn, a: string): void {
    const isNumber = categories.every((category) => Number.isSafeInteger(category))
    const values = isNumber
      ? BigInt64Array.from(categories as readonly number[], BigInt)
      : categories.map(String)
    const classes = this.#tensor('classes', values, [categories.length])
    const best = this.#node('ArgMax', [a], { axis: { int: 1 } })
    const label = this.#node('ArrayFeatureExtractor', [classes, best], {}, ML)
    const named = this.#node('Reshape', [label, this.#integers([-1])])
    this.#nodes.push({ op: 'Identity', inputs: [named], output: name })
    this.#value(this.#outputs, name, isNumber ? DataType.int64 : DataType.string, 0)
  }

  #input(name: string, width: number): string {
    return this.#value(
      this.#inputs,
      name,
      this.#precision === 'f64' ? DataType.double : DataType.float,
      width,
    )
  }

  #output(name: string, value: string): void {
    const { layers } = this.#exported
    this.#nodes.push({ op: 'Identity', inputs: [value], output: name })
    const type = this.#precision === 'f64' ? DataType.double : DataType.float
    this.#value(this.#outputs, name, type, layers[layers.length - 1].units)
  }

  #value(values: NewValue[], name: string, type: NewValue['type'], width: number): string {
    values.push({ name, type, width })
    return name
  }

  #node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    domain?: string,
  ): string {
    const output = this.#name()
    this.#nodes.push({ op, inputs, output, attributes, ...(domain !== undefined && { domain }) })
    return output
  }

  #numbers(name: string, values: Floats, dims: readonly number[]): string {
    const numbers = inPrecision(values, this.#precision)
    checkFinite(name, numbers)
    return this.#tensor(name, numbers, dims)
  }

  #number(value: number): string {
    return this.#numbers(`/${this.#numbered++}`, Float64Array.of(value), [])
  }

  #integers(values: readonly number[]): string {
    return this.#tensor(`/${this.#numbered++}`, BigInt64Array.from(values, BigInt), [values.length])
  }

  #tensor(wanted: string, values: NewTensor['values'], dims: readonly number[]): string {
    const name = this.#free(wanted)
    this.#initializers.push({ name, dims, values })
    return name
  }

  /** A name for something between. */
  #name(): string {
    return this.#free(`/${this.#numbered++}`)
  }

  /** This name, or one like it that nothing has. */
  #free(wanted: string): string {
    let name = wanted
    for (let i = 1; this.#taken.has(name); ++i) name = `${wanted}_${i}`
    this.#taken.add(name)
    return name
  }
}
