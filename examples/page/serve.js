// @ts-check
/** A static server for pages that need no bundler: files as they are, under a policy. */
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
])

/** What the library needs beyond its own file is 'wasm-unsafe-eval': it compiles WebAssembly, and evaluates no text. */
const policy = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/**
 * A server that does not listen yet.
 *
 * @param {readonly { at: string, folder: string }[]} folders which is served where; the first that fits
 * @param {Readonly<Record<string, string>>} directives of the Content-Security-Policy, beside or in the place of those above
 */
export function serverOf(folders, directives) {
  const headers = {
    'Content-Security-Policy': Object.entries({ ...policy, ...directives })
      .map((directive) => directive.join(' '))
      .join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-cache',
  }
  return createServer((request, response) => {
    const found = request.method === 'GET' ? find(folders, request.url ?? '/') : undefined
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
}

/** Listens for a person who looks at the page, on PORT or 8080. @param {import('node:http').Server} server */
export function listen(server) {
  const port = Number(process.env.PORT ?? 8080)
  server.listen(port, 'localhost', () => console.log(`http://localhost:${port}`))
}

/**
 * Which file answers a request.
 *
 * @param {readonly { at: string, folder: string }[]} folders
 * @param {string} url of the request
 * @returns {{ file: string, type: string } | undefined} undefined: none
 */
function find(folders, url) {
  // A URL has no `..` left in its path: what it names lies inside the folder. Files are of the types that we know.
  const path = new URL(url, 'http://localhost').pathname.replace(/\/$/, '/index.html')
  const place = folders.find(({ at }) => path.startsWith(at))
  const type = types.get(extname(path))
  if (place === undefined || type === undefined || !/^[\w./-]+$/.test(path)) return undefined
  return { file: join(place.folder, path.slice(place.at.length)), type }
}
