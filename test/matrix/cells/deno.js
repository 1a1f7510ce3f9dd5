// @ts-check
/** Deno, with the packages that npm has installed; it needs no permission. Its workers are those of browsers. */
import { join } from 'node:path'
import { cellsOf, IMPORT, installRuntime, runAndStart, runSingleFile } from '../runtimes.js'
import { versions } from '../versions.js'

const RUN = ['run', '--no-prompt']

/**
 * @param {import('../kit.js').Kit} kit
 * @returns {AsyncGenerator<import('../report.js').Cell>}
 */
export async function* cells(kit) {
  const found = await installRuntime(kit, 'deno', 'deno', 'install.cjs', { 'import.js': IMPORT })
  // The code that it has compiled it keeps in the home folder.
  if ('path' in found) found.env = { DENO_DIR: join(kit.folder, 'deno-cache'), DENO_NO_UPDATE_CHECK: '1' }
  yield* cellsOf('Deno', versions.deno, found, [
    { how: 'import, without a permission', run: (runtime) => runAndStart(runtime, [...RUN, 'import.js']) },
    {
      how: 'import, --allow-all',
      run: (runtime) => runAndStart(runtime, [...RUN, '--allow-all', 'import.js']),
    },
    { how: 'one ES module, without a permission', run: (runtime) => runSingleFile(kit, runtime, 'esm', RUN) },
  ])
}
