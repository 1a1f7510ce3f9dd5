// Packs what npm would publish of dist/, and runs publint and attw on the tarball; anything they report is an error.
// Needs no network.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** @param {string} command @param {string[]} args */
function run(command, ...args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command}: exit code ${status}\n${stdout}${stderr}`)
  return stdout
}

const folder = mkdtempSync(join(tmpdir(), 'package-'))
try {
  const name = run('npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder).trim()
  const tarball = join(folder, name)
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer } })
  if (messages.length > 0) {
    throw new Error(`publint:\n${messages.map((message) => formatMessage(message, pkg)).join('\n')}`)
  }
  // The profile leaves out resolution without exports (node10) and by require (node16-cjs); the package supports
  // neither. The cores have no type declarations, because every bundler turns them into something different.
  const cores = ['core.wasm', 'core.relaxed.wasm']
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', '--no-color']
  run(
    process.execPath,
    'node_modules/@arethetypeswrong/cli/dist/index.js',
    tarball,
    ...options,
    '--exclude-entrypoints',
    ...cores,
  )
} finally {
  rmSync(folder, { recursive: true })
}
