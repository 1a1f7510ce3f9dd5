// @ts-check
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { chromium } from 'playwright-core'
import { openPage } from '../../page/browser.js'
import { Evolution } from '../app/evolution.js'
import { trackOf } from '../app/tracks.js'
import { server } from '../serve.js'

const serve = () => openPage(chromium, server)

/** The hash of the weights of all drivers after three generations of seed 5 on the Meadow, on every machine. */
const KNOWN = 'dc5b80a9886b69b3e53c9706d36318d9904cdaceba0062d32b1b5cee77966821'

describe('the page', { timeout: 300_000 }, () => {
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let served
  /** @type {import('playwright-core').Page} */
  let page
  /** @type {string[]} */
  let complaints

  before(async () => {
    served = await serve()
  })
  after(() => served.end())

  /** @param {import('playwright-core').BrowserContextOptions} options */
  async function open(options) {
    page = await served.browser.newPage(options)
    page.setDefaultTimeout(120_000)
    complaints = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(served.url)
  }

  /** Until something on the page has another text. @param {string} id @param {string} text */
  async function changes(id, text) {
    await page.waitForFunction(
      ([id, text]) => document.getElementById(id)?.textContent !== text,
      /** @type {const} */ ([id, text]),
    )
  }

  beforeEach(() => open({ viewport: { width: 1180, height: 1000 } }))
  afterEach(async () => {
    await page.close()
    // What violates the policy is a complaint, too.
    assert.deepEqual(complaints, [])
  })

  it('drives, and comes to the next generation', async () => {
    const left = (await page.textContent('#left')) ?? ''
    await changes('left', left)
    await page.check('input[value="8"]', { force: true })
    await changes('generation', '1')
    assert.match(
      (await page.textContent('#said')) ?? '',
      /^Generation \d+: at most \d\.\d\d laps; \d+ of 1000 stayed/,
    )
    assert.equal(await page.locator('#progress polyline').count(), 2)
    assert.match((await page.getAttribute('#progress', 'aria-label')) ?? '', /^Laps: \d\.\d\d the best/)
  })

  it('paints a thousand cars, the leader and its network', async () => {
    for (const id of ['ground', 'cars', 'brain']) {
      await page.waitForFunction((id) => {
        const canvas = document.getElementById(id)
        if (!(canvas instanceof HTMLCanvasElement)) return false
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
        return data?.some((value) => value !== 0)
      }, id)
    }
  })

  it('pauses and goes on, with the space bar too', async () => {
    for (const press of [() => page.click('#pause'), () => page.keyboard.press('Space')]) {
      await press()
      assert.equal(await page.textContent('#pause'), 'Go on')
      const left = await page.textContent('#left')
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)))
      assert.equal(await page.textContent('#left'), left)
      await press()
      await changes('left', left ?? '')
      await page.evaluate(() => {
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      })
    }
  })

  it('begins anew with another seed, and goes on on another track', async () => {
    await page.check('input[value="8"]', { force: true })
    await changes('generation', '1')
    await page.click('#pause')
    await page.selectOption('#track', 'Harbour')
    assert.match((await page.textContent('#said')) ?? '', /^The same drivers/)
    await page.fill('#seed', '7')
    await page.press('#seed', 'Enter')
    await page.waitForFunction(() => document.getElementById('generation')?.textContent === '1')
    assert.equal(await page.locator('#progress polyline[points=""]').count(), 2)
    await page.click('#pause')
    // An invalid seed changes nothing.
    await changes('generation', '1')
    await page.fill('#seed', '-1')
    await page.press('#seed', 'Enter')
    await page.waitForTimeout(100)
    assert.notEqual(await page.textContent('#generation'), '1')
  })

  it('has the evolution of Node, to the bit', async () => {
    await page.click('#pause')
    const there = await page.evaluate(async () => {
      // Their addresses are the page's, not those of files here.
      const addresses = ['/evolution.js', '/tracks.js']
      const modules = /** @type {unknown} */ (await Promise.all(addresses.map((address) => import(address))))
      const [{ Evolution }, { trackOf }] =
        /** @type {[typeof import('../app/evolution.js'), typeof import('../app/tracks.js')]} */ (modules)
      const evolution = new Evolution(5, trackOf('Meadow'))
      while (evolution.generation <= 3) evolution.step()
      const layers = evolution.drivers.flatMap((driver) => driver.layers)
      return {
        reports: evolution.reports,
        weights: layers.flatMap(({ weights, biases }) => [...weights, ...biases]),
      }
    })
    const here = new Evolution(5, trackOf('Meadow'))
    while (here.generation <= 3) here.step()
    const layers = here.drivers.flatMap((driver) => driver.layers)
    const weights = layers.flatMap(({ weights, biases }) => [...weights, ...biases])
    assert.deepEqual(there, { reports: here.reports, weights })
    assert.equal(weights.length, 56_000)
    assert.equal(createHash('sha256').update(Float32Array.from(there.weights)).digest('hex'), KNOWN)
  })

  it('waits where less motion is wanted', async () => {
    await page.close()
    await open({ reducedMotion: 'reduce' })
    await page.waitForFunction(() => document.getElementById('pause')?.textContent === 'Go on')
    const left = (await page.textContent('#left')) ?? ''
    await page.click('#pause')
    await changes('left', left)
  })

  it('fits a phone', async () => {
    await page.close()
    await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    assert.equal(content, screen)
    await page.tap('#pause')
    assert.equal(await page.textContent('#pause'), 'Go on')
  })
})
