/** Rows of three numbers in every form in which they may come, right and wrong, and what calls make of them. */
import vm from 'node:vm'
import type { Floats } from '../../src/base/floats.js'

/** What a caller without types might pass. */
export const any = (value: unknown): never => value as never

/** What a call gives, or says. */
export function outcomeOf(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return String(error)
  }
}

/** In an array, to be made anew for each use: some count how often they are read. */
export type Maker = () => unknown

export const inRealm = (code: string): unknown => vm.runInNewContext(code)

/** Three numbers in every form in which they may come. */
export const forms: readonly [string, (a: number, b: number, c: number) => unknown][] = [
  ['an array', (...row) => row],
  ['a frozen array', (...row) => Object.freeze(row)],
  ['an array with more properties', (...row) => Object.assign(row, { name: 'x', '-1': 7 })],
  ['a subclass of Array', (...row) => Object.assign(new (class extends Array<number> {})(3), row)],
  ['an array of getters', (...row) => Object.defineProperty([0, ...row.slice(1)], 0, { get: () => row[0] })],
  ['a proxy of an array', (...row) => new Proxy(row, {})],
  ['an array without a prototype', (...row) => Object.setPrototypeOf(row, null) as unknown],
  ['an array of another realm', (...row) => inRealm(`[${row.join()}]`)],
  ['a Float32Array', (...row) => Float32Array.of(...row)],
  ['a Float64Array', (...row) => Float64Array.of(...row)],
  ['a subclass of Float32Array', (...row) => new (class extends Float32Array {})(row)],
  ['a Float32Array of another realm', (...row) => inRealm(`Float32Array.of(${row.join()})`)],
  ['a Float64Array of another realm', (...row) => inRealm(`Float64Array.of(${row.join()})`)],
  ['a part of a Float32Array', (...row) => Float32Array.of(9, 9, ...row, 9).subarray(2, 5)],
  [
    'a Float32Array in shared memory',
    (...row) => {
      const view = new Float32Array(new SharedArrayBuffer(12))
      view.set(row)
      return view
    },
  ],
  [
    'a Float64Array that grows with its buffer',
    (...row) => {
      const Resizable = ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer
      const buffer = new Resizable(8, { maxByteLength: 24 })
      const view = new Float64Array(buffer)
      if (view.length === 1 && 'resize' in buffer) (buffer.resize as (n: number) => void)(24)
      // Where buffers cannot grow.
      const grown = view.length === 3 ? view : new Float64Array(3)
      grown.set(row)
      return grown
    },
  ],
  ['an Int8Array', (...row) => Int8Array.of(...row)],
  ['a Uint8ClampedArray', (...row) => Uint8ClampedArray.of(...row)],
  ['a Uint32Array', (...row) => Uint32Array.of(...row)],
  ['a Buffer', (...row) => Buffer.from(row)],
]

/** What is no row of three numbers, or of others than are meant; some of it may be right, of one precision or of both. */
export const oddities: readonly [string, Maker][] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a number', () => 5],
  ['a text', () => '1,2,3'],
  ['a symbol', () => Symbol('x')],
  ['a function', () => () => [1, 2, 3]],
  ['a promise', () => Promise.resolve([1, 2, 3])],
  ['an object', () => ({ a: 1 })],
  ['something like an array', () => ({ 0: 1, 1: 2, 2: 3, length: 3 })],
  ['a Set', () => new Set([1, 2, 3])],
  ['a buffer', () => new ArrayBuffer(12)],
  ['a DataView', () => new DataView(new ArrayBuffer(12))],
  ['an empty array', () => []],
  ['one less', () => [1, 0]],
  ['one more', () => [1, 0, 0, 0]],
  ['twice as many', () => [1, 0, 0, 0, 1, 0]],
  ['texts', () => ['1', '2', '3']],
  ['a text among numbers', () => [0, 1, '0']],
  ['a null among numbers', () => [0, null, 1]],
  ['an undefined among numbers', () => [0, undefined, 1]],
  ['a hole', () => [0, , 1]],
  ['holes alone', () => new Array<number>(3)],
  ['a boolean among numbers', () => [0, true, 1]],
  ['a Number', () => [0, Object(1) as unknown, 1]],
  ['what has a value of a number', () => [0, { valueOf: () => 1 }, 0]],
  ['what is a number as a text', () => [0, { toString: () => '1' }, 0]],
  ['bigints', () => [1n, 0n, 0n]],
  ['a bigint among numbers', () => [0, 1, 0n]],
  ['an array among numbers', () => [0, 1, [0]]],
  ['NaN', () => [0, NaN, 1]],
  ['Infinity', () => [0, 1, Infinity]],
  ['-Infinity', () => [-Infinity, 1, 0]],
  ['infinities of both signs', () => [Infinity, -Infinity, 0]],
  ['more than f32 has', () => [1e39, 0, 1]],
  ['more than f32 has, negative', () => [0, -1e39, 1]],
  ['what f32 rounds to Infinity', () => [0, 3.4028235677973366e38, 1]],
  ['the most that f32 has', () => [0, 3.4028235677973362e38, 1]],
  ['less than f32 has', () => [1e-50, -1e-50, 1]],
  ['a negative zero', () => [-0, 1, -0]],
  ['a row in an array', () => [[0, 1, 0]]],
  [
    'two rows',
    () => [
      [0, 1, 0],
      [1, 0, 0],
    ],
  ],
  ['a row of two', () => [[0, 1]]],
  ['an empty Float32Array', () => new Float32Array(0)],
  ['a Float32Array of two', () => Float32Array.of(0, 1)],
  ['a Float32Array of six', () => Float32Array.of(0, 1, 0, 1, 0, 0)],
  ['NaN in a Float32Array', () => Float32Array.of(0, NaN, 1)],
  ['-Infinity in a Float32Array', () => Float32Array.of(0, 1, -Infinity)],
  ['more than f32 has, in a Float64Array', () => Float64Array.of(1e39, 0, 1)],
  ['NaN in a Float64Array', () => Float64Array.of(0, NaN, 1)],
  ['a BigInt64Array', () => BigInt64Array.of(1n, 0n, 0n)],
  ['a Float32Array that was given away', () => givenAway(Float32Array.of(0, 1, 0))],
  ['a Float64Array that was given away', () => givenAway(Float64Array.of(0, 1, 0))],
  ['a Float64Array whose buffer was made smaller', () => shrunk(new Float64Array(3))],
  ['a proxy of a Float32Array', () => new Proxy(Float32Array.of(0, 1, 0), {})],
  ['what inherits from a Float32Array', () => Object.create(Float32Array.prototype) as unknown],
  ['what inherits from a Float64Array', () => Object.create(Float64Array.of(0, 1, 0)) as unknown],
  [
    'a Float32Array without a prototype',
    () => Object.setPrototypeOf(Float32Array.of(0, 1, 0), null) as unknown,
  ],
  ['a negative number', () => [-1, 1, 1]],
  ['a sum that is not 1', () => [0.5, 0.5, 0.5]],
  ['a sum that is nearly 1', () => [0.5, 0.25, 0.2495]],
  ['a sum that is not quite nearly 1', () => [0.5, 0.25, 0.2485]],
  ['a number above 1', () => [0, 1.5, 0]],
  ['a class', () => [2]],
  ['a class that there is not', () => [3]],
  ['a half class', () => [0.5]],
  ['a class in a row', () => [[1]]],
  ['a class in a Float32Array', () => Float32Array.of(1)],
  [
    'a getter that throws',
    () =>
      Object.defineProperty([0, 1, 0], 1, {
        get() {
          throw new Error('thrown by a getter')
        },
      }),
  ],
]

/** An array as long as this one, whose buffer then has no room for it; this one where buffers cannot be resized. */
function shrunk(view: Float64Array): Float64Array {
  const Resizable = ArrayBuffer as unknown as new (bytes: number, options: object) => ArrayBuffer
  const buffer = new Resizable(24, { maxByteLength: 24 })
  if (!('resize' in buffer)) return givenAway(view)
  const resizable = new Float64Array(buffer, 0, 3)
  ;(buffer.resize as (bytes: number) => void)(16)
  return resizable
}

export function givenAway<View extends Floats>(view: View): View {
  const { buffer } = view
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })
  return view
}
