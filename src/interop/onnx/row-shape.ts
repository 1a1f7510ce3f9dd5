import { rangeError } from '../../base/argument-error.js'
import { vector } from './constant.js'
import type { InputColumns } from './input-columns.js'
import type { Flow } from './value.js'

/** The shape of what runs through a graph: samples × numbers, and what may be in between. */
export class RowShape {
  /** dimensions, the samples too */
  #rank = 2
  /** samples, if a graph is of a fixed number of them */
  #samples = 0

  /** @param sizes of an input; none if they are not known */
  begin(sizes: readonly number[]): void {
    if (sizes.length > 2) this.#rank = sizes.length
    this.#samples = sizes[0] ?? 0
  }

  /** @throws RangeError unless it is the last one, that of the units */
  checkAxis(where: string, axis: number): void {
    const last = this.#rank - 1
    if (axis !== -1 && axis !== last) throw rangeError(where, `the last axis, ${last} or −1`, axis)
  }

  /** Numbers for columns. @throws RangeError for a constant that would add dimensions */
  vector(
    where: string,
    value: { readonly kind: string; readonly dims?: readonly number[] } | undefined,
  ): Float64Array {
    const rank = value?.dims?.length ?? 0
    if (rank > this.#rank) throw rangeError(where, `at most ${this.#rank} dimensions`, rank)
    return vector(where, value)
  }

  /** A row of all numbers of a sample. */
  flattened(where: string, x: InputColumns | Flow): InputColumns | Flow {
    if (x.kind === 'inputs') {
      this.#rank = 2
      return x.flattened()
    }
    if (this.#rank === 2) return x
    throw rangeError(where, 'rows of numbers', `${this.#rank} dimensions`)
  }

  /**
   * The same in other sizes.
   *
   * @param width numbers of a sample that come out of the layers so far
   * @throws RangeError unless what comes out are rows as wide as before, or single numbers
   */
  reshaped(
    where: string,
    x: InputColumns | Flow,
    sizes: Float64Array,
    width: number | undefined,
  ): InputColumns | Flow {
    const [rows, last = 0] = sizes
    // NaN is the number of samples, whatever it is.
    const areSamples = rows <= 0 || Number.isNaN(rows) || rows === this.#samples
    const areRows = sizes.length === 2 && areSamples
    if (x.kind === 'inputs' && areRows) return this.flattened(where, x)
    const isSame = areRows && (last === width || (last === -1 && rows !== -1))
    const areSingle = width === 1 && sizes.length === 1 && areSamples
    if (x.kind === 'flow' && this.#rank === 2 && (isSame || areSingle)) return x
    throw rangeError(where, 'rows of numbers, as wide as they are', `sizes ${sizes.join(', ')}`)
  }
}
