// @ts-check
/** Bun, whose engine is JavaScriptCore, and whose workers are those of browsers. */
import { join } from 'node:path'
import { cellsOf, IMPORT, installRuntime, runAndStart, runSingleFile } from '../runtimes.js'
import { versions } from '../versions.js'

/**
 * @param {import('../kit.js').Kit} kit
 * @returns {AsyncGenerator<import('../report.js').Cell>}
 */
export async function* cells(kit) {
  const found = await installRuntime(kit, 'bun', 'bin/bun.exe', 'install.js', { 'import.js': IMPORT })
  // What it has made of a large file it keeps in the home folder.
  if ('path' in found) found.env = { BUN_RUNTIME_TRANSPILER_CACHE_PATH: join(kit.folder, 'bun-cache') }
  yield* cellsOf('Bun', versions.bun, found, [
    { how: 'import', run: (runtime) => runAndStart(runtime, ['import.js']) },
    { how: 'one ES module', run: (runtime) => runSingleFile(kit, runtime, 'esm') },
    { how: 'one CommonJS module', run: (runtime) => runSingleFile(kit, runtime, 'cjs') },
  ])
}
