import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import type { Unknown } from '../../model/column.js'
import type { ForeignInput, Said } from '../assemble.js'
import type { LayerChain } from '../layer-chain.js'
import { classOperators } from './class-operators.js'
import { columnOperators } from './column-operators.js'
import { changedConstant, constantOfAttributes } from './constant-operators.js'
import type { ExternalData } from './constant.js'
import { elementwise } from './elementwise-operators.js'
import { GraphValues } from './graph-values.js'
import { InputColumns } from './input-columns.js'
import { layerOperators } from './layer-operators.js'
import { Operation } from './operation.js'
import { Path } from './path.js'
import { DataType, type Graph, type ModelProto, type Node } from './proto.js'
import { kept, shapeOperators } from './shape-operators.js'
import type { Value } from './value.js'

const domains: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml'])

/** Those that take more than numbers by themselves. */
const families = [layerOperators, columnOperators, classOperators]

/** What a graph is. */
export interface ReadGraph {
  readonly chain: LayerChain
  /** all of them, with the names of the columns */
  readonly inputs: { readonly columns: readonly ForeignInput[]; readonly unknown: Unknown }
  /** the name of the most probable class, if it is an output */
  readonly label: string | undefined
  /** the name of the output that counts */
  readonly output: string
  readonly said: Said
}

/** Follows a graph, and builds the network as it goes. */
export class GraphReader {
  readonly #graph: Graph
  readonly #others: ExternalData
  readonly #path: Path
  readonly #values: GraphValues
  /** the name of the most probable class, if it is an output */
  #label: string | undefined
  /** the name of the output that counts */
  #output = ''

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
      throw rangeError('bytes', 'a graph without functions of its own', functions.length, { hint })
    }
    const opset = operatorSets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 1
    this.#graph = graph
    this.#others = others
    this.#path = new Path(size, opset, asSoftmax)
    this.#values = new GraphValues(graph.initializers, others, size)
  }

  /** @throws RangeError that names the node that is no part of a dense network */
  read(): ReadGraph {
    const { chain } = this.#path
    const inputs = this.#defineInputs()
    const needed = this.#needed()
    for (const [i, node] of this.#graph.nodes.entries()) {
      if (node.outputs.some((output) => needed.has(output))) this.#run(nodeName(node, i), node)
    }
    this.#end()
    const described = this.#path.inputs?.described() ?? { columns: [], unknown: 'error' }
    if (this.#path.inputs?.isWhole(inputs) === false) {
      const order = described.columns.map(({ name = '' }) => showName(name)).slice(0, 20)
      chain.notes.push(`the network takes its inputs in this order: ${order.join(', ')}`)
    }
    return { chain, inputs: described, label: this.#label, output: this.#output, said: this.#said(described) }
  }

  /** What comes out, and the name of what is predicted. */
  #end(): void {
    const { chain } = this.#path
    const outputs = this.#graph.outputs.map(({ name }) => {
      const where = `output ${showName(name)}`
      return { name, where, value: this.#values.get(where, name) }
    })
    const last = this.#path.end(outputs)
    this.#output = last.name
    this.#label = outputs.find(({ value }) => value.kind === 'label' && value.isClass)?.name
    if (outputs.every(({ value }) => value.kind === 'label')) {
      chain.notes.push('the outputs are what the class is chosen by, not its number')
    }
  }

  /** @returns the names of those that are none of the constants */
  #defineInputs(): readonly string[] {
    const real = this.#graph.inputs.filter(({ name }) => !this.#values.isInitializer(name))
    for (const { name, type } of real) {
      const { element = 0, shape } = type?.tensor ?? {}
      const sizes = (shape?.dims ?? []).map(({ size }) => size)
      this.#path.shape.begin(sizes)
      const columns = InputColumns.of(name, sizes.slice(1), element === DataType.string, real.length === 1)
      this.#values.define(`input ${showName(name)}`, name, columns)
    }
    return real.map(({ name }) => name)
  }

  #said({ columns, unknown }: ReadGraph['inputs']): Said {
    const { isDouble, isMultilabel, classes, inputs } = this.#path
    const isNamed = inputs?.isPlain === false
    // Of a network that has neither, it is just a name.
    const target = isNamed || classes !== undefined ? this.#target() : undefined
    return {
      precision: isDouble ? 'f64' : 'f32',
      isMultilabel,
      ...(isNamed && { inputs: columns, unknown }),
      ...(columns.length === 1 && { single: columns[0].name }),
      ...(classes !== undefined && { classes }),
      ...(target !== undefined && { targets: [target] }),
    }
  }

  /** The name of what is predicted, if it has one. */
  #target(): string | undefined {
    // Others call it as scikit-learn's converter does, which does not know the name.
    if (this.#label !== undefined && !/^(output_)?label$/.test(this.#label)) return this.#label
    return this.#path.chain.width === 1 ? this.#output : undefined
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
    const { domain, op, outputs } = node
    if (!domains.has(domain)) throw rangeError(where, "ONNX's own operators", `${domain}.${op}`)
    const inputs = node.inputs.map((name) => (name === '' ? undefined : this.#values.get(where, name)))
    const value = this.#result(new Operation(where, node, inputs), outputs.length)
    for (const output of outputs.slice(0, 1)) this.#values.define(where, output, value)
  }

  #result(operation: Operation, outputs: number): Value {
    const { op, inputs } = operation
    if (op === 'Constant') return constantOfAttributes(operation, this.#others)
    const { first } = operation
    const areConstant = inputs.every((input) => input === undefined || input.kind === 'constant')
    if (first.kind === 'constant' && areConstant) return changedConstant(operation, first)
    if (Object.hasOwn(shapeOperators, op)) return kept(operation, this.#path)
    if (first.kind === 'label') {
      throw operation.error('nothing but its name behind the most probable class', op)
    }
    const family = families.find((each) => Object.hasOwn(each, op))
    if (family !== undefined) return family[op](operation, this.#path)
    if (outputs > 1) throw operation.error('one result', outputs)
    return elementwise(operation, this.#path)
  }
}

/** `node 7 Conv /conv/Conv` */
function nodeName({ name, op }: Node, i: number): string {
  return `node ${i} ${showName(op)}${name === '' ? '' : ` ${showName(name)}`}`
}
