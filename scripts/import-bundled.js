import { build } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Imports a TypeScript module, with everything that it imports, into a script.
 *
 * @param {string} entry path from the root of the project
 * @returns {Promise<unknown>} its exports
 */
export async function importBundled(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'deltaprop-bundled-'))
  const outfile = join(folder, 'index.mjs')
  try {
    await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile })
    /** @type {unknown} */
    const exports = await import(pathToFileURL(outfile).href)
    return exports
  } finally {
    rmSync(folder, { recursive: true })
  }
}
