// @ts-check
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'
import { chromiumOptions } from '../../page/browser.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the page shows once it has trained, by mode: with the same seed it is the same text. @type {Map<string, string>} */
const results = new Map()
/** Networks that it has made and disposed of until its first epoch, by mode. @type {Map<string, [number, number]>} */
const counts = new Map()

// In development React mounts what is in StrictMode twice, and says what it does not like; in production it does neither.
for (const mode of ['production', 'development']) {
  describe(`the page, built for ${mode}`, () => {
    /** What ends what has been started, in that order. @type {(() => Promise<unknown>)[]} */
    const ends = []
    /** @type {import('vite').PreviewServer} */
    let server
    /** @type {import('playwright-core').Browser} */
    let browser
    /** @type {import('playwright-core').Page} */
    let page
    /** @type {string[]} */
    let complaints

    before(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'deltaprop-react-'))
      ends.push(() => rm(folder, { recursive: true }))
      process.env.NODE_ENV = mode
      await build({ root, mode, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } })
      server = await preview({ root, build: { outDir: folder }, preview: { port: 0, host: '127.0.0.1' } })
      ends.push(() => server.close())
      browser = await chromium.launch(chromiumOptions)
      ends.push(() => browser.close())
    })
    after(async () => {
      for (const end of ends.reverse()) await end()
    })

    beforeEach(async () => {
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      page.setDefaultTimeout(120_000)
      complaints = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.addInitScript(watchFrames)
      await page.goto(server.resolvedUrls?.local[0] ?? '')
    })
    afterEach(async () => {
      await page.close()
      assert.deepEqual(complaints, [])
    })

    /** What the page shows of its training. @param {'epochs' | 'loss' | 'accuracy'} what */
    const shown = async (what) => (await page.getByTestId(what).textContent()) ?? ''
    const trained = () => page.waitForSelector('[data-training="false"] >> text=Train on')
    /** @param {number} n */
    const epochs = (n) =>
      page.waitForFunction(
        (least) => Number(document.querySelector('[data-testid=epochs]')?.textContent) >= least,
        n,
      )
    /** Frames that are asked for in 300 ms: each epoch waits for one. */
    const frames = async () => {
      const start = Number(await page.evaluate('frames'))
      await page.waitForTimeout(300)
      return Number(await page.evaluate('frames')) - start
    }
    /** Until another one is asked for, by the page: waiting by frames would be one that asks. */
    const anotherFrame = async () => {
      const start = Number(await page.evaluate('frames'))
      await page.waitForFunction(`frames > ${start}`, undefined, { polling: 50 })
    }

    /** How often something has happened to a network. @param {'made' | 'gone'} what */
    const networks = async (what) =>
      Number(await page.evaluate(`performance.getEntriesByName('network ${what}').length`))

    /** The epoch in which training is stopped may come to its end, and ask for a last frame. */
    const settled = () => page.waitForTimeout(1000)

    it('learns', async () => {
      await epochs(1)
      counts.set(mode, [await networks('made'), await networks('gone')])
      await epochs(200)
      await trained()
      assert.equal(await shown('epochs'), '200')
      assert.ok(Number.parseFloat(await shown('accuracy')) >= 99, await shown('accuracy'))
      assert.ok(Number(await shown('loss')) < 0.01, await shown('loss'))
      results.set(mode, `${await shown('loss')} ${await shown('accuracy')}`)
    })

    it('stops when it is unmounted, and begins anew when it is mounted', async () => {
      await epochs(5)
      await anotherFrame()
      await page.click('text=Unmount')
      await page.waitForSelector('.away')
      await settled()
      assert.equal(await frames(), 0)
      await page.click('text=Mount')
      await epochs(1)
      assert.ok(Number(await shown('epochs')) < 200)
      await anotherFrame()
    })

    it('stops, goes on, and makes another network of other options', async () => {
      await epochs(5)
      await page.click('text=Stop')
      await page.waitForSelector('text=Train on')
      await settled()
      const [stopped, loss] = [Number(await shown('epochs')), await shown('loss')]
      assert.equal(await frames(), 0)
      assert.deepEqual([Number(await shown('epochs')), await shown('loss')], [stopped, loss])
      await page.click('text=Train on')
      await epochs(stopped + 1)

      const [made, gone] = [await networks('made'), await networks('gone')]
      await page.getByLabel('Neurons in each').press('ArrowRight')
      await page.waitForFunction(`performance.getEntriesByName('network made').length > ${made}`)
      assert.deepEqual([await networks('made'), await networks('gone')], [made + 1, gone + 1])
      await page.getByLabel('moons').check()
      await epochs(1)
    })
  })
}

it('React mounts it twice in development: one network more, which is gone, and the same result', () => {
  assert.deepEqual(counts.get('production'), [1, 0])
  assert.deepEqual(counts.get('development'), [2, 1])
  assert.equal(results.size, 2)
  assert.equal(results.get('development'), results.get('production'))
})

/** In the page, before its scripts: counts frames that are asked for. */
function watchFrames() {
  const watched = /** @type {{ frames: number }} */ (/** @type {unknown} */ (globalThis))
  watched.frames = 0
  globalThis.requestAnimationFrame = new Proxy(requestAnimationFrame, {
    apply(target, self, parameters) {
      watched.frames += 1
      return Number(Reflect.apply(target, self, parameters))
    },
  })
}
