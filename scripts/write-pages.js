/**
 * Updates pages to what is true now, after `npm run -s build:dist`: the outputs shown to what their programs and
 * commands print, the sizes of the entries, and the tables of other libraries; for all pages, or only for the pages
 * named:
 *
 *     node scripts/write-pages.js docs/data.md
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pagePaths, runPage } from './pages.js'
import { peerResults, withPeers } from './peers-on-pages.js'
import { statedSizes, withSizes } from './sizes-on-pages.js'

const named = process.argv.slice(2)
const sizes = await statedSizes()
const peers = peerResults()

for (const path of named.length === 0 ? pagePaths : named) {
  const page = readFileSync(path, 'utf8')
  const now = withPeers(withSizes(runPage(page), sizes), peers)
  if (now !== page) writeFileSync(path, now)
  console.log(`${path}: ${now === page ? 'as it was' : 'written'}`)
}
