// Compiles assembly/ to build/core.wasm, build/core.relaxed.wasm, build/core.debug.wasm, build/inference.wasm and
// build/lzma.wasm (a warning is an error).
// From the first two it makes the versions that ship, core.dist.wasm and core.relaxed.dist.wasm, and writes both as
// text to src/engine/wasm/core.generated.ts and relaxed-core.generated.ts; build/inference.wasm and build/lzma.wasm go
// into separate files. Compiling the first also runs scripts/layout.js, which writes what TypeScript knows about the
// kernels.
// The bytes that ship depend on AssemblyScript, its Binaryen and lzma, so package.json pins an exact version of each:
// moving to another is a separate update, which compares the output of the build, see test/fixtures/README.md.
// Where nothing of that has changed since the last time, what is there is kept: compiling takes most of a minute.
import binaryen from 'assemblyscript/binaryen'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import LZMA from 'lzma'
import { isCurrent, stamp } from './stamp.js'

const making = {
  inputs: [
    ...['assembly', 'asconfig.json', 'scripts/build-core.js', 'scripts/layout.js'],
    ...['assemblyscript', 'binaryen', 'lzma'].map((name) => `node_modules/${name}/package.json`),
  ],
  outputs: [
    ...['core', 'core.dist', 'core.relaxed', 'core.relaxed.dist', 'core.debug', 'inference', 'lzma'].map(
      (name) => `build/${name}.wasm`,
    ),
    ...['core', 'layout', 'lzma', 'prediction-core', 'relaxed-core'].map(
      (name) => `src/engine/wasm/${name}.generated.ts`,
    ),
  ],
  stamp: 'build/core.stamp',
}
if (isCurrent(making)) process.exit()

const run = promisify(execFile)

/** @param {string} config @param {string[]} options */
async function compile(config, ...options) {
  const asc = 'node_modules/assemblyscript/bin/asc.js'
  const { stderr } = await run(process.execPath, [asc, '--config', config, ...options])
  if (stderr !== '') throw new Error(stderr)
}

/**
 * Strips a core of the exports of assembly/test-exports.ts, and of functions that nothing calls any more; the others
 * are unchanged, exactly as tested. Adds an empty section that names its layout.
 *
 * @param {string} name
 */
function ship(name) {
  const core = binaryen.readBinary(readFileSync(`build/${name}.wasm`))
  const parts = readFileSync('assembly/test-exports.ts', 'utf8').matchAll(/^export function (\w+)/gm)
  for (const [, part] of parts) core.removeExport(part)
  const layout = /LAYOUT = '(\w+)'/.exec(readFileSync('src/engine/wasm/layout.generated.ts', 'utf8'))?.[1]
  if (layout === undefined)
    throw new Error('src/engine/wasm/layout.generated.ts: expected the name of the layout')
  // As a section, which costs an instance nothing: an exported global made a network a quarter slower to make (measured).
  core.addCustomSection(layout, new Uint8Array())
  core.runPasses(['remove-unused-module-elements'])
  const bytes = core.emitBinary()
  core.dispose()
  writeFileSync(`build/${name}.dist.wasm`, bytes)
  return bytes
}

/**
 * The prediction-only core, optimised once more for size, which does not slow down its loops.
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
 * Bytes as one LZMA stream, without its 13-byte header and without the first byte of the range code, which is 0.
 *
 * @param {Uint8Array} bytes
 */
function packBytes(bytes) {
  return Buffer.from(LZMA.compress(bytes, 9)).subarray(14)
}

/** The same in base64. @param {Uint8Array} bytes */
function pack(bytes) {
  return packBytes(bytes).toString('base64')
}

/**
 * How many bytes of a stream, in whole base64 groups, are enough to decode its beginning.
 *
 * @param {Uint8Array} bytes what the stream begins with, decoded
 * @param {Buffer} stream
 */
function lengthOf(bytes, stream) {
  const decoder = new WebAssembly.Module(readFileSync('build/lzma.wasm'))
  let length = 0
  for (let step = 2 ** 20; step > 0; step >>= 1) {
    if (length + step < stream.length && !decodes(decoder, stream.subarray(0, length + step), bytes))
      length += step
  }
  return Math.min(stream.length, Math.ceil((length + 1) / 3) * 3)
}

/**
 * Whether a stream begins with the expected bytes when decoded, which is done as in src/engine/wasm/unpack.ts.
 *
 * @param {WebAssembly.Module} decoder
 * @param {Uint8Array} stream
 * @param {Uint8Array} expected
 */
function decodes(decoder, stream, expected) {
  const [out, start] = [16_384, 16_384 + expected.length]
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 65_536 })
  const bytes = new Uint8Array(memory.buffer)
  bytes.set(stream, start)
  const { exports } = new WebAssembly.Instance(decoder, { env: { memory } })
  const { decode } = /** @type {{ decode: (...args: number[]) => number }} */ (
    /** @type {unknown} */ (exports)
  )
  if (decode(out, expected.length, start, start + stream.length) === 0) return false
  return Buffer.compare(bytes.subarray(out, start), expected) === 0
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
// Both go into one stream, since the relaxed core is nearly a copy of the exact one. The stream is cut where the exact
// core ends, so that it can be decoded without the rest.
const stream = packBytes(Buffer.concat([exact, relaxed]))
const cut = lengthOf(exact, stream)
generate(
  'core',
  `/** The exact core, as the beginning of an LZMA stream. */
export const exactCore = '${stream.subarray(0, cut).toString('base64')}'
export const exactBytes = ${exact.length}
`,
)
generate(
  'relaxed-core',
  `/** The rest of that stream, in which the relaxed core comes behind the exact one. */
export const relaxedStream = '${stream.subarray(cut).toString('base64')}'
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
stamp(making)
