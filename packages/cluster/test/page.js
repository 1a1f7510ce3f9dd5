/** docs/cluster.md, and its parts. */
import { readFileSync } from 'node:fs'

export const page = readFileSync(new URL('../../../docs/cluster.md', import.meta.url), 'utf8')

/** @param {string} heading @returns {string} what is under it */
export function partOf(heading) {
  const [, part] = page.split(`\n## ${heading}\n`)
  return part.split('\n## ')[0]
}
