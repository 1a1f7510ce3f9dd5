import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { isBytes, typedArrayTag } from '../../src/base/check.js'

it('typed arrays are known by their tag, whatever realm they are of', () => {
  const make = (code: string): unknown => runInNewContext(code)
  expect(typedArrayTag(make('new Float32Array(2)'))).toBe('Float32Array')
  for (const bytes of [new Uint8Array(2), Buffer.from('ab'), make('new Uint8Array(2)')]) {
    expect(isBytes(bytes)).toBe(true)
  }
})

it('nothing else is one, whatever it says of itself', () => {
  const fake = { [Symbol.toStringTag]: 'Uint8Array', length: 2, 0: 1, 1: 2 }
  for (const value of [fake, [1, 2], new DataView(new ArrayBuffer(2)), new ArrayBuffer(2), 'ab', null]) {
    expect(typedArrayTag(value)).toBeUndefined()
  }
})
