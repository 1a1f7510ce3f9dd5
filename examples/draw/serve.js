// @ts-check
// A static server for the page: `npm start`, or PORT=8080 npm start.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen, serverOf } from '../page/serve.js'

const here = dirname(fileURLToPath(import.meta.url))
const dist = dirname(fileURLToPath(import.meta.resolve('deltaprop')))

const folders = [
  { at: '/deltaprop/', folder: dist },
  { at: '/data/', folder: join(here, '../data') },
  { at: '/', folder: join(here, 'app') },
]

export const server = serverOf(folders, { 'connect-src': "'self'" })

if (process.argv[1] === fileURLToPath(import.meta.url)) listen(server)
