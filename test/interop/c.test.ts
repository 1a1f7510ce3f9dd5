import { describe, expect, it } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import { Network } from '../../src/index.js'
import { toC } from '../../src/interop/index.js'

function headerOf(name: (typeof activationNames)[number]): string {
  return toC(
    new Network([2, 3, 2], { activation: { hidden: name === 'softmax' ? 'relu' : name, output: name } }),
  )
}

describe('on AVR', () => {
  it.each(activationNames)('%s calls nothing that avr-libc lacks', (name) => {
    const onAVR = headerOf(name).replaceAll(/#else\n[^]*?#endif\n/g, '')
    const called = Array.from(onAVR.matchAll(/\b[a-z]\w*(?=\()/g), ([callee]) => callee)
    const own = called.filter((callee) => callee.startsWith('predict'))
    const ofLibrary = ['expf', 'fabsf', 'logf', 'tanhf', 'pgm_read_float', 'for']
    expect(called.filter((callee) => !own.includes(callee) && !ofLibrary.includes(callee))).toEqual([])
    for (const callee of own) expect(onAVR).toMatch(new RegExp(`\\b(float|void) ${callee}\\(`))
  })

  it('what it lacks is there only where it is called', () => {
    expect(headerOf('gelu')).toContain('#ifdef __AVR__ /* avr-libc has no erff */')
    expect(headerOf('tanh').match(/__AVR__/g)).toHaveLength(1)
  })
})

it.each(['for', 'class', 'expf', 'erff', 'tanh', 'main', '_Bool', '2x'])(
  'no function may be called %s',
  (name) => {
    expect(() => toC(new Network([2, 1]), { name })).toThrow(/^name: expected /)
  },
)
