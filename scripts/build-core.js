// Compiles assembly/ to build/core.wasm, build/core.relaxed.wasm, build/core.debug.wasm, build/inference.wasm and build/lzma.wasm
// (a warning is an error).
// Of the first two it writes what ships beside them, core.dist.wasm and core.relaxed.dist.wasm, and both as text into
// src/engine/wasm/core.generated.ts; build/inference.wasm and build/lzma.wasm into files of their own.
// What TypeScript knows of the kernels is written with the first, by scripts/layout.js.
// The bytes that ship are those that AssemblyScript, its Binaryen and lzma give, so package.json has one exact version of each: another
// is an update of its own, which compares what is built, see test/fixtures/README.md.
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
 * A core without the exports of assembly/test-exports.ts, and without functions that nothing calls then; the others stay as they are, and
 * as they are tested.
 *
 * @param {string} name
 */
function ship(name) {
  const core = binaryen.readBinary(readFileSync(`build/${name}.wasm`))
  const parts = readFileSync('assembly/test-exports.ts', 'utf8').matchAll(/^export function (\w+)/gm)
  for (const [, part] of parts) core.removeExport(part)
  core.runPasses(['remove-unused-module-elements'])
  const bytes = core.emitBinary()
  core.dispose()
  writeFileSync(`build/${name}.dist.wasm`, bytes)
  return bytes
}

/**
 * The core that predicts alone, optimised once more for its size, which takes nothing from its loops.
 *
 * @returns {Uint8Array}
 */
function shipInference() {
  const core = binaryen.readBinary(readFileSync('build/inference.wasm'))
  binaryen.setOptimizeLevel(2)
  binaryen.setShrinkLevel(2)
  core.optimize()
  const bytes = core.emitBinary()
  core.dispose()
  writeFileSync('build/inference.wasm', bytes)
  return bytes
}

/**
 * Bytes as one LZMA stream in base64, without its header of 13 bytes, and the first of the range code, which is 0.
 *
 * @param {Uint8Array} bytes
 */
function pack(bytes) {
  return Buffer.from(LZMA.compress(bytes, 9)).subarray(14).toString('base64')
}

/** @param {string} name @param {string} code */
function generate(name, code) {
  const comment = '// Written by scripts/build-core.js from assembly/.\n'
  writeFileSync(`src/engine/wasm/${name}.generated.ts`, comment + code)
}

await Promise.all([
  compile('asconfig.json', '--target', 'core', '--transform', './scripts/layout.js'),
  compile('asconfig.json', '--target', 'relaxed', 'assembly/relaxed.ts'),
  compile('asconfig.json', '--target', 'debug'),
  compile('assembly/inference/asconfig.json'),
  compile('assembly/lzma/asconfig.json'),
])
const exact = ship('core')
const relaxed = ship('core.relaxed')
const inference = shipInference()
// The exact core first: it is decoded without the other.
generate(
  'core',
  `/** The exact core and then the relaxed one, which is nearly its copy, as one LZMA stream. */
export const cores = '${pack(Buffer.concat([exact, relaxed]))}'
export const exactBytes = ${exact.length}
export const relaxedBytes = ${relaxed.length}
`,
)
generate(
  'prediction-core',
  `/** The core that predicts alone, as an LZMA stream. */
export const predictionCore = '${pack(inference)}'
export const predictionBytes = ${inference.length}
`,
)
generate(
  'lzma',
  `/** The module of assembly/lzma/. */
export const decoder = '${readFileSync('build/lzma.wasm').toString('base64')}'
`,
)
