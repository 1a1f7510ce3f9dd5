// Bundles src/ into dist/, one file per entry, adds the declarations, and copies the cores and the licences.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { declarationsOf } from './declarations.js'
import { entries } from './entries.js'

/**
 * Makes an entry import another entry from its file in dist/, so that there is only one Network, whichever entry it is
 * imported from.
 *
 * @type {import('esbuild').Plugin}
 */
const oneOfEach = {
  name: 'one-of-each',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/(.*\/)?index\.js$/ }, ({ path, resolveDir }) => {
      const source = resolve(resolveDir, path.replace(/\.js$/, '.ts'))
      const found = entries.find((entry) => resolve(entry.source) === source)
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

/** The folders of the packages that are part of a bundle. @param {import('esbuild').Metafile} metafile */
function packagesIn({ inputs }) {
  const folders = Object.keys(inputs).map(
    (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0],
  )
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort()
}

/** @param {string} folder of a package @param {string} file of dist/ that it is part of */
function licenseOf(folder, file) {
  const name = folder.replace(/^.*node_modules\//, '')
  const license = readdirSync(folder).find((entry) => /^licen[cs]e\b/i.test(entry))
  if (license === undefined) throw new Error(`${folder}: no licence found`)
  return `${name}, part of ${file}:\n\n${readFileSync(join(folder, license), 'utf8').trim()}\n`
}

// First, so that what does not compile leaves dist/ as it is: half of it would bury the one error among thousands.
const declarations = declarationsOf(entries.map(({ source }) => source))
rmSync('dist', { recursive: true, force: true })
await build({
  ...shared,
  entryPoints: Object.fromEntries(entries.map(({ name, source }) => [name, source])),
  platform: 'neutral',
  external: ['node:*'],
})
const { metafile } = await build({
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
  ...packagesIn(metafile).map((folder) => licenseOf(folder, 'cli.js')),
]
writeFileSync('dist/THIRD-PARTY-LICENSES', licenses.join('\n---\n\n'))
