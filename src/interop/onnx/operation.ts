import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import { vector } from './constant.js'
import type { Attribute, Node, Tensor } from './proto.js'
import type { Inputs, Value } from './value.js'

/** A node of a graph with what comes into it, and its attributes by name. */
export class Operation {
  /** the node, for messages */
  readonly where: string
  readonly op: string
  readonly inputs: Inputs
  readonly #attributes = new Map<string, Attribute>()

  /** @throws RangeError for two attributes of the same name */
  constructor(where: string, { op, attributes }: Node, inputs: Inputs) {
    this.where = where
    this.op = op
    this.inputs = inputs
    for (const attribute of attributes) {
      if (this.has(attribute.name)) {
        throw this.error('each attribute once', `${showName(attribute.name)} twice`)
      }
      this.#attributes.set(attribute.name, attribute)
    }
  }

  /** @throws RangeError unless it has one */
  get first(): Value {
    const [first] = this.inputs
    if (first === undefined) throw this.error('an input', 'none')
    return first
  }

  /** An input that is constant numbers in one dimension. */
  vector(i: number): Float64Array {
    return vector(this.where, this.inputs[i])
  }

  /** An error at this node. */
  error(...said: Parameters<typeof rangeError> extends [unknown, ...infer Said] ? Said : never): RangeError {
    return rangeError(this.where, ...said)
  }

  has(name: string): boolean {
    return this.#attributes.has(name)
  }

  float(name: string, usual: number): number {
    return this.#attributes.get(name)?.float ?? usual
  }

  integer(name: string, usual: number): number {
    return this.#attributes.get(name)?.int ?? usual
  }

  floats(name: string, usual: readonly number[]): readonly number[] {
    return this.#attributes.get(name)?.floats ?? usual
  }

  integers(name: string): readonly number[] {
    return this.#attributes.get(name)?.ints ?? []
  }

  text(name: string, usual: string): string {
    const bytes = this.#attributes.get(name)?.text
    return bytes === undefined ? usual : new TextDecoder().decode(bytes)
  }

  texts(name: string): readonly string[] {
    return (this.#attributes.get(name)?.strings ?? []).map((bytes) => new TextDecoder().decode(bytes))
  }

  tensor(name: string): Tensor | undefined {
    return this.#attributes.get(name)?.tensor
  }
}
