// Whether files that were made from others are still what those make: by digests of both, kept in a file beside them.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Making
 * @property {readonly string[]} inputs files and folders that decide what is made
 * @property {readonly string[]} outputs files that are made
 * @property {string} stamp file with the digests of both, of the last time
 */

/**
 * Whether neither inputs nor outputs have changed since `stamp`.
 *
 * @param {Making} making
 */
export function isCurrent({ inputs, outputs, stamp }) {
  try {
    return readFileSync(stamp, 'utf8') === digestsOf(inputs, outputs)
  } catch (error) {
    // A file is not there.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** Says that the outputs are what the inputs make. @param {Making} making */
export function stamp({ inputs, outputs, stamp }) {
  writeFileSync(stamp, digestsOf(inputs, outputs))
}

/**
 * @param {readonly string[]} inputs
 * @param {readonly string[]} outputs
 */
function digestsOf(inputs, outputs) {
  return [inputs, outputs].map((paths) => `${digest(paths)}\n`).join('')
}

/** @param {readonly string[]} paths of files and folders */
function digest(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesOf)) {
    const bytes = readFileSync(file)
    hash.update(`${file}\n${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}

/** @param {string} path @returns {string[]} it, or the files that are in it, by name */
function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)))
}
