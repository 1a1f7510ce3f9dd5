// @ts-check
/** Files over HTTP, as a static host serves them. */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { text } from 'node:stream/consumers'

const TYPES = /** @type {Readonly<Record<string, string>>} */ ({
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
})

/** With these a page may share memory with its workers. */
export const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/**
 * Serves the files below a folder, index.html for a folder of them, on a port that is free. Whoever asks gets nothing from a cache.
 * What is posted, wherever to, is kept for `posted`, which the first such text resolves.
 *
 * @param {string} folder
 * @param {{ headers?: Readonly<Record<string, string>> }} [options] headers of every answer
 * @returns {Promise<{ url: string, posted: Promise<string>, close: () => Promise<void> }>} url ends in a slash
 */
export async function serve(folder, { headers = {} } = {}) {
  /** @type {(text: string) => void} */
  let post
  /** @type {Promise<string>} */
  const posted = new Promise((resolve) => (post = resolve))
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      response.writeHead(204, headers).end()
      void text(request).then(post)
      return
    }
    const file = fileOf(folder, request.url ?? '/')
    if (file === undefined) {
      response.writeHead(404, headers).end()
      return
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers })
    createReadStream(file).pipe(response)
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve(undefined))
  })
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    // Browsers trust localhost as they do https: SharedArrayBuffer and crypto.subtle are there.
    url: `http://localhost:${port}/`,
    posted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** @param {string} folder @param {string} url @returns {string | undefined} undefined: there is none */
function fileOf(folder, url) {
  const { pathname } = new URL(url, 'http://localhost')
  const path = join(folder, normalize(decodeURIComponent(pathname)))
  const file = path.endsWith('/') ? join(path, 'index.html') : path
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : undefined
}
