// @ts-check
/** Next.js: the package where its pages are rendered, in its routes, and in the browser. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstStep } from '../first-step.js'
import { bundle, gzipped, saidBy, shaking, withProblems } from './bundle.js'
import { start } from './start.js'

/**
 * @typedef {import('../report.js').Cell} Cell
 * @typedef {import('../report.js').Report} Report
 * @typedef {import('./bundle.js').BundlerCell} BundlerCell
 */

const ENV = { NEXT_TELEMETRY_DISABLED: '1' }

const files = {
  'app/layout.js': `
export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>
}
`,
  'app/server/page.js': `
import { check } from '../../suite.js'

export const dynamic = 'force-dynamic'

export default async function Page() {
  return <pre>{encodeURIComponent(JSON.stringify(await check()))}</pre>
}
`,
  'app/route/route.js': `
export async function GET() {
  ${firstStep(`await import('deltaprop')`)}
  const { check } = await import('../../suite.js')
  return Response.json({ ...(await check()), firstStepMs })
}
`,
  'app/client/page.js': `
'use client'

import { useEffect } from 'react'
import { check } from '../../suite.js'

export default function Page() {
  useEffect(() => {
    check().then((found) => (globalThis.deltapropReport = found))
  }, [])
  return null
}
`,
  'app/trains/page.js': `
'use client'

import { Network, sgd } from 'deltaprop'

export default function Page() {
  const net = new Network([2, 3, 1])
  net.train([1, 2], [1], sgd())
  return String(net.predict([1, 2]))
}
`,
  'app/data/page.js': `
'use client'

import { parseCsv } from 'deltaprop/data'

export default function Page() {
  return parseCsv('a\\n1').rows
}
`,
  'app/unused/page.js': `
'use client'

import { Network } from 'deltaprop'

export default function Page() {
  return 'no network'
}
`,
}

/** @type {import('./bundle.js').Bundler} */
export const next = {
  name: 'Next.js',
  packages: ['next', 'react', 'react-dom'],
  files,
  cells: [...cellsOf('turbopack'), ...cellsOf('webpack')],
}

/** The cells of one of its bundlers; the first of them has the app built, into the folder of the other's. @param {string} bundler */
function cellsOf(bundler) {
  /** @type {Promise<string[]> | undefined} */
  let building
  /** @param {(url: string, folder: string, visit: import('./bundle.js').Visit) => Promise<import('./bundle.js').Made>} visitApp @returns {BundlerCell['make']} */
  const inApp = (visitApp) => async (folder, visit) => {
    building ??= bundle(folder, ['next', 'build', `--${bundler}`], ENV)
    try {
      await building
      const { url, warnings, stop } = await start(folder, ['next', 'start', '--port', '0'], ENV)
      try {
        const made = await visitApp(url, folder, visit)
        return { ...made, outcome: withProblems(made.outcome, [...(await building), ...warnings()]) }
      } finally {
        await stop()
      }
    } catch (error) {
      return { outcome: { failed: saidBy(error) } }
    }
  }
  /** @type {BundlerCell[]} */
  const cells = [
    { how: `${bundler}: server component`, threads: 'shared', make: inApp(renderOnServer) },
    { how: `${bundler}: route handler`, threads: 'shared', make: inApp(askRoute) },
    { how: `${bundler}: client component, in Chromium`, threads: 'one', make: inApp(runInClient) },
  ]
  return cells
}

/** @param {string} url */
async function renderOnServer(url) {
  const html = await get(`${url}/server`)
  const found = /<pre>([^<]*)<\/pre>/.exec(html)?.[1]
  return {
    outcome: found === undefined ? { failed: `no report in ${html}` } : parsed(decodeURIComponent(found)),
  }
}

/** @param {string} url */
async function askRoute(url) {
  return { outcome: parsed(await get(`${url}/route`)) }
}

/** What the package adds to a page, beside what is Next's own. @param {string} folder @param {string} url @param {import('./bundle.js').Visit} visit */
async function runInClient(url, folder, visit) {
  const outcome = await visit(`${url}/client`)
  const [trains, data, unused] = await Promise.all(
    ['trains', 'data', 'unused'].map((page) => scriptsOf(folder, `${url}/${page}`)),
  )
  return {
    outcome: withProblems(outcome, shaking(trains, { data, unused })),
    bundleBytes: gzipped(trains) - gzipped(unused),
  }
}

/** The code of all scripts that a page names. @param {string} folder @param {string} url */
async function scriptsOf(folder, url) {
  const html = await get(url)
  const names = new Set(Array.from(html.matchAll(/\/_next\/(static\/[\w./-]+\.js)/g), ([, name]) => name))
  return Array.from(names, (name) => readFileSync(join(folder, '.next', name), 'utf8'))
}

/** @param {string} url */
async function get(url) {
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url}: expected a page, got ${response.status}: ${text.slice(0, 1000)}`)
  return text
}

/** @param {string} json @returns {Cell['outcome']} */
function parsed(json) {
  /** @type {unknown} */
  const report = JSON.parse(json)
  return { report: /** @type {Report} */ (report) }
}
