// Compiles assembly/ to build/core.wasm, build/core.relaxed.wasm and build/core.debug.wasm (a warning is an error), and writes
// the first two as base64 into src/engine/core.generated.ts.
import { readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

const targets = ['core', 'relaxed', 'debug']

for (const target of targets) {
  const { error, stderr } = await asc.main(['--config', 'asconfig.json', '--target', target])
  const messages = String(stderr)
  process.stderr.write(messages)
  if (error !== null || messages !== '') process.exit(1)
}

/** @param {string} file */
const base64 = (file) => readFileSync(file).toString('base64')
writeFileSync(
  'src/engine/core.generated.ts',
  `// Written by scripts/build-core.js from assembly/.
export const coreBase64 = '${base64('build/core.wasm')}'
export const relaxedCoreBase64 = '${base64('build/core.relaxed.wasm')}'
`,
)
