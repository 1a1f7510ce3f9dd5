// Compiles assembly/ to build/core.wasm, build/core.relaxed.wasm, build/core.debug.wasm and build/lzma.wasm (a warning is an error).
// Of the first two it writes what ships beside them, core.dist.wasm and core.relaxed.dist.wasm, and both as text, with the last, into
// src/engine/core.generated.ts.
import binaryen from 'assemblyscript/binaryen'
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

/**
 * A core without the exports of assembly/parts.ts, and without functions that nothing calls then; the others stay as they are, and
 * as they are tested.
 *
 * @param {string} name
 */
function ship(name) {
  const core = binaryen.readBinary(readFileSync(`build/${name}.wasm`))
  const parts = readFileSync('assembly/parts.ts', 'utf8').matchAll(/^export function (\w+)/gm)
  for (const [, part] of parts) core.removeExport(part)
  core.runPasses(['remove-unused-module-elements'])
  const bytes = core.emitBinary()
  core.dispose()
  writeFileSync(`build/${name}.dist.wasm`, bytes)
  return bytes
}

await Promise.all([
  compile('asconfig.json', '--target', 'core'),
  compile('asconfig.json', '--target', 'relaxed', 'assembly/relaxed.ts'),
  compile('asconfig.json', '--target', 'debug'),
  compile('assembly/lzma/asconfig.json'),
])
const exact = ship('core')
const relaxed = ship('core.relaxed')
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
