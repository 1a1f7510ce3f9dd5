import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entries, parts } from '../../scripts/entries.js'

/** Of modules of a Node that has them in no other way: their names are none that a bundler would look for. */
const forOldNode = ['/* webpackIgnore: true */ /* @vite-ignore */ name']

function computedImports(code: string): string[] {
  return Array.from(code.matchAll(/\bimport\(([^)]*)\)/g), ([, name]) => name.replace(/\s+/g, ' ').trim())
}

/** What the bundle of an entry may import: other entries, and of Node's modules those of its prefix. */
const imports: Readonly<Record<string, readonly string[]>> = {
  index: [],
  baseline: [],
  data: [],
  inference: [],
  interop: ['./inflate.js'],
  model: ['./index.js'],
  node: ['./index.js', 'node:'],
  relaxed: [],
  scoring: [],
  selection: ['./index.js', './model.js'],
}

it('every entry imports what is said of it here', () => {
  expect(Object.keys(imports)).toEqual(entries.map(({ name }) => name))
  for (const { name, bundle } of entries) {
    const code = readFileSync(bundle, 'utf8')
    const froms = Array.from(code.matchAll(/^(?:import|export)\b[^;]*?\bfrom "(.*)";$/gm), ([, from]) => from)
    const kinds = froms.map((from) => (from.startsWith('node:') ? 'node:' : from))
    expect(Array.from(new Set(kinds)).sort(), bundle).toEqual(imports[name])
  }
})

describe.each(['dist/index.js', 'dist/baseline.js', 'dist/data.js', 'dist/inference.js', 'dist/relaxed.js'])(
  '%s',
  (file) => {
    const code = readFileSync(file, 'utf8')

    it('imports nothing: no dependencies, no Node built-ins', () => {
      expect(code.match(/^\s*(import|export)\b.*\bfrom\s|\brequire\(/gm)).toBeNull()
      expect(computedImports(code)).toEqual(file === 'dist/index.js' ? forOldNode : [])
      const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies?: unknown }
      expect(dependencies).toBeUndefined()
    })

    it('has no top-level await, no eval, no import.meta, no fetch', () => {
      expect(code.match(/^await\b|\beval\(|new Function\(|import\.meta/gm)).toBeNull()
    })
  },
)

describe('dist/interop.js', () => {
  it('has neither a network nor a core, and one package', () => {
    const code = readFileSync('dist/interop.js', 'utf8')
    expect(code).not.toMatch(/WebAssembly|class Network|class Model\b|\beval\(|new Function\(|import\.meta/)
    const modules = [...code.matchAll(/^\/\/ (.*node_modules\/.*)$/gm)].map(([, file]) => file)
    for (const file of modules) expect(file).toMatch(/^node_modules\/@bufbuild\/protobuf\//)
  })
})

describe('dist/inference.js', () => {
  const code = readFileSync('dist/inference.js', 'utf8')

  it('has what loads and predicts in it, and nothing of training', () => {
    const modules = [...code.matchAll(/^\/\/ (src\/.*)$/gm)].map(([, file]) => file)
    expect(modules).toContain('src/engine/wasm/prediction-engine.ts')
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
    expect(computedImports(code)).toEqual(forOldNode)
    expect(code).not.toMatch(/\brequire\(|^await\b|\beval\(|import\.meta/m)
  })
})

describe('dist/node.js', () => {
  it('imports the main entry, of which there is one, and modules of Node; and has all its names', () => {
    const code = readFileSync('dist/node.js', 'utf8')
    const imported = Array.from(code.matchAll(/\bfrom "(.*)"/g), ([, file]) => file)
    expect(imported).toContain('./index.js')
    for (const name of imported) expect(name).toMatch(/^(\.\/index\.js|node:[a-z/]+)$/)
    expect(code).toMatch(/^export \* from "\.\/index\.js";$/m)
    expect(code).not.toMatch(/\brequire\(|^await\b|\beval\(|import\.meta/m)
  })

  it('loads the readers of other tools for a file of one, and nothing else then', () => {
    const code = readFileSync('dist/node.js', 'utf8')
    expect(Array.from(code.matchAll(/\bimport\((.*?)\)/g), ([, name]) => name)).toEqual(['"./interop.js"'])
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
      expect(name).toMatch(/^(\.\/(index|baseline|data|interop|model|selection)\.js|(node:)?[a-z/]+)$/)
    const required = [...code.matchAll(/\b(?:__)?require\("([^"]+)"\)/g)].map(([, name]) => name)
    for (const name of required) expect(isBuiltin(name)).toBe(true)
    for (const name of imported.filter((name) => !name.startsWith('.'))) expect(isBuiltin(name)).toBe(true)
  })

  it('its packages are named with their licences, and are in no other entry', () => {
    const licenses = readFileSync('dist/THIRD-PARTY-LICENSES', 'utf8')
    for (const name of ['commander', 'cli-progress', 'asciichart', 'picocolors', 'string-width']) {
      expect(licenses).toContain(`${name}, part of cli.js:\n`)
    }
    expect(licenses).toContain('@bufbuild/protobuf, part of interop.js:\n')
    for (const notice of [
      'Copyright 2008 Google Inc.',
      'Buf Technologies, Inc.',
      'TERMS AND CONDITIONS FOR USE',
    ]) {
      expect(licenses).toContain(notice)
    }
    for (const { bundle } of entries) {
      expect(readFileSync(bundle, 'utf8')).not.toMatch(/commander|asciichart|picocolors/)
    }
  })
})

it('every entry is on the page of the API', () => {
  const { entryPoints } = JSON.parse(readFileSync('typedoc.json', 'utf8')) as { entryPoints: string[] }
  expect(entryPoints).toEqual(entries.map(({ source }) => source))
})

describe('the package', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | { types: string; default: string }>
    bin: Record<string, string>
    sideEffects: unknown
  }
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : [target.types, target.default],
  )
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
  ) as { files: { path: string }[] }[]
  const packed = files.map(({ path }) => path).sort()
  const bundles = ['cli', ...[...entries, ...parts].map(({ name }) => name)]

  it('has the entries with their source maps, the cores, declarations, the licences, the flowers of the README, and nothing else', () => {
    const declarations = packed.filter((path) => path.endsWith('.d.ts'))
    expect(packed.filter((path) => !declarations.includes(path))).toEqual(
      [
        'LICENSE',
        'README.md',
        'package.json',
        'examples/data/README.md',
        'examples/data/iris.csv',
        'dist/THIRD-PARTY-LICENSES',
        'dist/core.relaxed.wasm',
        'dist/core.wasm',
        ...bundles.flatMap((entry) => [`dist/${entry}.js`, `dist/${entry}.js.map`]),
      ].sort(),
    )
    expect(declarations.filter((path) => !path.startsWith('dist/'))).toEqual([])
    expect(
      packed.filter((path) => /\b(cli|baseline\/(?!index)|threads|worker|generated)\b.*\.d\.ts$/.test(path)),
    ).toEqual([])
  })

  it('has what is exported, and needs no other package', () => {
    for (const target of [...targets, ...Object.values(manifest.bin)]) {
      expect(packed).toContain(target.replace(/^\.\//, ''))
    }
    expect(Object.keys(manifest).filter((name) => /dependencies$/i.test(name))).toEqual(['devDependencies'])
    expect(manifest.sideEffects).toBe(false)
  })

  it('has all declarations that an entry reaches, and no others', () => {
    const reached = new Set(
      targets.filter((target) => target.endsWith('.d.ts')).map((target) => join(target)),
    )
    for (const file of reached) {
      const code = readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\//g, '')
      for (const [, path] of code.matchAll(/\b(?:from|import\() ?["'](\..*?)\.js["']/g)) {
        reached.add(join(dirname(file), `${path}.d.ts`))
      }
    }
    expect([...reached].sort()).toEqual(packed.filter((path) => path.endsWith('.d.ts')))
  })

  it.each([
    ['of Node', entries, ['--lib', 'es2022', '--types', 'node']],
    ['of browsers', entries.filter(({ name }) => name !== 'node'), ['--lib', 'es2022,dom']],
  ])('has declarations without errors in projects %s', (_, some, options) => {
    const file = 'build/consumer.ts'
    const imports = some.map(({ name, specifier }) => `export * as ${name} from '${specifier}'\n`)
    writeFileSync(file, imports.join(''))
    const general = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      '--module',
      'nodenext',
    ]
    const args = ['node_modules/typescript/bin/tsc', ...general, '--target', 'es2022', ...options, file]
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout).toBe('')
  })

  it.each(bundles)('the source map of %s.js is found, and has the text of every source', (entry) => {
    const code = readFileSync(`dist/${entry}.js`, 'utf8')
    expect(code).toMatch(new RegExp(`^//# sourceMappingURL=${entry}\\.js\\.map$`, 'm'))
    const { sources, sourcesContent } = JSON.parse(readFileSync(`dist/${entry}.js.map`, 'utf8')) as {
      sources: string[]
      sourcesContent: unknown[]
    }
    expect(sources.length).toBeGreaterThan(0)
    expect(sourcesContent).toHaveLength(sources.length)
    for (const [i, source] of sources.entries()) expect(sourcesContent[i], source).toEqual(expect.any(String))
  })

  it.each(['core', 'core.relaxed'])('has %s.wasm as it is built, which setCore knows', (core) => {
    expect(readFileSync(`dist/${core}.wasm`)).toEqual(readFileSync(`build/${core}.dist.wasm`))
    const program = `
      import { readFileSync } from 'node:fs'
      import { Network, setCore } from 'deltaprop'
      import { relaxed } from 'deltaprop/relaxed'
      setCore(new WebAssembly.Module(readFileSync(new URL(import.meta.resolve('deltaprop/${core}.wasm')))))
      const net = new Network([2, 3, 1], { arithmetic: ${core === 'core' ? 'relaxed' : "'exact'"} })
      console.log(net.engine, net.arithmetic, Number.isFinite(net.predict([1, 2])[0]))`
    // Node 20 has relaxed SIMD behind a flag.
    const flags = Number.parseInt(process.versions.node) < 21 ? ['--experimental-wasm-relaxed-simd'] : []
    const args = [...flags, '--input-type=module', '--eval', program]
    const printed = execFileSync(process.execPath, args, { encoding: 'utf8' })
    expect(printed).toBe(`wasm ${core === 'core' ? 'exact' : 'relaxed'} true\n`)
  })
})
