/** Writes the outputs of pages as their commands print them now: `node scripts/write-pages.js`, after `npm run -s build:dist`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { runPage, withoutTimes } from './pages.js'

const pages = ['docs/data.md']

for (const path of pages) {
  const page = readFileSync(path, 'utf8')
  const run = runPage(page)
  // Times alone are no change.
  const isSame = withoutTimes(run) === withoutTimes(page)
  if (!isSame) writeFileSync(path, run)
  console.log(`${path}: ${isSame ? 'as it was' : 'written'}`)
}
