import { rangeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import type { Category } from '../../model/column.js'
import {
  constantly,
  identity,
  isElementwiseSame,
  recognized,
  scaled,
  type Elementwise,
} from '../elementwise.js'
import { LayerChain, widthOf, type Columns } from '../layer-chain.js'
import { transposed } from '../numbers.js'
import { vector, type Constant } from './constant.js'
import type { InputColumns } from './input-columns.js'
import type { Operation } from './operation.js'
import { RowShape } from './row-shape.js'
import type { Flow, Value } from './value.js'

/** What an operator makes of its inputs on the way through the layers. */
export type Operator = (operation: Operation, path: Path) => Value

/** The one path through the layers of a graph, as far as its nodes have been read. */
export class Path {
  readonly chain: LayerChain
  readonly shape = new RowShape()
  /** bytes of all files: what is made up is no larger */
  readonly size: number
  /** of ONNX's own operators */
  readonly opset: number
  /** whether the logarithm of a softmax is read as a softmax */
  readonly asSoftmax: boolean
  /** what goes into the first layer; undefined before it */
  inputs: InputColumns | undefined
  classes: readonly Category[] | undefined
  isMultilabel = false
  isDouble = true
  /** of the chain so far; what was made of an earlier one is another path */
  #step = 0
  #ended: Flow | undefined

  constructor(size: number, opset: number, asSoftmax: boolean) {
    this.chain = new LayerChain(size)
    this.size = size
    this.opset = opset
    this.asSoftmax = asSoftmax
  }

  /** x·W without biases; W is inputs × units, or units × inputs if `isTransposed`. */
  affine(where: string, x: Value, { dims, numbers, isDouble }: Constant, isTransposed: boolean): Flow {
    const [rows, columns] = dims
    const [inputs, units] = isTransposed ? [columns, rows] : [rows, columns]
    if (!(inputs > 0 && units > 0)) throw rangeError(where, 'inputs and units', `${inputs} × ${units}`)
    if (x.kind === 'inputs') this.#begin(where, x.ofWidth(where, inputs))
    else this.commit(where, x)
    if (!isDouble) this.isDouble = false
    const weights = isTransposed ? numbers.slice() : transposed(numbers, inputs, units)
    this.chain.affine(where, inputs, weights, new Float64Array(units))
    return this.next()
  }

  #begin(where: string, inputs: InputColumns): void {
    if (this.inputs !== undefined) throw otherPath(where)
    this.inputs = inputs
    const scaling = inputs.scaling()
    if (scaling !== undefined) this.chain.columns(where, scaling)
  }

  /**
   * Scales columns, or all numbers by one.
   *
   * @param note what it is, for the notes; undefined if that goes without saying
   */
  scaled(where: string, x: Value, columns: Columns, note?: string): Value {
    if (x.kind === 'inputs') return x.scaled(where, columns)
    const flow = flowOf(where, x)
    const width = widthOf(columns)
    if (width === 1 && note === undefined) return { ...flow, f: scaled(flow.f, columns) }
    this.commit(where, flow)
    if (width !== 1 && width !== this.chain.width) {
      throw rangeError(where, `${this.chain.width} numbers, one for each column`, width)
    }
    this.chain.columns(where, columns, note)
    return this.next()
  }

  /** The inputs of an operator as functions of the same numbers. */
  together({ where, op, inputs }: Operation): { step: number; operands: readonly Elementwise[] } {
    const flows = inputs.flatMap((value) => (value?.kind === 'constant' ? [] : [flowOf(where, value)]))
    const [{ step }] = flows
    if (flows.some((flow) => flow.step !== step)) throw otherPath(where)
    const operands = inputs.map((value) => {
      if (value?.kind === 'flow') return value.f
      const numbers = vector(where, value)
      const [c] = numbers
      const isOne = numbers.length === 1 || numbers.length === this.chain.width
      if (isOne && numbers.every((number) => number === c)) return constantly(c)
      throw rangeError(where, 'one number', `${numbers.length} for ${op}`)
    })
    return { step, operands }
  }

  /** Gives the chain what was computed behind its last layer. */
  commit(where: string, value: Value): void {
    const { step, f } = flowOf(where, value)
    if (step !== this.#step) throw otherPath(where)
    const found = recognized(f)
    if (found === undefined) {
      throw rangeError(where, 'an activation of deltaprop before it', 'a function that is none of them')
    }
    const { before, activation, after } = found
    if (!isSame(before)) this.chain.columns(where, before)
    if (activation !== undefined) this.chain.activation(where, activation)
    if (!isSame(after)) this.chain.columns(where, after)
    ++this.#step
  }

  /** What comes out of the chain now. */
  next(): Flow {
    ++this.#step
    return { kind: 'flow', step: this.#step, f: identity }
  }

  /** @throws RangeError for others than before */
  setClasses(where: string, classes: readonly Category[]): void {
    if (this.classes !== undefined && this.classes.some((category, j) => category !== classes[j])) {
      throw rangeError(where, 'the same classes everywhere', classes.slice(0, 3).map(show).join(', '))
    }
    this.classes = classes
  }

  /** What comes out in the end, which several outputs may be made of. */
  end(where: string, value: Value): void {
    const flow = flowOf(where, value)
    if (this.#ended === undefined) this.commit(where, flow)
    else if (flow.step !== this.#ended.step || !isElementwiseSame(flow.f, this.#ended.f))
      throw otherPath(where)
    this.#ended = flow
  }
}

/** @throws RangeError unless it comes out of layers */
export function flowOf(where: string, value: Value | undefined): Flow {
  if (value?.kind === 'flow') return value
  const got =
    value && { inputs: 'the inputs themselves', label: 'a class', constant: 'constants' }[value.kind]
  throw rangeError(where, 'what a layer computes', got)
}

export function otherPath(where: string): RangeError {
  return rangeError(where, 'one path through the layers', 'a second one')
}

/** Whether columns are as they were. */
function isSame({ offset, factor, shift }: Columns): boolean {
  const areAll = (values: ArrayLike<number>, value: number): boolean => {
    return Array.from(values).every((each) => each === value)
  }
  return areAll(offset, 0) && areAll(factor, 1) && areAll(shift, 0)
}
