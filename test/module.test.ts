import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

describe.each(['core', 'core.relaxed'])('%s.wasm', (name) => {
  const bytes = readFileSync(`build/${name}.wasm`)

  const isValid = WebAssembly.validate(bytes)
  const reason = isValid ? '' : ' (SKIPPED: this engine has no relaxed SIMD)'

  it.skipIf(!isValid)(`imports exactly env.memory${reason}`, () => {
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ])
  })

  it('stays under 24 KB gzipped', () => {
    expect(gzipSync(bytes, { level: 9 }).length).toBeLessThan(24 * 1024)
  })
})

describe('core.wasm', () => {
  const bytes = readFileSync('build/core.wasm')

  it('has the exports and the size that are committed', async () => {
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name)
    const found = { bytes: bytes.length, exports: exports.sort() }
    await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot('fixtures/core.json')
  })
})
