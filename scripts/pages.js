/** Runs the programs and commands shown on pages; the outputs on a page are the ones that they print. */
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

/** Fenced blocks: the language, the rest of the line, which names a file, and the code. */
const BLOCK = /^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm

/**
 * @typedef {object} Block
 * @property {string} language
 * @property {string | undefined} name of the file, if it is one
 * @property {string} code
 * @property {number} line of the page on which it begins, 1 for the first
 * @property {'file' | 'program' | 'command' | 'output' | undefined} role what is done with it; undefined for nothing
 */

/**
 * The fenced blocks of a page.
 *
 * A block with a name after the language is a file. Any other `js` block is a program. A `sh` block that begins with
 * `npx deltaprop` is a command. A `text` block is an output: either of the program it follows, with only blank lines in
 * between, or of the command before it.
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
 * Runs the programs and the commands of a page in order, in a temporary folder that contains the package in
 * `node_modules`, as `npm install` leaves it, `examples`, the files that the page shows, and whatever earlier blocks
 * wrote.
 *
 * @param {string} page
 * @returns {string} the page with the outputs of this run, where they differ in more than times
 * @throws Error naming the line of a program or command that fails
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
      if (block.role === 'output') {
        return withoutTimes(output) === withoutTimes(block.code) ? whole : `\`\`\`text\n${output}\`\`\``
      }
      output = runBlock(block, folder)
      return whole
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A page without what differs from run to run: times, including those in tables whose last column is seconds. */
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
 * What a process prints. It is started a second time if it does not end: on exit, V8 in Node 20 can deadlock, with its
 * background compiler waiting for a garbage collection and the main thread for the compiler.
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
