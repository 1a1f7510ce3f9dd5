import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { FIRST_ADDRESS } from '../../src/engine/wasm/reservation.js'
import { loadCore } from './load-core.js'

export type Precision = 'f32' | 'f64'
export type Floats = Float32Array | Float64Array

/** One array in the module's memory. */
export interface Place {
  readonly pointer: number
  readonly values: Floats
}

type Kernel = (...args: (number | boolean)[]) => number

const GUARD = -12345.678

/** A memory for kernel tests: arrays one after the other, guard values around each, that no kernel may touch. */
export class KernelMemory {
  /** numbers in a row of a panel */
  readonly lanes: number
  /** of one number */
  readonly bytes: number
  readonly #memory = new WebAssembly.Memory({ initial: 64, maximum: 64 })
  readonly #exports: Record<string, unknown>
  readonly #guards: Place[] = []
  #end = FIRST_ADDRESS

  constructor(readonly precision: Precision) {
    const file = process.env.CORE ?? 'build/core.wasm'
    const module = new WebAssembly.Module(readFileSync(file))
    this.#exports = { ...loadCore(module, this.#memory) }
    this.lanes = precision === 'f64' ? 4 : 8
    this.bytes = precision === 'f64' ? 8 : 4
  }

  /** The kernel of this precision. */
  kernel(name: string): Kernel {
    const kernel = this.#exports[`${name}_${this.precision}`]
    if (typeof kernel !== 'function') throw new Error(`no kernel ${name}_${this.precision}`)
    return kernel as Kernel
  }

  /** An array for outputs, filled with NaN; the kernel may write `slack` numbers beyond it. */
  output(length: number, slack = 0): Place {
    return this.input(new Float64Array(length).fill(NaN), slack)
  }

  input(values: ArrayLike<number>, slack = 0): Place {
    this.#guard()
    const place = this.#reserve(values.length)
    place.values.set(values)
    this.#reserve(slack)
    this.#guard()
    return place
  }

  /** 32-bit row numbers. */
  order(rows: readonly number[]): number {
    this.#guard()
    const pointer = Math.ceil(this.#end / 16) * 16
    new Uint32Array(this.#memory.buffer, pointer, rows.length).set(rows)
    this.#end = pointer + rows.length * 4
    this.#guard()
    return pointer
  }

  /** Asserts that nothing wrote before the start or past the end of an array. */
  expectGuards(): void {
    const guard = this.precision === 'f64' ? GUARD : Math.fround(GUARD)
    for (const { values } of this.#guards) expect([...values]).toEqual(new Array(8).fill(guard))
  }

  /** Frees all arrays. */
  clear(): void {
    this.#guards.length = 0
    this.#end = FIRST_ADDRESS
  }

  #guard(): void {
    const guard = this.#reserve(8)
    guard.values.fill(GUARD)
    this.#guards.push(guard)
  }

  #reserve(length: number): Place {
    const { buffer } = this.#memory
    const pointer = Math.ceil(this.#end / this.bytes) * this.bytes
    this.#end = pointer + length * this.bytes
    const values =
      this.bytes === 8 ? new Float64Array(buffer, pointer, length) : new Float32Array(buffer, pointer, length)
    return { pointer, values }
  }
}
