// Bundles src/ into dist/, one file an entry, writes the declarations beside them, and copies the core and the licences.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

const main = resolve('src/index.ts')

/**
 * What another entry imports of src/index.ts it imports of dist/index.js: there is one Network, whoever asks for it.
 *
 * @type {import('esbuild').Plugin}
 */
const oneMain = {
  name: 'one-main',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/(.*\/)?index\.js$/ }, ({ path, resolveDir }) => {
      const isMain = resolve(resolveDir, path.replace(/\.js$/, '.ts')) === main
      return isMain ? { path: './index.js', external: true } : undefined
    })
  },
}

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: { index: main, data: 'src/data/index.ts', selection: 'src/selection/index.ts' },
  plugins: [oneMain],
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
copyFileSync('build/core.wasm', 'dist/core.wasm')
const license = readFileSync('node_modules/assemblyscript/LICENSE', 'utf8')
writeFileSync(
  'dist/THIRD-PARTY-LICENSES',
  `AssemblyScript, whose standard library is compiled into core.wasm where that uses it:\n\n${license}`,
)
