/** Pages whose commands are run: their outputs are those that are printed. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Fenced blocks: language, the rest of the line, which names a file, and the code. */
const BLOCK = /^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm

/**
 * Runs the commands of a page in order, in a folder of their own with `examples` in it, the files that the page shows, and what the
 * commands before have written.
 *
 * A block of `sh` that begins with `npx deltaprop` is run by a shell; a block of `text` behind it is its output. A block whose first
 * line has a name behind the language is a file.
 *
 * @param {string} page
 * @returns {string} the page with the outputs of this run
 * @throws Error if a command fails
 */
export function runPage(page) {
  const folder = mkdtempSync(join(tmpdir(), 'deltaprop-page-'))
  symlinkSync(resolve('examples'), join(folder, 'examples'))
  /** @type {string | undefined} */
  let output
  try {
    return page.replace(
      BLOCK,
      (
        /** @type {string} */ block,
        /** @type {string} */ language,
        /** @type {string | undefined} */ name,
        /** @type {string} */ code,
      ) => {
        const before = output
        output = undefined
        if (name !== undefined) writeFileSync(join(folder, name), code)
        else if (language === 'sh' && code.startsWith('npx deltaprop ')) output = runCommand(code, folder)
        else if (language === 'text' && before !== undefined) return `\`\`\`text\n${before}\`\`\``
        return block
      },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A page without what differs from run to run: times. */
export function withoutTimes(/** @type {string} */ page) {
  return page.replace(/in [\d.,]+ (ms|s|min)\b/g, 'in …')
}

/**
 * @param {string} code
 * @param {string} folder
 */
function runCommand(code, folder) {
  const npx = `npx() { shift; '${process.execPath}' '${resolve('dist/cli.js')}' "$@"; }`
  return execFileSync('sh', ['-e', '-c', `${npx}\n${code}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
}
