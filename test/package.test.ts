import { readFileSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { describe, expect, it } from 'vitest'

describe.each(['dist/index.js', 'dist/data.js', 'dist/inference.js'])('%s', (file) => {
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

describe('dist/inference.js', () => {
  const code = readFileSync('dist/inference.js', 'utf8')

  it('has what loads and predicts in it, and nothing of training', () => {
    const modules = [...code.matchAll(/^\/\/ (src\/.*)$/gm)].map(([, file]) => file)
    expect(modules).toContain('src/engine/prediction-engine.ts')
    expect(modules).toContain('src/formats/safetensors-file.ts')
    for (const file of modules)
      expect(file).not.toMatch(/training|optimizer|metrics|baseline|random|network\.ts/)
    expect(code).not.toMatch(/adamw|lecunNormal|glorot|toFunction/)
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

describe('dist/selection.js', () => {
  it('imports entries alone, of which there is one each', () => {
    const code = readFileSync('dist/selection.js', 'utf8')
    const imported = Array.from(code.matchAll(/\bfrom "(.*)"/g), ([, file]) => file)
    expect(new Set(imported)).toEqual(new Set(['./index.js', './model.js']))
    expect(code).not.toMatch(/\bimport\(|\brequire\(|^await\b|\beval\(|import\.meta/m)
  })
})

describe('dist/cli.js', () => {
  const code = readFileSync('dist/cli.js', 'utf8')

  it('is a program that imports the library’s entries and modules of Node, and has its packages in it', () => {
    expect(code).toMatch(/^#!\/usr\/bin\/env node\n/)
    expect(statSync('dist/cli.js').mode & 0o111).toBe(0o111)
    const imported = [...code.matchAll(/^import [^;]*? from "([^"]+)"/gm)].map(([, name]) => name)
    expect(imported).toContain('./index.js')
    for (const name of imported)
      expect(name).toMatch(/^(\.\/(index|data|model|selection)\.js|(node:)?[a-z/]+)$/)
    const required = [...code.matchAll(/\b(?:__)?require\("([^"]+)"\)/g)].map(([, name]) => name)
    for (const name of required) expect(isBuiltin(name)).toBe(true)
    for (const name of imported.filter((name) => !name.startsWith('.'))) expect(isBuiltin(name)).toBe(true)
  })

  it('its packages are named with their licences, and are in no other entry', () => {
    const licenses = readFileSync('dist/THIRD-PARTY-LICENSES', 'utf8')
    for (const name of ['commander', 'cli-progress', 'asciichart', 'picocolors', 'string-width']) {
      expect(licenses).toContain(`${name}, part of cli.js:\n`)
    }
    for (const entry of ['index', 'data', 'inference', 'model', 'selection']) {
      expect(readFileSync(`dist/${entry}.js`, 'utf8')).not.toMatch(/commander|asciichart|picocolors/)
    }
  })
})

describe('dist', () => {
  it('has the core as a file, and the declarations', () => {
    expect(readFileSync('dist/core.wasm')).toEqual(readFileSync('build/core.dist.wasm'))
    expect(readFileSync('dist/index.d.ts', 'utf8')).toContain('Network')
    expect(readFileSync('dist/data/index.d.ts', 'utf8')).toContain('readCsv')
    expect(readFileSync('dist/inference/index.d.ts', 'utf8')).toContain('Predictor')
    expect(readFileSync('dist/model/index.d.ts', 'utf8')).toContain('Model')
    expect(readFileSync('dist/selection/index.d.ts', 'utf8')).toContain('crossValidate')
  })
})
