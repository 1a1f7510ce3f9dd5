import { rangeError } from '../../base/argument-error.js'
import type { Attributes } from './attributes.js'
import { vector } from './constant.js'
import type { InputColumns } from './input-columns.js'
import { DataType } from './proto.js'
import type { Flow, Inputs } from './value.js'

/** The shape of what runs through a graph: samples × numbers, and what may be in between. */
export class RowShape {
  /** dimensions, the samples too */
  #rank = 2

  /** @param sizes of an input; none if they are not known */
  begin(sizes: readonly number[]): void {
    if (sizes.length > 2) this.#rank = sizes.length
  }

  /** @throws RangeError unless it is the last one, that of the units */
  checkAxis(where: string, axis: number): void {
    const last = this.#rank - 1
    if (axis !== -1 && axis !== last) throw rangeError(where, `the last axis, ${last} or −1`, axis)
  }

  /** Whether an operator changes at most the shape or the type of what it takes. */
  isKeeper(op: string): boolean {
    return keepers.has(op)
  }

  /**
   * What such an operator gives.
   *
   * @param width numbers of a sample that come out of the layers so far
   * @throws RangeError where it changes more
   */
  kept(
    where: string,
    op: string,
    x: InputColumns | Flow,
    others: Inputs,
    attributes: Attributes,
    width: number | undefined,
  ): InputColumns | Flow {
    switch (op) {
      case 'Identity':
        return x
      case 'Cast': {
        const type = attributes.integer('to', 0)
        if (isFloat(type)) return x
        throw rangeError(where, 'numbers as they are, f32 or f64', `ONNX's data type ${type}`)
      }
      case 'Dropout':
        if (others.length < 2 || others[1] === undefined || vector(where, others[1])[0] === 0) return x
        throw rangeError(where, 'a network that predicts', 'one that is in training')
      case 'Flatten':
        if (attributes.integer('axis', 1) === 1) return this.#flattened(where, x)
        throw rangeError(where, 'axis = 1', attributes.integer('axis', 1))
      case 'Reshape':
        return this.#reshaped(where, x, vector(where, others[0]), width)
      default:
        // One number a sample is the same by itself and as a row of one.
        if (op === 'Squeeze' && x.kind === 'flow' && width === 1) return x
        throw rangeError(where, 'rows of numbers, as they are', op)
    }
  }

  /** A row of all numbers of a sample. */
  #flattened(where: string, x: InputColumns | Flow): InputColumns | Flow {
    if (x.kind === 'inputs') {
      this.#rank = 2
      return x.flattened()
    }
    if (this.#rank === 2) return x
    throw rangeError(where, 'rows of numbers', `${this.#rank} dimensions`)
  }

  /** @throws RangeError unless what comes out are rows as wide as before, or single numbers */
  #reshaped(
    where: string,
    x: InputColumns | Flow,
    sizes: Float64Array,
    width: number | undefined,
  ): InputColumns | Flow {
    const [rows, last = 0] = sizes
    const areRows = sizes.length === 2 && rows <= 0
    if (x.kind === 'inputs' && areRows) return this.#flattened(where, x)
    const isSame = areRows && (last === width || (last === -1 && rows === 0))
    const areSingle = width === 1 && sizes.length === 1 && rows === -1
    if (x.kind === 'flow' && this.#rank === 2 && (isSame || areSingle)) return x
    throw rangeError(where, 'rows of numbers, as wide as they are', `sizes ${sizes.join(', ')}`)
  }
}

const keepers: ReadonlySet<string> = new Set([
  'Identity',
  'Dropout',
  'Cast',
  'Flatten',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
])

/** ONNX's types of numbers with a point. */
function isFloat(type: number): boolean {
  const { float, double, float16, bfloat16 } = DataType
  return type === float || type === double || type === float16 || type === bfloat16
}
