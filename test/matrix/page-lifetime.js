// @ts-check
/**
 * Does a page that trains again and again keep memory? In Chromium, new networks with and without threads, one after the other; every few
 * seconds, after a forced garbage collection, the heap of JavaScript and the resident memory of the renderer. Prints how much each
 * grows in an hour, with its uncertainty, and fails on what is clearly a leak.
 *
 *     npm run build && node test/matrix/page-lifetime.js               60 seconds
 *     node test/matrix/page-lifetime.js --seconds 120 --leak 100000    keeps so many bytes of each network: it must fail
 */
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launchChromium } from './chromium.js'
import { Kit } from './kit.js'
import { ISOLATED, serve } from './serve.js'

/**
 * @typedef {{ seconds: number, fits: number, heap: number, resident: number }} Sample bytes
 * @typedef {{ perHour: number, error: number, perFit: number }} Growth bytes; error: two standard errors of perHour
 */

/** Between two samples, in seconds. */
const INTERVAL = 2

/** Seconds before what the line is fitted to: code is compiled, and pools of the browser fill, at some 4 KB of heap a fit. */
const WARM_UP = 20
const SHORTEST = 60

/**
 * What is a leak: growth beyond its uncertainty of more bytes a fit than these. A fit that kept a memory of WebAssembly would keep 64 KB
 * at least. Without a leak, heap −52 and 58, resident 677 and 239 bytes a fit were measured.
 */
const LEAK = { heap: 500, resident: 16_384 }

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, leak: { type: 'string', default: '0' } },
})

if (!(Number(values.seconds) >= SHORTEST)) {
  throw new RangeError(`--seconds: expected a number >= ${SHORTEST}, got ${values.seconds}`)
}

const PAGE = `<!doctype html>
<title>Trains</title>
<script type="module">
import { adam, Network } from './deltaprop/index.js'
const kept = []
const leak = ${Number(values.leak)}
const x = Float32Array.from({ length: 64 * 500 }, (_, i) => Math.sin(i))
const y = Float32Array.from({ length: 10 * 500 }, (_, i) => (Math.cos(i) + 1) / 2)
globalThis.fits = 0
for (;;) {
  for (const options of [{}, { threads: 1 }, { threads: 2 }]) {
    const net = new Network([64, 32, 10], { seed: ++fits })
    await net.fit({ x, y }, { epochs: 5, optimizer: adam(), ...options })
    if (leak > 0) kept.push(Array.from({ length: leak / 8 }, Math.random))
  }
}
</script>
`

const kit = await Kit.create()
const folder = await kit.project('lifetime', { files: { 'index.html': PAGE } })
cpSync(join(folder, 'node_modules/deltaprop/dist'), join(folder, 'deltaprop'), { recursive: true })
const samples = await measure(folder, Number(values.seconds))
const later = samples.filter(({ seconds }) => seconds > WARM_UP)
const { fits } = samples[samples.length - 1]
console.log(`${fits} fits in ${values.seconds} s, ${later.length} of ${samples.length} samples`)
const leaks = /** @type {const} */ (['heap', 'resident']).filter((what) => {
  const { perHour, error, perFit } = growth(later, what)
  const [first, last] = [later[0][what], later[later.length - 1][what]].map(megabytes)
  const isLeak = perHour > error && perFit > LEAK[what]
  console.log(
    `${what}: ${first} → ${last} MB, ${megabytes(perHour)} ± ${megabytes(error)} MB an hour, ${perFit.toFixed(0)} bytes a fit${isLeak ? ': a leak' : ''}`,
  )
  return isLeak
})
if (leaks.length > 0) process.exitCode = 1

/** @param {string} folder @param {number} seconds @returns {Promise<Sample[]>} */
async function measure(folder, seconds) {
  const browser = await launchChromium()
  const { url, close } = await serve(folder, { headers: ISOLATED })
  try {
    const page = await browser.newPage()
    /** @type {Error | undefined} */
    let failure
    page.on('pageerror', (error) => (failure = error))
    page.on('crash', () => (failure = new Error('the page crashed')))
    await page.goto(url)
    const session = await page.context().newCDPSession(page)
    const ofBrowser = await browser.newBrowserCDPSession()
    await session.send('Performance.enable')
    /** @type {Sample[]} */
    const samples = []
    for (const start = performance.now(); performance.now() - start < 1000 * seconds;) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * INTERVAL))
      if (failure !== undefined) throw failure
      await session.send('HeapProfiler.collectGarbage')
      const { metrics } = await session.send('Performance.getMetrics')
      const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN
      const fits = Number(await page.evaluate('fits'))
      const resident = await residentBytes(ofBrowser)
      samples.push({ seconds: (performance.now() - start) / 1000, fits, heap, resident })
    }
    return samples
  } finally {
    await browser.close()
    await close()
  }
}

/**
 * Of the renderer that has worked most: the page's. Chromium keeps another at hand.
 *
 * @param {import('playwright-core').CDPSession} session
 */
async function residentBytes(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const [{ id }] = renderers.sort((one, two) => two.cpuTime - one.cpuTime)
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]
  return 1024 * Number(kilobytes)
}

/**
 * The line of least squares through the samples.
 *
 * @param {readonly Sample[]} samples
 * @param {'heap' | 'resident'} what
 * @returns {Growth}
 */
function growth(samples, what) {
  const n = samples.length
  const meanX = samples.reduce((sum, { seconds }) => sum + seconds, 0) / n
  const meanY = samples.reduce((sum, sample) => sum + sample[what], 0) / n
  const varX = samples.reduce((sum, { seconds }) => sum + (seconds - meanX) ** 2, 0)
  const slope = samples.reduce((sum, each) => sum + (each.seconds - meanX) * (each[what] - meanY), 0) / varX
  const residual = samples.reduce(
    (sum, each) => sum + (each[what] - meanY - slope * (each.seconds - meanX)) ** 2,
    0,
  )
  const error = 2 * Math.sqrt(residual / (n - 2) / varX)
  const [first, last] = [samples[0], samples[n - 1]]
  const fitsPerSecond = (last.fits - first.fits) / (last.seconds - first.seconds)
  return { perHour: 3600 * slope, error: 3600 * error, perFit: slope / fitsPerSecond }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1)
}
