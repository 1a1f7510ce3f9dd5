import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

interface Committed {
  readonly exports: string[]
  readonly bytes: number
}

const committed = JSON.parse(readFileSync('test/fixtures/core.json', 'utf8')) as Committed

describe.each(['core', 'core.relaxed'])('%s.wasm', (name) => {
  const bytes = readFileSync(`build/${name}.wasm`)

  it('imports exactly env.memory', () => {
    if (!WebAssembly.validate(bytes)) {
      console.info(`${name}: this engine has no relaxed SIMD, its imports are not listed`)
      return
    }
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

  it('has the exports and the size that are committed in test/fixtures/core.json', () => {
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name)
    expect({ exports: exports.sort(), bytes: bytes.length }).toEqual(committed)
  })
})
