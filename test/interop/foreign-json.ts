import fc from '../support/fast-check.js'
import { expect } from 'vitest'
import { errorDetails } from '../../src/index.js'

/** The largest difference, relative to the largest output. */
export function difference(own: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(own).toHaveLength(other.length)
  const largest = Math.max(...Array.from(other, Math.abs))
  return Math.max(...Array.from(other, (value, i) => Math.abs(value - own[i]))) / largest
}

/** What a part of a file is replaced by, made anew, as the next change may be one of it. */
function others(): unknown[] {
  return [
    undefined,
    null,
    true,
    NaN,
    -0,
    -1,
    0.5,
    3,
    1e300,
    Infinity,
    2 ** 32,
    2 ** 53,
    '',
    '0',
    'sigmoid',
    '__proto__',
    [],
    [1],
    {},
    JSON.parse('{"__proto__":{"length":3}}'),
    Object.create(null),
    new Array(4e9),
    new Map([[1, 2]]),
    new Float32Array(3),
  ]
}

/** Deletes, replaces, or renames something, or puts the whole into its part. */
type Change = readonly [
  kind: 'delete' | 'replace' | 'rename' | 'cycle',
  depth: number,
  at: number,
  other: number,
]

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('delete', 'replace', 'replace', 'rename', 'cycle'),
  fc.nat(6),
  fc.nat(1000),
  fc.nat(others().length - 1),
)

/** Changes a copy of a value from JSON.parse. */
function changed(json: unknown, changes: readonly Change[]): unknown {
  const copy = structuredClone(json)
  for (const [kind, depth, at, other] of changes) {
    let holder = copy as Record<string, unknown>
    let key = ''
    for (let d = 0; d <= depth; ++d) {
      const keys = Object.keys(holder).slice(0, 64)
      key = keys[(at + 7 * d) % keys.length] ?? ''
      const { [key]: inner } = holder
      if (d === depth || typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner)) break
      holder = inner as Record<string, unknown>
    }
    if (!Object.hasOwn(holder, key)) continue
    if (kind === 'delete') Reflect.deleteProperty(holder, key)
    else if (kind === 'replace') holder[key] = others()[other]
    else if (kind === 'cycle') holder[key] = copy
    else {
      const value = { value: holder[key], enumerable: true, configurable: true, writable: true }
      Object.defineProperty(holder, '__proto__', value)
    }
  }
  return copy
}

/** Reads a file after all kinds of changes: it takes no longer than a second, and its errors say what is wrong. */
export function survivesMutation(json: unknown, read: (json: unknown) => unknown): void {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const value = changed(json, changes)
      const start = performance.now()
      try {
        read(value)
      } catch (error) {
        if (errorDetails(error) === undefined) throw error
        expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
      }
      expect(performance.now() - start).toBeLessThan(1000)
      expect(Object.hasOwn(Object.prototype, 'length')).toBe(false)
    }),
    { numRuns: 1000 },
  )
}
