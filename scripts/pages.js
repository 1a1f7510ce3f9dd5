/** Runs the programs and commands shown on pages; the outputs on a page are the ones that they print. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { BLOCK, blocksOf } from './blocks.js'

/** The pages: README.md and docs/*.md. */
export const pagePaths = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
]

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
 * @param {import('./blocks.js').Block} block
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
      timeout: 60_000,
      // Node colours what it prints where colours are forced, whatever NO_COLOR says.
      env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1' },
    })
  try {
    return start()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT')) throw error
    return start()
  }
}
