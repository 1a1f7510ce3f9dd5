import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import type { Attribute, Tensor } from './proto.js'

/** The attributes of a node, by name. */
export class Attributes {
  readonly #byName = new Map<string, Attribute>()

  /** @throws RangeError for two of the same name */
  constructor(where: string, attributes: readonly Attribute[]) {
    for (const attribute of attributes) {
      if (this.#byName.has(attribute.name)) {
        throw rangeError(where, 'each attribute once', `${showName(attribute.name)} twice`)
      }
      this.#byName.set(attribute.name, attribute)
    }
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  float(name: string, usual: number): number {
    return this.#byName.get(name)?.float ?? usual
  }

  integer(name: string, usual: number): number {
    return this.#byName.get(name)?.int ?? usual
  }

  floats(name: string, usual: readonly number[]): readonly number[] {
    return this.#byName.get(name)?.floats ?? usual
  }

  integers(name: string): readonly number[] {
    return this.#byName.get(name)?.ints ?? []
  }

  text(name: string, usual: string): string {
    const bytes = this.#byName.get(name)?.text
    return bytes === undefined ? usual : new TextDecoder().decode(bytes)
  }

  texts(name: string): readonly string[] {
    return (this.#byName.get(name)?.strings ?? []).map((bytes) => new TextDecoder().decode(bytes))
  }

  tensor(name: string): Tensor | undefined {
    return this.#byName.get(name)?.tensor
  }
}
