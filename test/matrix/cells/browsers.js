// @ts-check
/**
 * Chromium, Firefox and WebKit, which take the files of the package as they are: in a page by its name, in a module worker, and under a
 * policy that allows neither eval nor blobs; each with and without cross-origin isolation, which sharing memory needs. The pages also
 * fetch models of other tools, by the programs that docs/interop.md has for that.
 */
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withProblems } from '../bundlers/bundle.js'
import { openChromium } from '../chromium.js'
import { openFirefox } from '../firefox.js'
import { fetched, problemsOf, programs } from '../fetched.js'
import { firstStep } from '../first-step.js'
import { Missing } from '../kit.js'
import { ISOLATED, serve } from '../serve.js'
import { TELL } from '../told.js'
import { openWebKit } from '../webkit.js'
import { entries as packageEntries } from '../../../scripts/entries.js'

/**
 * @typedef {import('../report.js').Cell} Cell
 * @typedef {import('../told.js').Browser} Browser
 *
 * @typedef {object} Way
 * @property {string} page
 * @property {string} how
 * @property {boolean} [fetches] whether it runs the programs, which show something on a page
 * @property {boolean} [isStrict] whether a policy forbids what is not needed
 *
 * @typedef {object} Kind
 * @property {string} name
 * @property {() => Promise<Browser>} open
 * @property {'always' | 'never'} [shares] memory, whether a page is isolated or not
 */

/** @type {readonly Kind[]} */
const kinds = [
  { name: 'Chromium', open: openChromium },
  { name: 'Firefox', open: openFirefox },
  // A page that is isolated has no SharedArrayBuffer there, as it has in Safari; with the switch of its engine every page has.
  { name: 'WebKitGTK', open: () => openWebKit(), shares: 'never' },
  {
    name: 'WebKitGTK, useSharedArrayBuffer',
    open: () => openWebKit({ JSC_useSharedArrayBuffer: '1' }),
    shares: 'always',
  },
]

/** @type {readonly Way[]} */
const ways = [
  { page: 'page.html', how: 'page, import map', fetches: true },
  { page: 'in-worker.html', how: 'module worker, by URL' },
  { page: 'by-url.html', how: 'page, by URL, strict CSP', isStrict: true, fetches: true },
]

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

/** What a console says of what POLICY forbids: the workers, and the icon that Firefox asks for. */
const FORBIDDEN = /Content[- ]Security[- ]Policy.*(blob:|worker-src|favicon)/

/**
 * The suite with a first step before, as the text of a module.
 *
 * @param {{ library: string, suite: string }} from
 */
const run = ({ library, suite }) => `
${firstStep(`await import('${library}')`)}
const { check } = await import('${suite}')
return { ...(await check()), firstStepMs }
`

/** The name of a program's module that imports the package by its address. @param {string} name */
const byUrlName = (name) => name.replace(/\.js$/, '-by-url.js')

/**
 * The same, and what a page shows that has these programs.
 *
 * @param {{ library: string, suite: string }} from
 * @param {(name: string) => string} moduleOf a program
 */
const runAndFetch = (from, moduleOf) => `
const report = await (async () => {${run(from)}})()
const shown = {}
for (const [name, module] of ${JSON.stringify(Object.keys(programs).map((name) => [name, moduleOf(name)]))}) {
  await import('./' + module)
  shown[name] = document.body.textContent
}
return { ...report, shown }
`

/** What a page tells; of WebKit and Firefox nobody hears what the console says, so that the page tells that, too. */
const TELLING = `
const post = () => { if (location.search === '?post') fetch('told', { method: 'POST', body: ${TELL} }) }
const tell = (report) => { globalThis.deltapropReport = report; post() }
const fail = (what) => { globalThis.deltapropFailure ??= String(what?.stack ?? what); post() }
addEventListener('error', ({ error, message }) => fail(error ?? message))
addEventListener('unhandledrejection', ({ reason }) => fail(reason))
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  if (effectiveDirective === 'worker-src' && blockedURI === 'blob') return
  if (!blockedURI.endsWith('/favicon.ico')) fail('forbidden: ' + effectiveDirective + ' ' + blockedURI)
})
`

const BY_URL = { library: './deltaprop/index.js', suite: './suite-by-url.js' }

/** The entries of the package, as pages find them. @type {Readonly<Record<string, string>>} */
const entries = Object.fromEntries(
  packageEntries.map(({ specifier, bundle }) => [specifier, bundle.replace(/^dist/, './deltaprop')]),
)

const files = {
  ...programs,
  ...Object.fromEntries(Object.entries(programs).map(([name, code]) => [byUrlName(name), byUrl(code)])),
  'page.html': `<!doctype html>
<title>By its name</title>
<script type="importmap">${JSON.stringify({ imports: entries })}</script>
<script type="module">
${TELLING}
tell(await (async () => {${runAndFetch({ library: 'deltaprop', suite: './suite.js' }, (name) => name)}})())
</script>
`,
  'by-url.html': `<!doctype html>
<title>By URL</title>
<script type="module" src="by-url.js"></script>
`,
  'by-url.js': `${TELLING}
tell(await (async () => {${runAndFetch(BY_URL, byUrlName)}})())
`,
  'in-worker.html': `<!doctype html>
<title>In a worker</title>
<script type="module">
${TELLING}
const worker = new Worker('worker.js', { type: 'module' })
worker.onerror = ({ message }) => fail(message || 'the worker could not be started')
worker.onmessage = ({ data: { report, failed } }) => {
  if (failed === undefined) tell(report)
  else fail(failed)
}
</script>
`,
  'worker.js': `
const said = (async () => {${run(BY_URL)}})()
said.then((report) => postMessage({ report }), ({ stack, message }) => postMessage({ failed: message + ' ' + stack }))
`,
}

/**
 * @param {import('../kit.js').Kit} kit
 * @returns {AsyncGenerator<Cell>}
 */
export async function* cells(kit) {
  const folder = await kit.project('browsers', { files })
  cpSync(join(folder, 'node_modules/deltaprop/dist'), join(folder, 'deltaprop'), { recursive: true })
  writeFileSync(join(folder, 'suite-by-url.js'), byUrl(readFileSync(join(folder, 'suite.js'), 'utf8')))
  for (const [name, path] of Object.entries(fetched)) copyFileSync(path, join(folder, name))
  for (const kind of kinds) yield* cellsOf(kind, folder)
}

/** Workers have no import maps, nor has a page without inline scripts. @param {string} module */
function byUrl(module) {
  return module.replace(/ from (["'])(deltaprop[^"']*)\1/g, (_, _quote, /** @type {string} */ name) => {
    if (!Object.hasOwn(entries, name))
      throw new Error(`${name}: expected one of ${Object.keys(entries).join(', ')}`)
    return ` from "${entries[name]}"`
  })
}

/**
 * @param {Kind} kind
 * @param {string} folder
 * @returns {AsyncGenerator<Cell>}
 */
async function* cellsOf({ name, open, shares }, folder) {
  const browser = await open().catch(why)
  try {
    for (const { page, how, fetches, isStrict } of ways) {
      for (const isIsolated of [true, false]) {
        // That it shares without isolation is the switch's doing, and no place that users have.
        if (shares === 'always' && !isIsolated) continue
        yield {
          name,
          version: 'version' in browser ? browser.version : '',
          how: `${how}, ${isIsolated ? '' : 'not '}isolated`,
          threads: isStrict === true ? 'none' : isIsolated && shares !== 'never' ? 'shared' : 'one',
          outcome:
            'version' in browser
              ? await outcomeOf(browser, folder, page, { fetches, isStrict, isIsolated })
              : browser,
        }
      }
    }
  } finally {
    if ('version' in browser) await browser.close()
  }
}

/**
 * @param {Browser} browser
 * @param {string} folder
 * @param {string} page
 * @param {{ fetches: boolean | undefined, isStrict: boolean | undefined, isIsolated: boolean }} served
 */
async function outcomeOf(browser, folder, page, { fetches, isStrict, isIsolated }) {
  const headers = {
    ...(isIsolated && ISOLATED),
    ...(isStrict && { 'Content-Security-Policy': POLICY }),
  }
  const { url, posted, close } = await serve(folder, { headers })
  try {
    const outcome = await browser.report(url + page, { posted, ...(isStrict && { expected: FORBIDDEN }) })
    if (fetches !== true || !('report' in outcome)) return outcome
    return withProblems(outcome, problemsOf(outcome.report.shown ?? {}))
  } finally {
    await close()
  }
}

/** @param {unknown} error @returns {Cell['outcome']} */
function why(error) {
  if (error instanceof Missing) return { missing: error.message }
  return { failed: error instanceof Error ? error.message : String(error) }
}
