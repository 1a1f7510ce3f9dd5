// Compiles src/ into dist/: a file of JavaScript and one of types for each. What it has of deltaprop's own command, which no entry
// exports, is copied before.
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

const shared = 'src/cli/npm-shell.ts'
writeFileSync(
  `${folder}src/npm-shell.generated.ts`,
  `// Written by build.js from deltaprop's ${shared}.\n${readFileSync(`${folder}../../${shared}`, 'utf8')}`,
)
rmSync(`${folder}dist`, { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [tsc, '-p', `${folder}tsconfig.build.json`], {
  stdio: 'inherit',
})
if (status === 0) chmodSync(`${folder}dist/cli.js`, 0o755)
else process.exitCode = 1
