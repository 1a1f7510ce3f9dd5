import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { FIRST_ADDRESS } from '../../src/engine/wasm/reservation.js'
import { committed, outcomes } from '../support/outcomes.js'

/** One byte past the last that instantiating the module writes into a memory of zeros; 0 if it writes none. */
function staticDataEnd(bytes: Uint8Array<ArrayBuffer>): number {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16 })
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, abort: () => undefined } })
  const contents = new Uint8Array(memory.buffer)
  let end = contents.length
  while (end > 0 && contents[end - 1] === 0) --end
  return end
}

describe.each(['core', 'core.relaxed', 'core.dist', 'core.relaxed.dist', 'inference'])('%s.wasm', (name) => {
  const bytes = readFileSync(`build/${name}.wasm`)

  const isValid = WebAssembly.validate(bytes)
  const reason = isValid ? '' : ' (SKIPPED: this engine has no relaxed SIMD)'

  it.skipIf(!isValid)(`imports exactly env.memory${reason}`, () => {
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ])
  })

  it.skipIf(!isValid)(`leaves the memory from the layout's first byte on as it is${reason}`, () => {
    expect(staticDataEnd(bytes)).toBeLessThanOrEqual(FIRST_ADDRESS)
  })
})

describe('core.dist.wasm', () => {
  it('stays under 24 KB gzipped', () => {
    const bytes = readFileSync('build/core.dist.wasm')
    expect(gzipSync(bytes, { level: 9 }).length).toBeLessThan(24 * 1024)
  })
})

it('the cores that ship have the exports and the sizes that are committed', async () => {
  const found = await outcomes['core.json']()
  expect(found, '`npm run golden` says what has changed; see test/fixtures/README.md').toEqual(
    committed('core.json'),
  )
})

describe('core.debug.wasm', () => {
  it("leaves the memory from the layout's first byte on as it is", () => {
    const end = staticDataEnd(readFileSync('build/core.debug.wasm'))
    expect(end).toBeGreaterThan(0) // the file names in its assertions: what is looked for can be found
    expect(end).toBeLessThanOrEqual(FIRST_ADDRESS)
  })
})
