import { rangeError } from '../../base/argument-error.js'
import { show, showName } from '../../base/check.js'
import type { Said } from '../assemble.js'
import { computed, identity, recognized, scaled, type Elementwise } from '../elementwise.js'
import { columnsBy, LayerChain, normalized, widthOf, type Columns } from '../layer-chain.js'
import { transposed } from '../numbers.js'
import type { Category } from '../../model/column.js'
import { Attributes } from './attributes.js'
import { constantOfAttributes, matrix, sameConstant, vector } from './constant.js'
import type { Constant, ExternalData } from './constant.js'
import { GraphValues } from './graph-values.js'
import { InputColumns } from './input-columns.js'
import { binaryOperators, unaryOperators } from './operators.js'
import { DataType, type Graph, type ModelProto, type Node } from './proto.js'
import { RowShape } from './row-shape.js'
import type { Flow, Inputs, Value } from './value.js'

const domains: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml'])

/** Follows a graph, and builds the network as it goes. */
export class GraphReader {
  readonly #graph: Graph
  readonly #opset: number
  readonly #others: ExternalData
  readonly #asSoftmax: boolean
  readonly #chain: LayerChain
  readonly #values: GraphValues
  readonly #shape = new RowShape()
  /** of the chain so far; what was made of an earlier one is another path */
  #step = 0
  #inputs: InputColumns | undefined
  #classes: readonly Category[] | undefined
  #isMultilabel = false
  #isDouble = true
  #ended: Flow | undefined
  /** the name of what is predicted, if it has one */
  #target: string | undefined

  /**
   * @param size bytes of all files
   * @param asSoftmax whether the logarithm of a softmax is read as a softmax
   */
  constructor(proto: ModelProto, others: ExternalData, size: number, asSoftmax: boolean) {
    const { graph, operatorSets, functions } = proto
    if (graph === undefined || graph.outputs.length === 0) {
      throw rangeError('bytes', 'an ONNX file with a graph: cut off, or another format')
    }
    if (functions.length > 0) {
      const hint = 'export it again with PyTorch 2.6 or later, or with dynamo=False'
      throw rangeError('bytes', 'a graph without functions of its own', `${functions.length}`, { hint })
    }
    this.#graph = graph
    this.#opset = operatorSets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 1
    this.#others = others
    this.#asSoftmax = asSoftmax
    this.#chain = new LayerChain(size)
    this.#values = new GraphValues(graph.initializers, others, size)
  }

  /** @throws RangeError that names the node that is no part of a dense network */
  read(): { readonly chain: LayerChain; readonly said: Said } {
    const { inputs, outputs } = this.#graph
    const real = inputs.filter(({ name }) => !this.#values.isInitializer(name))
    for (const { name, type } of real) {
      const { element = 0, shape } = type?.tensor ?? {}
      const sizes = (shape?.dims ?? []).map(({ size }) => size)
      this.#shape.begin(sizes)
      const columns = InputColumns.of(name, sizes.slice(1), element === DataType.string, real.length === 1)
      this.#values.define(`input ${showName(name)}`, name, columns)
    }
    const needed = this.#needed()
    for (const [i, node] of this.#graph.nodes.entries()) {
      if (node.outputs.some((output) => needed.has(output))) this.#run(nodeName(node, i), node)
    }
    for (const { name } of outputs) {
      const where = `output ${showName(name)}`
      const value = this.#values.get(where, name)
      if (value.kind !== 'label') this.#end(where, value)
      // Others call it as scikit-learn's converter does, which does not know the name.
      const isNamed = value.kind === 'label' ? !/^(output_)?label$/.test(name) : this.#chain.width === 1
      if (isNamed) this.#target ??= name
    }
    this.#noteOfInputs(real.map(({ name }) => name))
    const areLabels = outputs.every(({ name }) => this.#values.get('output', name).kind === 'label')
    if (areLabels) this.#chain.notes.push('the outputs are what the class is chosen by, not its number')
    return { chain: this.#chain, said: this.#said() }
  }

  #noteOfInputs(names: readonly string[]): void {
    if (this.#inputs === undefined || this.#inputs.isWhole(names)) return
    const order = (this.#inputs.described()?.columns ?? []).map(({ name = '' }) => showName(name))
    this.#chain.notes.push(`the network takes its inputs in this order: ${order.slice(0, 20).join(', ')}`)
  }

  #said(): Said {
    const inputs = this.#inputs?.described()
    return {
      precision: this.#isDouble ? 'f64' : 'f32',
      isMultilabel: this.#isMultilabel,
      ...(inputs !== undefined && { inputs: inputs.columns, unknown: inputs.unknown }),
      ...(this.#classes !== undefined && { classes: this.#classes }),
      // Of a network that has neither, it is just a name.
      ...((inputs ?? this.#classes) !== undefined &&
        this.#target !== undefined && { targets: [this.#target] }),
    }
  }

  /** The values that the outputs depend on. */
  #needed(): ReadonlySet<string> {
    const needed = new Set(this.#graph.outputs.map(({ name }) => name))
    for (const { inputs, outputs } of [...this.#graph.nodes].reverse()) {
      if (outputs.some((output) => needed.has(output))) for (const input of inputs) needed.add(input)
    }
    return needed
  }

  #run(where: string, node: Node): void {
    if (!domains.has(node.domain))
      throw rangeError(where, "ONNX's own operators", `${node.domain}.${node.op}`)
    const inputs = node.inputs.map((name) => (name === '' ? undefined : this.#values.get(where, name)))
    const value = this.#result(where, node, inputs, new Attributes(where, node.attributes))
    for (const output of node.outputs.slice(0, 1)) this.#values.define(where, output, value)
  }

  #result(where: string, { op, outputs }: Node, inputs: Inputs, attributes: Attributes): Value {
    const [first, second] = inputs
    if (op === 'Constant') return constantOfAttributes(where, attributes, this.#others)
    if (first === undefined) throw rangeError(where, 'an input', 'none')
    if (
      first.kind === 'constant' &&
      inputs.every((input) => input === undefined || input.kind === 'constant')
    ) {
      return sameConstant(where, op, first, attributes)
    }
    if (this.#shape.isKeeper(op)) {
      if (first.kind === 'label') return first
      if (first.kind === 'constant') throw rangeError(where, 'what a layer computes', 'constants')
      return this.#shape.kept(where, op, first, inputs.slice(1), attributes, this.#chain.width)
    }
    if (first.kind === 'label')
      throw rangeError(where, 'nothing but its name behind the most probable class', op)
    switch (op) {
      case 'Gemm':
        return this.#gemm(where, inputs, attributes)
      case 'MatMul':
        return this.#affine(where, first, matrix(where, second), 0)
      case 'BatchNormalization':
        return this.#batchNormalization(where, inputs, attributes)
      case 'Scaler': {
        const [offset, factor] = [attributes.floats('offset', [0]), attributes.floats('scale', [1])]
        return this.#scaled(where, first, columnsBy({ offset, factor }), 'a scaler')
      }
      case 'Softmax':
      case 'LogSoftmax':
        return this.#softmax(where, op, first, attributes)
      case 'Concat':
        this.#shape.checkAxis(where, attributes.integer('axis', 0))
        return this.#concat(where, inputs)
      case 'FeatureVectorizer':
        return this.#concat(where, inputs)
      case 'OneHotEncoder':
        if (first.kind !== 'inputs') throw rangeError(where, 'an input of texts', 'what a layer computes')
        return first.oneHot(where, attributes.texts('cats_strings'), attributes.integer('zeros', 1) === 1)
      case 'Gather':
        if (first.kind === 'inputs') this.#shape.checkAxis(where, attributes.integer('axis', 0))
        return this.#pick(where, first, second)
      case 'ArrayFeatureExtractor':
        return this.#pick(where, first, second)
      case 'ArgMax':
        this.#shape.checkAxis(where, attributes.integer('axis', 0))
        this.#end(where, first)
        return { kind: 'label' }
      case 'Binarizer':
        if (attributes.float('threshold', 0) !== 0.5) {
          throw rangeError(where, 'a threshold of 0.5', attributes.float('threshold', 0))
        }
        this.#end(where, first)
        this.#isMultilabel = true
        return { kind: 'label' }
      case 'ZipMap':
        this.#setClasses(where, zipClasses(attributes))
        return first
      default:
        if (outputs.length > 1) throw rangeError(where, 'one result', outputs.length)
        return this.#elementwise(where, op, inputs, attributes)
    }
  }

  /** α·x·B + β·C */
  #gemm(where: string, [x, b, c]: Inputs, attributes: Attributes): Value {
    if (attributes.integer('transA', 0) !== 0) throw rangeError(where, 'transA = 0', '1')
    if (x === undefined) throw rangeError(where, 'an input', 'none')
    const flow = this.#affine(where, x, matrix(where, b), attributes.integer('transB', 0))
    const alpha = attributes.float('alpha', 1)
    const scaledFlow = alpha === 1 ? flow : this.#scaled(where, flow, columnsBy({ factor: [alpha] }))
    if (c === undefined) return scaledFlow
    const beta = attributes.float('beta', 1)
    const shift = vector(where, c).map((number) => number * beta)
    return this.#scaled(where, scaledFlow, columnsBy({ shift }))
  }

  /** x·W without biases; W is inputs × units, or units × inputs if `isTransposed`. */
  #affine(where: string, x: Value, { dims, numbers, isDouble }: Constant, isTransposed: number): Flow {
    const [rows, columns] = dims
    const [inputs, units] = isTransposed === 0 ? [rows, columns] : [columns, rows]
    if (!(inputs > 0 && units > 0)) throw rangeError(where, 'inputs and units', `${inputs} × ${units}`)
    if (x.kind === 'inputs') {
      if (this.#inputs !== undefined) throw this.#otherPath(where)
      this.#inputs = x.ofWidth(where, inputs)
      const scaling = this.#inputs.scaling()
      if (scaling !== undefined) this.#chain.columns(where, scaling)
    } else {
      this.#committed(where, this.#flow(where, x))
    }
    if (!isDouble) this.#isDouble = false
    this.#chain.affine(
      where,
      inputs,
      isTransposed === 0 ? transposed(numbers, inputs, units) : numbers.slice(),
      new Float64Array(units),
    )
    return this.#next()
  }

  #batchNormalization(where: string, inputs: Inputs, attributes: Attributes): Value {
    const [x, scale, bias, mean, variance] = inputs
    if (attributes.integer('training_mode', 0) !== 0) {
      throw rangeError(where, 'a network that predicts', 'one that is in training')
    }
    const epsilon = attributes.float('epsilon', 1e-5)
    const deviations = vector(where, variance).map((number) => Math.sqrt(number + epsilon))
    const scales = vector(where, scale)
    if (scales.length !== deviations.length)
      throw rangeError(where, 'as many scales as variances', scales.length)
    const columns = normalized(vector(where, mean), deviations, scales, vector(where, bias))
    return this.#scaled(where, x, columns, 'batch normalisation')
  }

  #softmax(where: string, op: string, x: Value, attributes: Attributes): Value {
    this.#shape.checkAxis(where, attributes.integer('axis', this.#opset < 13 ? 1 : -1))
    if (op === 'LogSoftmax') {
      if (!this.#asSoftmax) {
        const hint = "{ output: 'softmax' } leaves out the logarithm"
        throw rangeError(where, 'Softmax', op, { hint })
      }
      this.#chain.notes.push(`${where}: the logarithm of the softmax is left out`)
    }
    this.#committed(where, this.#flow(where, x))
    this.#chain.activation(where, { type: 'softmax', shape: 0 })
    return this.#next()
  }

  /** Columns beside each other; or the probabilities of two classes, 1 − p and p. */
  #concat(where: string, values: Inputs): Value {
    const columns = values.filter((value) => value?.kind === 'inputs')
    if (columns.length === values.length) return InputColumns.joined(where, columns)
    const [no, yes] = values
    const isPair = values.length === 2 && no?.kind === 'flow' && yes?.kind === 'flow'
    if (!isPair || this.#chain.width !== 1 || !areComplements(no, yes)) {
      throw rangeError(
        where,
        'the inputs side by side, or the two probabilities 1 − p and p',
        'something else',
      )
    }
    this.#committed(where, yes)
    this.#chain.asPair(where)
    return this.#next()
  }

  /** Some of the inputs, or the names of classes by their numbers. */
  #pick(where: string, from: Value, indices: Value | undefined): Value {
    if (from.kind === 'constant' && indices?.kind === 'label') {
      this.#setClasses(where, from.texts ?? Array.from(from.numbers))
      return indices
    }
    if (from.kind === 'inputs') return from.picked(where, vector(where, indices))
    throw rangeError(where, 'some of the inputs', 'some of what a layer computes')
  }

  #elementwise(where: string, op: string, inputs: Inputs, attributes: Attributes): Value {
    const [x, y] = inputs
    if (x === undefined) throw rangeError(where, 'an input', 'none')
    if (Object.hasOwn(binaryOperators, op)) {
      const others = inputs.slice(1)
      const isAny = op === 'Max' || op === 'Min'
      if (y === undefined || (others.length > 1 && !isAny))
        throw rangeError(where, 'two inputs', inputs.length)
      return others.reduce<Value>((value, other) => this.#binary(where, op, value, other ?? value), x)
    }
    if (!Object.hasOwn(unaryOperators, op)) throw unknownOperator(where, op)
    if (inputs.length > (op === 'Clip' ? 3 : 1)) throw rangeError(where, 'one input', inputs.length)
    const { step, f } = this.#flow(where, x)
    const bounds = inputs.slice(1).map((bound) => bound && vector(where, bound)[0])
    return { kind: 'flow', step, f: unaryOperators[op](f, attributes, bounds) }
  }

  #binary(where: string, op: string, x: Value, y: Value): Value {
    const { [op]: operator } = binaryOperators
    if (x.kind === 'constant' || y.kind === 'constant') {
      const [constant, other] = x.kind === 'constant' ? [x, y] : [y as Constant, x]
      const numbers = vector(where, constant)
      const columns = operator.columns(numbers, x.kind === 'constant')
      if (columns !== undefined) return this.#scaled(where, other, columns)
      if (numbers.length !== 1) throw rangeError(where, 'one number', `${numbers.length} for ${op}`)
      const { step, f } = this.#flow(where, other)
      const [c] = numbers
      const of =
        x.kind === 'constant'
          ? (v: number): number => operator.of(c, v)
          : (v: number): number => operator.of(v, c)
      return { kind: 'flow', step, f: computed(of, f) }
    }
    const [left, right] = [this.#flow(where, x), this.#flow(where, y)]
    if (left.step !== right.step) throw this.#otherPath(where)
    return { kind: 'flow', step: left.step, f: computed(operator.of, left.f, right.f) }
  }

  /** By column, or by one number for all. */
  #scaled(where: string, x: Value | undefined, columns: Columns, note?: string): Value {
    if (x === undefined) throw rangeError(where, 'an input', 'none')
    if (x.kind === 'inputs') return x.scaled(where, columns)
    const flow = this.#flow(where, x)
    const width = widthOf(columns)
    if (width === 1 && note === undefined) {
      return { ...flow, f: scaled(flow.f, columns) }
    }
    this.#committed(where, flow)
    if (width !== 1 && width !== this.#chain.width) {
      throw rangeError(where, `${this.#chain.width} numbers, one for each column`, width)
    }
    this.#chain.columns(where, columns, note)
    return this.#next()
  }

  #flow(where: string, value: Value): Flow {
    if (value.kind === 'flow') return value
    const got =
      value.kind === 'inputs' ? 'the inputs themselves' : value.kind === 'label' ? 'a class' : 'constants'
    throw rangeError(where, 'what a layer computes', got)
  }

  /** Gives the chain what was computed behind its last layer. */
  #committed(where: string, { step, f }: Flow): void {
    if (step !== this.#step) throw this.#otherPath(where)
    const found = recognized(f)
    if (found === undefined) {
      throw rangeError(where, 'an activation of deltaprop before it', 'a function that is none of them')
    }
    const { before, activation, after } = found
    if (!isSame(before)) this.#chain.columns(where, before)
    if (activation !== undefined) this.#chain.activation(where, activation)
    if (!isSame(after)) this.#chain.columns(where, after)
    ++this.#step
  }

  #next(): Flow {
    ++this.#step
    return { kind: 'flow', step: this.#step, f: identity }
  }

  #otherPath(where: string): RangeError {
    return rangeError(where, 'one path through the layers', 'a second one')
  }

  #setClasses(where: string, classes: readonly Category[]): void {
    if (this.#classes !== undefined && this.#classes.some((category, j) => category !== classes[j])) {
      throw rangeError(where, 'the same classes everywhere', classes.slice(0, 3).map(show).join(', '))
    }
    this.#classes = classes
  }

  /** What comes out in the end, which several outputs may be made of. */
  #end(where: string, value: Value): void {
    const flow = this.#flow(where, value)
    if (this.#ended === undefined) this.#committed(where, flow)
    else if (flow.step !== this.#ended.step || !areEqual(flow.f, this.#ended.f)) throw this.#otherPath(where)
    this.#ended = flow
  }
}

/** `node 7 Conv /conv/Conv` */
function nodeName({ name, op }: Node, i: number): string {
  return `node ${i} ${showName(op)}${name === '' ? '' : ` ${showName(name)}`}`
}

function unknownOperator(where: string, op: string): RangeError {
  return rangeError(where, 'an operator of a dense network, such as Gemm, MatMul, Add or Relu', op)
}

/** The names of classes that a ZipMap gives. */
function zipClasses(attributes: Attributes): readonly Category[] {
  const texts = attributes.texts('classlabels_strings')
  return texts.length > 0 ? texts : attributes.integers('classlabels_int64s')
}

/** Whether columns are as they were. */
function isSame({ offset, factor, shift }: Columns): boolean {
  const areAll = (values: ArrayLike<number>, value: number): boolean => {
    return Array.from(values).every((each) => each === value)
  }
  return areAll(offset, 0) && areAll(factor, 1) && areAll(shift, 0)
}

function areEqual(f: Elementwise, g: Elementwise): boolean {
  return f.values.every((value, i) => value === g.values[i])
}

/** Whether two functions of the same number add up to 1. */
function areComplements(no: Flow, yes: Flow): boolean {
  if (no.step !== yes.step) return false
  return no.f.values.every((value, i) => Math.abs(value + yes.f.values[i] - 1) < 1e-6)
}
