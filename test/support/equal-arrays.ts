import { expect } from 'vitest'

/**
 * Typed arrays of the same kind and bytes are equal: one comparison of memory, where vitest looks at number by number,
 * which took half of the time of all tests. Whatever differs is left to vitest, which knows how to show it.
 */
expect.addEqualityTesters([
  (a: unknown, b: unknown): true | undefined => {
    if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return undefined
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || a.byteLength !== b.byteLength)
      return undefined
    const [bytes, others] = [a, b].map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength))
    return bytes.equals(others) ? true : undefined
  },
])
