/**
 * How much there is to load. Each entry as an application has it: bundled alone, minified, gzipped; what it imports of
 * the main entry or of other packages not counted.
 */
import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'
import { entries } from './entries.js'

/**
 * @typedef {object} EntrySize
 * @property {string} entry as it is imported
 * @property {number} minified bytes
 * @property {number} gzip bytes, of the minified
 * @property {number} withoutCore the same without the WebAssembly, which is long texts of base64
 */

/** @returns {Promise<EntrySize[]>} of all entries that are JavaScript, the main one first */
export async function entrySizes() {
  return Promise.all(entries.map(sizeOf))
}

/**
 * @param {import('./entries.js').Entry} entry
 * @returns {Promise<EntrySize>}
 */
async function sizeOf({ specifier, bundle }) {
  const { outputFiles } = await build({
    entryPoints: [bundle],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    packages: 'external',
    external: ['./index.js', './interop.js', 'node:*'],
    write: false,
  })
  const code = outputFiles[0].text
  return {
    entry: specifier,
    minified: Buffer.byteLength(code),
    gzip: gzipped(code),
    withoutCore: gzipped(withoutCore(code)),
  }
}

/** @param {string} main the main entry */
const appOf = (main) => `import { Network } from '${main}'
const net = new Network([2, 8, 1], { activation: 'tanh' })
await net.fit({ x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }, { epochs: 100 })
console.log(net.predict([0, 1]), net.toBytes())`

/**
 * What the parts of an application are for, by their files; the first that fits.
 *
 * @type {readonly (readonly [string, RegExp])[]}
 */
const purposes = [
  ['the WebAssembly: every kernel in f32 and f64', /(core|lzma)\.generated/],
  ['workers', /wasm\/threads|training\/(trainers|copy-trainer)/],
  ['schedules', /schedules|learning-rates/],
  [
    'checks, texts of errors, names of other libraries',
    /base\/(check|argument|show|suggest|remed|sample-hints)|other-names|target-check|read-pair/,
  ],
  ['memory of the WebAssembly, and unpacking it', /src\/engine/],
  ['fit', /src\/training/],
  ['files: reading and writing both formats', /src\/formats|json-text|hash/],
  ['options of a network and of optimisers', /src\/definition/],
  ['Network, trace, gradient check', /src\/(network|state|metrics|index)/],
]

/** What the other files are for. */
const otherPurpose = 'random numbers, arrays, pauses for the event loop'

/**
 * The smallest application that trains, predicts and saves.
 *
 * @returns {Promise<{ gzip: number, parts: { purpose: string, gzip: number }[] }>} bytes, minified and gzipped; those of
 *   the parts, but for the core, in proportion to what they are before that
 */
export async function appSize() {
  /** @param {string} resolveDir @param {string} contents */
  const bundle = (resolveDir, contents) =>
    build({
      stdin: { contents, resolveDir },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'neutral',
      external: ['node:*'],
      metafile: true,
      write: false,
    })
  const { outputFiles } = await bundle('dist', appOf('./index.js'))
  const code = outputFiles[0].text
  const gzip = gzipped(code)
  const { metafile } = await bundle('src', appOf('./index.ts'))
  const [{ inputs }] = Object.values(metafile.outputs)
  /** @type {Map<string, number>} */
  const sizes = new Map()
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const purpose = purposes.find(([, files]) => files.test(file))?.[0] ?? otherPurpose
    sizes.set(purpose, (sizes.get(purpose) ?? 0) + bytesInOutput)
  }
  const [[core]] = purposes
  const coreGzip = gzip - gzipped(withoutCore(code))
  const others = [...sizes.values()].reduce((sum, bytes) => sum + bytes) - (sizes.get(core) ?? 0)
  const parts = Array.from(sizes, ([purpose, bytes]) => {
    return { purpose, gzip: purpose === core ? coreGzip : (bytes / others) * (gzip - coreGzip) }
  })
  return { gzip, parts: parts.sort((a, b) => b.gzip - a.gzip) }
}

/** @param {string} code */
function withoutCore(code) {
  return code.replace(/(["'`])[\w+/=]{1000,}\1/g, '""')
}

/** @param {string} code */
function gzipped(code) {
  return gzipSync(code, { level: 9 }).length
}

/** The functions of deltaprop/interop, each of which is imported alone. */
const interopNames = [
  'fromONNX',
  'toONNX',
  'fromStateDict',
  'toStateDict',
  'fromKeras',
  'fromTensorFlowJS',
  'toTensorFlowJS',
  'fromBrain',
  'toBrain',
  'fromSynaptic',
  'fromConvNetJS',
  'fromFANN',
  'toC',
  'toNumPy',
  'fromFile',
]

/** @returns {Promise<{ name: string, gzip: number }[]>} what each of them takes alone */
export async function interopSizes() {
  return Promise.all(
    interopNames.map(async (name) => {
      const contents = `export { ${name} } from './dist/interop.js'`
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: '.' },
        bundle: true,
        minify: true,
        format: 'esm',
        write: false,
      })
      return { name, gzip: gzipSync(outputFiles[0].text).length }
    }),
  )
}
