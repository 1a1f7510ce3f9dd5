/** Pages whose programs and commands are run: their outputs are those that are printed. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The pages: README.md and docs/*.md. */
export const pagePaths = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
]

/** Fenced blocks: language, the rest of the line, which names a file, and the code. */
const BLOCK = /^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm

/**
 * @typedef {object} Block
 * @property {string} language
 * @property {string | undefined} name of the file that it is
 * @property {string} code
 * @property {number} line of the page that it begins in, 1 for the first
 * @property {'file' | 'program' | 'command' | 'output' | undefined} role what is done with it; undefined: nothing
 */

/**
 * The fenced blocks of a page.
 *
 * A block whose first line has a name behind the language is a file. Another one of `js` is a program. One of `sh` that begins with
 * `npx deltaprop` is a command. One of `text` is an output: of the program that it follows with nothing but blank lines between, or of
 * the command before it.
 *
 * @param {string} page
 * @returns {Block[]}
 */
export function blocksOf(page) {
  /** @type {Block[]} */
  const blocks = []
  let end = 0
  for (const match of page.matchAll(BLOCK)) {
    const { index } = match
    const [whole, language, , code] = match
    const name = /** @type {string | undefined} */ (match[2])
    const isNext = page.slice(end, index).trim() === ''
    const before = blocks.at(-1)?.role
    const role =
      name !== undefined
        ? 'file'
        : language === 'js'
          ? 'program'
          : language === 'sh' && code.startsWith('npx deltaprop ')
            ? 'command'
            : language === 'text' && (before === 'command' || (before === 'program' && isNext))
              ? 'output'
              : undefined
    blocks.push({ language, name, code, line: page.slice(0, index).split('\n').length, role })
    end = index + whole.length
  }
  return blocks
}

/**
 * Runs the programs and the commands of a page in order, in a folder of their own: with the package in `node_modules`, as `npm install`
 * leaves it, with `examples`, the files that the page shows, and what was written before.
 *
 * @param {string} page
 * @returns {string} the page with the outputs of this run
 * @throws Error that names the line of a program or a command that fails
 */
export function runPage(page) {
  const folder = mkdtempSync(join(tmpdir(), 'deltaprop-page-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(resolve('.'), join(folder, 'node_modules', 'deltaprop'))
  symlinkSync(resolve('examples'), join(folder, 'examples'))
  const blocks = blocksOf(page).values()
  let output = ''
  try {
    return page.replace(BLOCK, (whole) => {
      const { value: block } = blocks.next()
      if (block === undefined) throw new Error('a block that blocksOf has not found')
      if (block.role === 'output') return `\`\`\`text\n${output}\`\`\``
      output = runBlock(block, folder)
      return whole
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A page without what differs from run to run: times, also those in a table whose last column is seconds. */
export function withoutTimes(/** @type {string} */ page) {
  let isTimed = false
  return page
    .split('\n')
    .map((line) => {
      if (/^\S.*\bseconds$/.test(line)) isTimed = true
      else if (!/[\d.]$/.test(line)) isTimed = false
      else if (isTimed) return line.replace(/\s+[\d.]+$/, ' …')
      return line.replace(/in [\d.,]+ (ms|s|min)\b/g, 'in …')
    })
    .join('\n')
}

/**
 * @param {Block} block
 * @param {string} folder
 * @returns {string} what it prints
 */
function runBlock({ role, name, code, line }, folder) {
  try {
    if (role === 'program') {
      const file = join(folder, `line-${line}.mjs`)
      writeFileSync(file, code)
      return outputOf(process.execPath, [file], folder)
    }
    if (role === 'command') {
      const npx = `npx() { shift; '${process.execPath}' '${resolve('dist/cli.js')}' "$@"; }`
      return outputOf('sh', ['-e', '-c', `${npx}\n${code}`], folder)
    }
  } catch (error) {
    throw new Error(`the ${role} in line ${line} fails`, { cause: error })
  }
  if (role === 'file' && name !== undefined) writeFileSync(join(folder, name), code)
  return ''
}

/**
 * What a process prints, which is started once more if it does not end: V8 of Node 20 may wait for itself at the end, its compiler in the
 * background for a collection, and the main thread for the compiler.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export function outputOf(file, args, cwd) {
  const start = () =>
    execFileSync(file, args, {
      cwd,
      encoding: 'utf8',
      timeout: 20_000,
      env: { ...process.env, NO_COLOR: '1' },
    })
  try {
    return start()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT')) throw error
    return start()
  }
}
