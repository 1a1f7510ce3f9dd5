// Compiles assembly/ to build/core.wasm, build/core.relaxed.wasm and build/core.debug.wasm (a warning is an error), and writes
// the first two as base64 into src/engine/core.generated.ts.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** @param {string} target of asconfig.json */
async function compile(target) {
  const asc = 'node_modules/assemblyscript/bin/asc.js'
  const { stderr } = await run(process.execPath, [asc, '--config', 'asconfig.json', '--target', target])
  if (stderr !== '') throw new Error(stderr)
}

/** @param {string} file */
function base64(file) {
  return readFileSync(file).toString('base64')
}

await Promise.all(['core', 'relaxed', 'debug'].map(compile))
writeFileSync(
  'src/engine/core.generated.ts',
  `// Written by scripts/build-core.js from assembly/.
export const coreBase64 = '${base64('build/core.wasm')}'
export const relaxedCoreBase64 = '${base64('build/core.relaxed.wasm')}'
`,
)
