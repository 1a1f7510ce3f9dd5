import { rangeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'
import type { Category } from '../../model/column.js'
import { constantly, identity, recognized, scaled, type Elementwise } from '../elementwise.js'
import { entry, LayerChain, widthOf, type Columns } from '../layer-chain.js'
import { transposed } from '../numbers.js'
import type { Constant } from './constant.js'
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
  /** what the chain has been, by its steps */
  readonly #passed = new Map<number, Flow>()
  /** what a softmax was made of, by its step */
  readonly #logits = new Map<number, Flow>()

  constructor(size: number, opset: number, asSoftmax: boolean) {
    this.chain = new LayerChain(size)
    this.size = size
    this.opset = opset
    this.asSoftmax = asSoftmax
  }

  /** x·W + b; W is inputs × units, or units × inputs if `isTransposed`; b one number for each unit, or for all. */
  affine(
    where: string,
    x: Value,
    { dims, numbers, isDouble }: Constant,
    isTransposed = false,
    biases: ArrayLike<number> = [0],
  ): Flow {
    const [rows, columns] = dims
    const [inputs, units] = isTransposed ? [columns, rows] : [rows, columns]
    if (!(inputs > 0 && units > 0)) throw rangeError(where, 'inputs and units', `${inputs} × ${units}`)
    if (x.kind === 'inputs') this.#begin(where, x.ofWidth(where, inputs))
    else this.commit(where, x)
    if (!isDouble) this.isDouble = false
    const weights = isTransposed ? numbers.slice() : transposed(numbers, inputs, units)
    if (biases.length !== 1) checkWidth(where, biases.length, units)
    this.chain.affine(
      where,
      inputs,
      weights,
      new Float64Array(units).map((_, j) => entry(biases, j)),
    )
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
    if (width !== 1) checkWidth(where, width, this.chain.width)
    this.chain.columns(where, columns, note)
    return this.next()
  }

  softmax(where: string, x: Value): Flow {
    const logits = this.commit(where, x)
    this.chain.activation(where, { type: 'softmax', shape: 0 })
    const softmax = this.next()
    this.#logits.set(softmax.step, logits)
    return softmax
  }

  /** The inputs of an operator as functions of the same numbers. */
  together({ where, op, inputs }: Operation): { step: number; operands: readonly Elementwise[] } {
    const flows = inputs.flatMap((value) => (value?.kind === 'constant' ? [] : [flowOf(where, value)]))
    const [{ step }] = flows
    if (flows.some((flow) => flow.step !== step)) throw otherPath(where)
    const operands = inputs.map((value) => {
      if (value?.kind === 'flow') return value.f
      const numbers = this.shape.vector(where, value)
      this.chain.spend(where, numbers.length)
      const [c] = numbers
      const isOne = numbers.length === 1 || numbers.length === this.chain.width
      if (isOne && numbers.every((number) => number === c)) return constantly(c)
      throw rangeError(where, 'one number', `${numbers.length} for ${op}`)
    })
    return { step, operands }
  }

  /** Gives the chain what was computed behind its last layer. */
  commit(where: string, value: Value): Flow {
    const flow = flowOf(where, value)
    const { step, f } = flow
    if (step !== this.#step) throw otherPath(where)
    const found = recognized(f)
    if (found === undefined) {
      throw rangeError(where, 'an activation of deltaprop before it', 'a function that is none of them')
    }
    const { before, activation, after } = found
    if (!isSame(before)) this.chain.columns(where, before)
    if (activation !== undefined) this.chain.activation(where, activation)
    if (!isSame(after)) this.chain.columns(where, after)
    this.#passed.set(step, flow)
    ++this.#step
    return flow
  }

  /** What comes out of the chain now. */
  next(): Flow {
    ++this.#step
    return { kind: 'flow', step: this.#step, f: identity }
  }

  /** @throws RangeError for others than before */
  setClasses(where: string, given: ArrayLike<Category>): void {
    // One number is the probability of the second of two.
    const most = Math.max(2, this.chain.width ?? 0)
    if (given.length > most) throw rangeError(where, `at most ${most} classes`, given.length)
    const classes = Array.from(given)
    if (this.classes !== undefined && this.classes.some((category, j) => category !== classes[j])) {
      throw rangeError(where, 'the same classes everywhere', classes.slice(0, 3).map(show).join(', '))
    }
    this.classes = classes
  }

  /**
   * Ends it with what comes last of some values. The others are on the way there, or the class that they choose.
   *
   * @returns what comes last
   * @throws RangeError for another path
   */
  end(outputs: readonly Output[]): Output {
    const ends = outputs.map((output) => {
      const { where, value } = output
      return { ...output, flow: value.kind === 'label' ? value.of : flowOf(where, value) }
    })
    const given = ends.filter(({ value }) => value.kind === 'flow')
    const last = (given.length > 0 ? given : ends).reduce((one, other) => {
      const isBehind =
        other.flow.step > one.flow.step || (other.flow.step === one.flow.step && isIdentity(one.flow))
      return isBehind ? other : one
    })
    this.commit(last.where, last.flow)
    for (const { where, value, flow } of ends) {
      const isChosen = value.kind !== 'label' || !value.isClass || this.#isRanked(flow, last.flow)
      if (!isChosen || !this.#isPassed(flow)) throw otherPath(where)
      if (value.kind === 'flow' && !areSame(flow, last.flow)) {
        this.chain.notes.push(`${where}: left out, for it is on the way to ${last.where}`)
      }
    }
    return last
  }

  /** Whether the chain has been that. */
  #isPassed(flow: Flow): boolean {
    return isIdentity(flow) || areSame(flow, this.#passed.get(flow.step))
  }

  /** Whether the largest of the one is the largest of the last, too. */
  #isRanked(one: Flow, last: Flow): boolean {
    if (one.step !== last.step) return isIdentity(last) && areSame(one, this.#logits.get(last.step))
    return areSame(one, last) || (isIdentity(one) && isRising(last))
  }
}

/** An output of a graph. */
export interface Output {
  readonly name: string
  readonly where: string
  readonly value: Value
}

function isIdentity({ f }: Flow): boolean {
  return areEqual(f, identity)
}

function areSame(one: Flow, other: Flow | undefined): boolean {
  return one.step === other?.step && areEqual(one.f, other.f)
}

function areEqual(f: Elementwise, g: Elementwise): boolean {
  return f.values.every((value, i) => value === g.values[i])
}

function isRising({ f: { values } }: Flow): boolean {
  return values.every((value, i) => i === 0 || value >= values[i - 1])
}

/** @throws RangeError unless it comes out of layers */
export function flowOf(where: string, value: Value | undefined): Flow {
  if (value?.kind === 'flow') return value
  const got =
    value && { inputs: 'the inputs themselves', label: 'a class', constant: 'constants' }[value.kind]
  throw rangeError(where, 'what a layer computes', got)
}

function checkWidth(where: string, width: number, expected: number | undefined): void {
  if (width !== expected) throw rangeError(where, `${expected} numbers, one for each column`, width)
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
