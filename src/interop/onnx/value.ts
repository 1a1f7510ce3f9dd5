import type { Elementwise } from '../elementwise.js'
import type { Constant } from './constant.js'
import type { InputColumns } from './input-columns.js'

/** A function of what has come out of the chain when it had so many steps. */
export interface Flow {
  readonly kind: 'flow'
  readonly step: number
  readonly f: Elementwise
}

/** The most probable class, its number or its name; or how probable it is. */
export interface Label {
  readonly kind: 'label'
  /** of these */
  readonly of: Flow
  readonly isClass: boolean
}

/** A value of a graph. */
export type Value = Constant | InputColumns | Flow | Label

/** The inputs of a node; undefined for one that is left out. */
export type Inputs = readonly (Value | undefined)[]
