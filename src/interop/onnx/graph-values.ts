import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import { constantOfTensor, type ExternalData } from './constant.js'
import type { Tensor } from './proto.js'
import type { Value } from './value.js'

/**
 * The values of a graph by their names, each of which one value has: constants of the file, its inputs, and what its
 * nodes make of them. What they keep is bounded by the size of the file.
 */
export class GraphValues {
  readonly #tensors = new Map<string, Tensor>()
  readonly #values = new Map<string, Value>()
  readonly #others: ExternalData
  /** numbers that may still be kept */
  #room: number

  /**
   * @param size bytes of all files
   * @throws RangeError for two of the same name
   */
  constructor(initializers: readonly Tensor[], others: ExternalData, size: number) {
    this.#others = others
    this.#room = size
    for (const tensor of initializers) {
      if (this.#tensors.has(tensor.name)) {
        throw rangeError('bytes', 'each initializer once', `${showName(tensor.name)} twice`)
      }
      this.#tensors.set(tensor.name, tensor)
    }
  }

  /** Whether it is a constant of the file, not a result. */
  isInitializer(name: string): boolean {
    return this.#tensors.has(name)
  }

  /** @throws RangeError where another value has the name, or there is no room for it */
  define(where: string, name: string, value: Value): void {
    if (this.#values.has(name) || this.#tensors.has(name)) {
      throw rangeError(where, 'a result with a name of its own', showName(name))
    }
    this.#keep(name, value)
  }

  /** @throws RangeError unless there is one; as constantOfTensor */
  get(where: string, name: string): Value {
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const tensor = this.#tensors.get(name)
    if (tensor === undefined)
      throw rangeError(where, 'a value that comes before it in the file', showName(name))
    const constant = constantOfTensor(`initializer ${showName(name)}`, tensor, this.#others)
    this.#keep(name, constant)
    return constant
  }

  #keep(name: string, value: Value): void {
    if (value.kind === 'constant') this.#room -= value.numbers.length
    if (value.kind === 'inputs') this.#room -= value.kept
    if (this.#room < 0) {
      throw rangeError('bytes', 'a file whose nodes keep no more numbers than it has bytes', 'more')
    }
    this.#values.set(name, value)
  }
}
