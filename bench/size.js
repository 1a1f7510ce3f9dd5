// @ts-check
/**
 * How much is there to load? Each entry as an application has it: bundled alone, minified, gzipped; what it imports of the main entry or
 * of other packages not counted.
 *
 *     npm run size
 */
import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'
import { entries } from '../scripts/entries.js'
import { isMain } from './isolate.js'
import { printTable } from './report/table.js'

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
 * @param {import('../scripts/entries.js').Entry} entry
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
    external: ['./index.js', 'node:*'],
    write: false,
  })
  const code = outputFiles[0].text
  return {
    entry: specifier,
    minified: Buffer.byteLength(code),
    gzip: gzipped(code),
    withoutCore: gzipped(code.replace(/(["'`])[\w+/=]{1000,}\1/g, '""')),
  }
}

/** @param {string} code */
function gzipped(code) {
  return gzipSync(code, { level: 9 }).length
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1)
}

if (isMain(import.meta.url)) {
  const rows = (await entrySizes()).map(({ entry, minified, gzip, withoutCore }) => ({
    entry,
    'KB, minified': kilobytes(minified),
    'KB, gzip': kilobytes(gzip),
    'without the core': kilobytes(withoutCore),
  }))
  printTable('Size', rows)
}
