// @ts-check
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { connect } from '@nats-io/transport-node'
import { cluster } from 'deltaprop-cluster'
import { chromium } from 'playwright-core'
import { chromiumOptions } from '../../page/browser.js'
import { start } from '../demo.js'
import { MISSING } from '../nats.js'
import { searchDigits } from '../search.js'

/** @typedef {import('playwright-core').Page} Page */

/** What nothing can be tested without; undefined: it is all there. */
function missing() {
  if (spawnSync('nats-server', ['--version']).error !== undefined) return MISSING
  const browser = chromiumOptions.executablePath
  return existsSync(browser) ? undefined : `expected a browser, ${browser}`
}

const lacks = missing()
if (lacks !== undefined) console.log(`NOT TESTED: ${lacks}`)

/** 24 jobs, of some 0.2 s each. */
const small = { trials: 8, epochs: 60 }

/** All that is found, but for the time that it took. @param {Awaited<ReturnType<typeof searchDigits>>} result */
function hashOf({ trials }) {
  const text = JSON.stringify(trials, (name, value) =>
    name === 'seconds' ? 0 : /** @type {unknown} */ (value),
  )
  return createHash('sha256').update(text).digest('hex')
}

describe('the page', { skip: lacks, timeout: 300_000 }, () => {
  /** @type {Awaited<ReturnType<typeof start>>} */
  let demo
  /** @type {import('playwright-core').Browser} */
  let browser
  /** @type {string} */
  let known
  /** @type {Page[]} */
  let tabs
  /** @type {string[]} */
  let complaints

  before(async () => {
    known = hashOf(await searchDigits(small))
    browser = await chromium.launch(chromiumOptions)
    demo = await start()
  })
  after(async () => {
    await browser.close()
    await demo.end()
  })
  beforeEach(() => {
    tabs = []
    complaints = []
  })
  afterEach(async () => {
    await Promise.all(tabs.map((page) => page.close()))
    // What violates the policy is a complaint, too.
    assert.deepEqual(complaints, [])
  })

  /** @param {import('playwright-core').BrowserContextOptions} [options] */
  async function open(options = { viewport: { width: 1180, height: 800 } }) {
    const page = await browser.newPage(options)
    tabs.push(page)
    page.setDefaultTimeout(120_000)
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(demo.url)
    await is(page, 'waiting', 'working')
    return page
  }

  /** Until the page is in one of these phases. @param {Page} page @param {string[]} phases */
  const is = (page, ...phases) =>
    page.waitForFunction((phases) => phases.includes(document.body.dataset.phase ?? ''), phases)

  /** Jobs that the tab has done. @param {Page} page */
  const done = async (page) => Number(await page.textContent('#done'))

  /** @param {Page} page @param {number} least */
  const hasDone = (page, least) =>
    page.waitForFunction((least) => Number(document.getElementById('done')?.textContent) >= least, least)

  /** Has tabs do a search. @param {Parameters<typeof searchDigits>[0]} options */
  async function search(options) {
    const on = await cluster({ ...demo.coordinator, lostAfter: 2 })
    try {
      return hashOf(await searchDigits({ ...options, on }))
    } finally {
      await on.close()
    }
  }

  it('finds what one machine finds, to the bit, with one tab', async () => {
    const page = await open()
    assert.equal(await search(small), known)
    await hasDone(page, 24)
    assert.equal(await done(page), 24)
    assert.equal(await page.textContent('#failed'), '0')
    assert.equal(await page.locator('#strip .done').count(), 24)
    assert.equal(await page.title(), '24 done · Lend this tab')
    await is(page, 'waiting')
  })

  it('and with two, of which one is closed in the middle of a job', async () => {
    const [first, second] = await Promise.all([open(), open()])
    await first.waitForFunction(() => document.getElementById('workers')?.textContent === '2')
    const found = search(small)
    await Promise.all([hasDone(first, 1), hasDone(second, 1)])
    await is(second, 'working')
    const ofSecond = await done(second)
    await second.close()
    assert.equal(await found, known)
    // A job may have ended while the tab was being closed.
    const ofFirst = await done(first)
    assert.ok(ofFirst + ofSecond >= 20 && ofFirst < 24, `${ofFirst} and ${ofSecond} jobs`)
  })

  it('pauses at once, and goes on', async () => {
    const page = await open()
    const found = search(small)
    await hasDone(page, 2)
    await is(page, 'working')
    await page.click('#lend')
    await is(page, 'paused')
    assert.equal(await page.textContent('#lend'), 'Lend again')
    // A job that was ending has been counted by then.
    await page.waitForTimeout(500)
    const paused = await done(page)
    await page.waitForTimeout(1000)
    assert.equal(await done(page), paused)
    await page.click('#lend')
    assert.equal(await found, known)
    await hasDone(page, paused + 1)
  })

  it('stays free while it trains for long', async () => {
    const page = await open()
    const long = new AbortController()
    const on = await cluster({ ...demo.coordinator, lostAfter: 2 })
    const found = searchDigits({ trials: 1, epochs: 5000, on, signal: long.signal })
    const ended = assert.rejects(found, /long enough/)
    await is(page, 'working')
    // A page that a fit blocks would have a turn after each fit: of three.
    const longest = await page.evaluate(async () => {
      let [longest, last] = [0, performance.now()]
      for (let turn = 0; turn < 20; ++turn) {
        await new Promise((resolve) => setTimeout(resolve, 0))
        const now = performance.now()
        longest = Math.max(longest, now - last)
        last = now
      }
      return longest
    })
    assert.equal(await page.locator('#strip .done').count(), 0)
    assert.equal(await page.getAttribute('body', 'data-phase'), 'working')
    long.abort(new Error('long enough'))
    await ended
    await on.close()
    // Nobody waits for the other jobs, of some seconds each: they are not begun.
    await page.waitForSelector('[data-phase=waiting]')
    await page.waitForTimeout(500)
    assert.equal(await page.locator('#strip .done').count(), 0)
    assert.ok((await page.locator('#strip .left').count()) >= 1)
    console.log(`      the page had a turn at least every ${longest.toFixed(0)} ms`)
  })

  it('fits a phone', async () => {
    const page = await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    assert.equal(content, screen)
    await page.tap('#lend')
    await is(page, 'paused')
  })
})

/** What the server refuses, as it comes. @param {import('@nats-io/nats-core').NatsConnection} nc */
function collectErrors(nc) {
  /** @type {string[]} */
  const refused = []
  void (async () => {
    for await (const status of nc.status()) if (status.type === 'error') refused.push(status.error.message)
  })()
  return refused
}

describe('strangers', { skip: lacks, timeout: 300_000 }, () => {
  /** @type {Awaited<ReturnType<typeof start>>} */
  let demo
  before(async () => {
    demo = await start()
  })
  after(() => demo.end())

  it('are not let in without a user, or with another password', async () => {
    const { servers } = demo.coordinator
    await assert.rejects(connect({ servers }), { name: 'AuthorizationError' })
    await assert.rejects(connect({ servers, user: 'page', pass: 'password' }), { name: 'AuthorizationError' })
  })

  it('are not let in from the pages of others', async () => {
    /** @param {string} origin */
    const answer = async (origin) => {
      const headers = {
        ...{ Connection: 'Upgrade', Upgrade: 'websocket', Origin: origin },
        ...{ 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64') },
      }
      const asked = request(demo.page.servers.replace('ws:', 'http:'), { headers }).end()
      const answered = Promise.race([once(asked, 'response'), once(asked, 'upgrade')])
      const response = /** @type {import('node:http').IncomingMessage[]} */ (await answered)[0]
      response.socket.destroy()
      return response.statusCode
    }
    assert.equal(await answer(new URL(demo.url).origin), 101)
    assert.equal(await answer('http://example.org'), 403)
  })

  it('with the password of the page give nobody jobs, and read no inbox', async () => {
    const { user, password: pass } = demo.page
    const { servers } = demo.coordinator
    const nc = await connect({ servers, user, pass })
    const refused = collectErrors(nc)
    for (const subject of [
      'deltaprop.job.x',
      '$JS.API.STREAM.CREATE.x',
      '$JS.API.STREAM.DELETE.deltaprop_jobs',
    ])
      nc.publish(subject)
    for (const subject of ['_INBOX.>', 'deltaprop.result.>']) {
      nc.subscribe(subject, { callback: () => undefined })
    }
    await nc.flush()
    for (let i = 0; i < 100 && refused.length < 5; ++i)
      await new Promise((resolve) => setTimeout(resolve, 20))
    await nc.close()
    assert.deepEqual(
      refused.map((text) => text.replace(/^.*? to "/, '"')),
      [
        '"deltaprop.job.x"',
        '"$JS.API.STREAM.CREATE.x"',
        '"$JS.API.STREAM.DELETE.deltaprop_jobs"',
        '"_INBOX.>"',
        '"deltaprop.result.>"',
      ],
    )
  })
})
