// Bundles src/ into dist/, one file an entry, writes the declarations beside them, and copies the core and the licences.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

/** Entries by the name of their file in dist. */
const entries = {
  index: 'src/index.ts',
  data: 'src/data/index.ts',
  model: 'src/model/index.ts',
  selection: 'src/selection/index.ts',
}

/**
 * What an entry imports of another one it imports of that one's file in dist: there is one Network, whoever asks for it.
 *
 * @type {import('esbuild').Plugin}
 */
const oneOfEach = {
  name: 'one-of-each',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/(.*\/)?index\.js$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path.replace(/\.js$/, '.ts'))
      const name = Object.entries(entries).find(([, entry]) => resolve(entry) === file)?.[0]
      return name === undefined ? undefined : { path: `./${name}.js`, external: true }
    })
  },
}

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: entries,
  plugins: [oneOfEach],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: true,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  legalComments: 'none',
})
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  stdio: 'inherit',
})
copyFileSync('build/core.dist.wasm', 'dist/core.wasm')
const license = readFileSync('node_modules/assemblyscript/LICENSE', 'utf8')
writeFileSync(
  'dist/THIRD-PARTY-LICENSES',
  `AssemblyScript, whose standard library is compiled into core.wasm where that uses it:\n\n${license}`,
)
