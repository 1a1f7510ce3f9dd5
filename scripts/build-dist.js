// Bundles src/ into dist/index.js and dist/data.js, writes the declarations beside it, and copies the core and the licences.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: { index: 'src/index.ts', data: 'src/data/index.ts' },
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
const loader = readFileSync('node_modules/assemblyscript/LICENSE', 'utf8')
writeFileSync('dist/THIRD-PARTY-LICENSES', `@assemblyscript/loader, part of index.js:\n\n${loader}`)
