/** docs/cluster.md, and its blocks of code. */
import { readFileSync } from 'node:fs'

export const page = readFileSync(new URL('../../../docs/cluster.md', import.meta.url), 'utf8')

/** @typedef {{ language: string, file: string | undefined, code: string }} Block */

/** The blocks of a part of it. @param {string} heading @returns {Block[]} */
export function blocksOf(heading) {
  const [, part] = page.split(`\n## ${heading}\n`)
  const [text] = part.split('\n## ')
  return Array.from(text.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm), ([, language, file, code]) => ({
    language,
    file: /** @type {string | undefined} */ (file),
    code,
  }))
}
