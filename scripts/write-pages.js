/**
 * Writes the outputs of pages as their programs and commands print them now, after `npm run -s build:dist`; of all pages, or of those
 * that are named:
 *
 *     node scripts/write-pages.js docs/data.md
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pagePaths, runPage, withoutTimes } from './pages.js'

const named = process.argv.slice(2)

for (const path of named.length === 0 ? pagePaths : named) {
  const page = readFileSync(path, 'utf8')
  const run = runPage(page)
  // Times alone are no change.
  const isSame = withoutTimes(run) === withoutTimes(page)
  if (!isSame) writeFileSync(path, run)
  console.log(`${path}: ${isSame ? 'as it was' : 'written'}`)
}
