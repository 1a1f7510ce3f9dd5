/**
 * Updates the outputs shown on pages to what their programs and commands print now, after `npm run -s build:dist`; for
 * all pages, or only for the pages named:
 *
 *     node scripts/write-pages.js docs/data.md
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pagePaths, runPage, withoutTimes } from './pages.js'

const named = process.argv.slice(2)

for (const path of named.length === 0 ? pagePaths : named) {
  const page = readFileSync(path, 'utf8')
  const run = runPage(page)
  // A difference in times alone does not count as a change.
  const isSame = withoutTimes(run) === withoutTimes(page)
  if (!isSame) writeFileSync(path, run)
  console.log(`${path}: ${isSame ? 'as it was' : 'written'}`)
}
