// Compiles assembly/ to build/core.wasm, build/core.relaxed.wasm, build/core.debug.wasm and build/lzma.wasm (a warning is an error),
// and writes into src/engine/core.generated.ts what is delivered of them, as base64.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import LZMA from 'lzma'

const run = promisify(execFile)

/** @param {string} config @param {string[]} options */
async function compile(config, ...options) {
  const asc = 'node_modules/assemblyscript/bin/asc.js'
  const { stderr } = await run(process.execPath, [asc, '--config', config, ...options])
  if (stderr !== '') throw new Error(stderr)
}

await Promise.all([
  compile('asconfig.json', '--target', 'core'),
  compile('asconfig.json', '--target', 'relaxed'),
  compile('asconfig.json', '--target', 'debug'),
  compile('assembly/lzma/asconfig.json'),
])
const exact = readFileSync('build/core.wasm')
const relaxed = readFileSync('build/core.relaxed.wasm')
// The exact core first: it is decoded without the other. Without the header of 13 bytes, and the first of the range code, which is 0.
const stream = Buffer.from(LZMA.compress(Buffer.concat([exact, relaxed]), 9)).subarray(14)
writeFileSync(
  'src/engine/core.generated.ts',
  `// Written by scripts/build-core.js from assembly/.
/** The module of assembly/lzma/. */
export const decoder = '${readFileSync('build/lzma.wasm').toString('base64')}'
/** The exact core and then the relaxed one, which is nearly its copy, as one LZMA stream. */
export const cores = '${stream.toString('base64')}'
export const exactBytes = ${exact.length}
export const relaxedBytes = ${relaxed.length}
`,
)
