// @ts-check
/** Bundles what a tab does for a cluster: app/lender.js with deltaprop, deltaprop-cluster and the client of NATS. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

/**
 * Where deltaprop-cluster is linked, as here, it has a client of its own. There must be one: what one throws the other
 * does not know.
 */
const { resolve } = createRequire(import.meta.resolve('deltaprop-cluster'))
const client = ['@nats-io/nats-core', '@nats-io/nats-core/internal']

/** @param {string} file to write */
export async function bundle(file) {
  await build({
    entryPoints: [join(here, 'app', 'lender.js')],
    outfile: file,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    alias: Object.fromEntries(client.map((name) => [name, resolve(name)])),
    // Hashes of Node, which the client imports where it is told to, in Node.
    external: ['node:crypto'],
    logLevel: 'warning',
  })
}
