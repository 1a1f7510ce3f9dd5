import { afterEach, describe, expect, it } from 'vitest'
import { locationKey } from '../../src/platform/replace.js'

const { platform } = process
const runOn = (value: string): void => void Object.defineProperty(process, 'platform', { value })
const files = { stat: () => Promise.resolve({ dev: 1n, ino: 2n } as never) }
const identity = (name: string): Promise<string> => locationKey(files, { folder: '/runs', name })

describe('two names of files that are not there yet', () => {
  afterEach(() => runOn(platform))

  it.each([
    ['linux', false],
    ['darwin', true],
    ['win32', true],
  ])('on %s are one place if they differ in case alone: %s', async (system, isOne) => {
    runOn(system)
    expect((await identity('Net.safetensors')) === (await identity('net.SafeTensors'))).toBe(isOne)
    expect((await identity('caf\u00e9')) === (await identity('cafe\u0301'))).toBe(isOne)
    expect(await identity('a')).not.toBe(await identity('b'))
  })
})
