import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

describe.each(['dist/index.js', 'dist/data.js'])('%s', (file) => {
  const code = readFileSync(file, 'utf8')

  it('imports nothing: no dependencies, no Node built-ins', () => {
    expect(code.match(/^\s*(import|export)\b.*\bfrom\s|\bimport\(|\brequire\(/gm)).toBeNull()
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies?: unknown }
    expect(dependencies).toBeUndefined()
  })

  it('has no top-level await, no eval, no import.meta, no fetch', () => {
    expect(code.match(/^await\b|\beval\(|new Function\(|import\.meta/gm)).toBeNull()
  })
})

describe('dist/model.js', () => {
  const code = readFileSync('dist/model.js', 'utf8')

  it('imports the main entry alone: there is one Network', () => {
    const imports = [...code.matchAll(/^import\b[^]*?\bfrom "(.*)";$/gm)].map(([, from]) => from)
    expect(new Set(imports)).toEqual(new Set(['./index.js']))
    expect(code.match(/\bimport\(|\brequire\(|\beval\(|new Function\(|import\.meta/g)).toBeNull()
    expect(code).not.toContain('WebAssembly')
  })
})

describe('dist', () => {
  it('has the core as a file, and the declarations', () => {
    expect(readFileSync('dist/core.wasm')).toEqual(readFileSync('build/core.wasm'))
    expect(readFileSync('dist/index.d.ts', 'utf8')).toContain('Network')
    expect(readFileSync('dist/data/index.d.ts', 'utf8')).toContain('readCsv')
    expect(readFileSync('dist/model/index.d.ts', 'utf8')).toContain('Model')
  })
})
