// Compiles src/ into dist/: a file of JavaScript and one of types for each.
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

rmSync(`${folder}dist`, { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [tsc, '-p', `${folder}tsconfig.build.json`], {
  stdio: 'inherit',
})
if (status === 0) chmodSync(`${folder}dist/cli.js`, 0o755)
else process.exitCode = 1
