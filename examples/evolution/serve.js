// @ts-check
// A static server for the page: `npm start`, or PORT=8080 npm start.
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const dist = dirname(fileURLToPath(import.meta.resolve('deltaprop')))

/** Which folder is served where; the first that fits. */
const folders = [
  { at: '/deltaprop/', folder: dist },
  { at: '/', folder: join(here, 'app') },
]

const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
])

/** The one script that is in the page itself is its import map, which says where `deltaprop` is. */
const [, importMap] =
  /<script type="importmap">([^]*?)<\/script>/.exec(readFileSync(join(here, 'app/index.html'), 'utf8')) ?? []
const importMapHash = createHash('sha256').update(importMap).digest('base64')

/** What the library needs beyond its own file is 'wasm-unsafe-eval': it compiles WebAssembly, and evaluates no text. */
const policy = [
  "default-src 'none'",
  `script-src 'self' 'wasm-unsafe-eval' 'sha256-${importMapHash}'`,
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
}

/**
 * Which file answers a request.
 *
 * @param {string} url of the request
 * @returns {{ file: string, type: string } | undefined} undefined: none
 */
function find(url) {
  // A URL has no `..` left in its path: what it names lies inside the folder. Files are of the types that we know.
  const path = new URL(url, 'http://localhost').pathname.replace(/\/$/, '/index.html')
  const place = folders.find(({ at }) => path.startsWith(at))
  const type = types.get(extname(path))
  if (place === undefined || type === undefined || !/^[\w./-]+$/.test(path)) return undefined
  return { file: join(place.folder, path.slice(place.at.length)), type }
}

export const server = createServer((request, response) => {
  const found = request.method === 'GET' ? find(request.url ?? '/') : undefined
  const notFound = () =>
    response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' }).end('Not found\n')
  if (found === undefined) return void notFound()
  const stream = createReadStream(found.file)
  stream.once('error', notFound)
  stream.once('open', () => {
    response.writeHead(200, { ...headers, 'Content-Type': found.type })
    stream.pipe(response)
  })
})

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.PORT ?? 8080)
  server.listen(port, 'localhost', () => console.log(`http://localhost:${port}`))
}
