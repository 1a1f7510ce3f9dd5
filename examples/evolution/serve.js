// @ts-check
// A static server for the page: `npm start`, or PORT=8080 npm start.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen, serverOf } from '../page/serve.js'

const here = dirname(fileURLToPath(import.meta.url))
const dist = dirname(fileURLToPath(import.meta.resolve('deltaprop')))

const folders = [
  { at: '/deltaprop/', folder: dist },
  { at: '/', folder: join(here, 'app') },
]

/** The one script that is in the page itself is its import map, which says where `deltaprop` is. */
const [, importMap] =
  /<script type="importmap">([^]*?)<\/script>/.exec(readFileSync(join(here, 'app/index.html'), 'utf8')) ?? []
const importMapHash = createHash('sha256').update(importMap).digest('base64')

export const server = serverOf(folders, {
  'script-src': `'self' 'wasm-unsafe-eval' 'sha256-${importMapHash}'`,
})

if (process.argv[1] === fileURLToPath(import.meta.url)) listen(server)
