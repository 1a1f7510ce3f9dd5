// Bundles src/ into dist/, one file per entry, adds the declarations, and copies the cores and the licences.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { declarationsOf } from './declarations.js'
import { entries, parts } from './entries.js'

/** What is a file of dist/. */
const files = [...entries, ...parts]

/** What others import from there; relaxed is no class or function of which there should be one. */
const imported = [...entries.filter(({ source }) => source.endsWith('/index.ts')), ...parts]

/**
 * Makes an entry import another entry, or a part, from its file in dist/, so that there is only one Network, whichever
 * entry it is imported from.
 *
 * @type {import('esbuild').Plugin}
 */
const oneOfEach = {
  name: 'one-of-each',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, resolveDir }) => {
      const source = resolve(resolveDir, path.replace(/\.js$/, '.ts'))
      const found = imported.find((file) => resolve(file.source) === source)
      return found && { path: `./${found.name}.js`, external: true }
    })
  },
}

/** @satisfies {import('esbuild').BuildOptions} */
const shared = {
  plugins: [oneOfEach],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: true,
  mainFields: ['module', 'main'],
  legalComments: 'none',
}

/**
 * The licences of the packages that are part of bundles.
 *
 * @param {import('esbuild').Metafile} metafile
 */
function licensesOf({ outputs }) {
  return Object.entries(outputs).flatMap(([file, { inputs }]) => {
    /** @type {Map<string, string[]>} */
    const packages = new Map()
    for (const input of Object.keys(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]
      if (folder !== undefined) packages.set(folder, [...(packages.get(folder) ?? []), input])
    }
    const sorted = [...packages].sort(([one], [other]) => (one < other ? -1 : 1))
    return sorted.map(([folder, sources]) => licenseOf(folder, sources, file.replace(/^dist\//, '')))
  })
}

/**
 * @param {string} folder of a package
 * @param {readonly string[]} sources those of its files that are part of the bundle
 * @param {string} file of dist/
 */
function licenseOf(folder, sources, file) {
  const name = folder.replace(/^.*node_modules\//, '')
  const license = readdirSync(folder).find((entry) => /^licen[cs]e\b/i.test(entry))
  const text =
    license === undefined ? noticesOf(folder, sources) : readFileSync(join(folder, license), 'utf8').trim()
  return `${name}, part of ${file}:\n\n${text}\n`
}

/**
 * The notices with which the sources of a package without a licence's file begin, each once; and the Apache License, if
 * they are under it, as TypeScript's package has it.
 *
 * @param {string} folder @param {readonly string[]} sources
 */
function noticesOf(folder, sources) {
  const texts = sources.map((source) => /^(\/\/.*\n)+/.exec(readFileSync(source, 'utf8'))?.[0] ?? '')
  const notices = [...new Set(texts.map((text) => text.replace(/^\/\/ ?/gm, '').trim()))].filter(Boolean)
  if (notices.length === 0) throw new Error(`${folder}: no licence found`)
  const isApache = notices.some((notice) => notice.includes('Apache License, Version 2.0'))
  const apache = isApache ? [readFileSync('node_modules/typescript/LICENSE.txt', 'utf8').trim()] : []
  return [...notices, ...apache].join('\n\n')
}

// First, so that what does not compile leaves dist/ as it is: half of it would bury the one error among thousands.
const declarations = declarationsOf(entries.map(({ source }) => source))
rmSync('dist', { recursive: true, force: true })
const library = await build({
  ...shared,
  entryPoints: Object.fromEntries(files.map(({ name, source }) => [name, source])),
  platform: 'neutral',
  external: ['node:*'],
  metafile: true,
})
const cli = await build({
  ...shared,
  entryPoints: { cli: 'src/cli/index.ts' },
  platform: 'node',
  metafile: true,
  // CommonJS packages load Node's modules with require.
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)",
  },
})
chmodSync('dist/cli.js', 0o755)
for (const [file, text] of declarations) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
copyFileSync('build/core.dist.wasm', 'dist/core.wasm')
copyFileSync('build/core.relaxed.dist.wasm', 'dist/core.relaxed.wasm')
const license = readFileSync('node_modules/assemblyscript/LICENSE', 'utf8').trim()
const licenses = [
  `AssemblyScript, whose standard library is compiled into core.wasm where that uses it:\n\n${license}\n`,
  ...licensesOf(library.metafile),
  ...licensesOf(cli.metafile),
]
writeFileSync('dist/THIRD-PARTY-LICENSES', licenses.join('\n---\n\n'))
