// @ts-check
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, afterEach, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Network } from 'deltaprop'
import { draw, reading, serve, sheetOf, trained } from './browser.js'
import { drawings, letter } from './drawings.js'
import { measure, watchTasks } from './long-tasks.js'

describe('the page', () => {
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

  beforeEach(async () => {
    page = await served.browser.newPage({ viewport: { width: 1280, height: 1000 } })
    page.setDefaultTimeout(120_000)
    complaints = []
    page.on('console', (message) => {
      if (message.type() !== 'log') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await watchTasks(page)
    await page.goto(served.url)
    await trained(page)
  })
  afterEach(async () => {
    await page.close()
    // What violates the policy is a complaint, too.
    assert.deepEqual(complaints, [])
  })

  it('reads digits that are drawn, having learnt those of others', async () => {
    assert.ok(Number.parseFloat((await page.textContent('#accuracy')) ?? '') > 95)
    const readings = []
    for (const drawing of drawings) {
      await page.keyboard.press('Escape')
      await draw(page, drawing)
      readings.push(await reading(page))
    }
    const right = readings.filter((digit, i) => digit === i).length
    assert.ok(right >= 9, `expected at least 9 of the digits 0 to 9, got ${readings.join(' ')}`)
  })

  it('learns what it is told, keeps it, and forgets it', async () => {
    await draw(page, letter)
    const before = await reading(page)
    const label = before === 7 ? 2 : 7
    await page.click(`#answers li:nth-child(${label + 1}) button`)
    await trained(page)
    assert.equal(await reading(page), label)
    assert.equal(await page.locator('#lessons li').count(), 1)

    await page.reload()
    await draw(page, letter)
    assert.equal(await reading(page), label)
    assert.equal(await page.textContent('#epochs'), '0')
    assert.equal(await page.locator('#lessons li').count(), 1)

    await page.click('#reset')
    await trained(page)
    await draw(page, letter)
    assert.equal(await reading(page), before)
    assert.equal(await page.locator('#lessons li').count(), 0)
  })

  it('saves the network as a file, and as a function that needs nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deltaprop-draw-'))
    try {
      const [bytes, code] = [join(folder, 'digits.safetensors'), join(folder, 'digits.mjs')]
      for (const [button, file] of [
        ['#save', bytes],
        ['#save-function', code],
      ]) {
        const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)])
        await download.saveAs(file)
      }
      const net = Network.fromBytes(await readFile(bytes))
      /** @type {unknown} */
      const module = await import(pathToFileURL(code).href)
      const { predict } = /** @type {{ predict: (x: ArrayLike<number>) => number[] }} */ (module)
      const x = Float32Array.from({ length: 64 }, (_, i) => (i % 16) / 16)
      const [expected, actual] = [net.predict(x), predict(x)]
      for (const [digit, probability] of actual.entries())
        assert.ok(Math.abs(probability - expected[digit]) < 1e-5)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('is drawn on with the keyboard', async () => {
    await page.focus('#pad')
    await page.keyboard.press('Space')
    for (let i = 0; i < 15; ++i) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    assert.equal(await reading(page), 1)
    await page.keyboard.press('1')
    await trained(page)
    assert.equal(await page.locator('#lessons li').count(), 1)
  })

  it('runs no script but its own', async () => {
    await assert.rejects(page.addScriptTag({ content: 'document.title = "inline"' }))
    assert.equal(complaints.length, 1)
    assert.match(complaints[0], /Content Security Policy/)
    complaints = []
  })

  // 2048 hidden neurons: some 60 ms of work in an epoch, 60 times. Turns are counted, not timed, so that it holds on a busy machine,
  // too: at least one for each epoch, and hardly one beside training that does block.
  it('stays free while it trains', async (t) => {
    const training = await measure(page, async () => {
      await page.selectOption('#units', '2048')
      await page.waitForSelector('body[data-training="true"]')
      await trained(page)
    })
    assert.equal(await page.textContent('#epochs'), '60')
    const blocking = await measure(page, () => page.evaluate(trainWithoutTurns))
    for (const [name, { turns, seconds, longest, blocked }] of Object.entries({ training, blocking })) {
      t.diagnostic(
        `${name}: ${turns} turns in ${seconds.toFixed(1)} s, ${(100 * blocked).toFixed(0)} % in long tasks, the longest ${longest.toFixed(0)} ms`,
      )
    }
    assert.ok(training.turns >= 60, `expected a turn for each of 60 epochs, got ${training.turns}`)
    assert.ok(blocking.turns < 60, 'the measurement does not see a page that is blocked')
  })

  it('fits a phone, and is drawn on with a finger', async () => {
    const context = await served.browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    })
    const phone = await context.newPage()
    phone.setDefaultTimeout(120_000)
    await phone.goto(served.url)
    await trained(phone)
    const [content, screen] = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    assert.equal(content, screen)

    const { x, y, width, height } = await sheetOf(phone)
    const finger = await context.newCDPSession(phone)
    for (const [i, [px, py]] of drawings[7][0].entries()) {
      const touchPoints = [{ x: x + px * width, y: y + py * height }]
      await finger.send('Input.dispatchTouchEvent', {
        type: i === 0 ? 'touchStart' : 'touchMove',
        touchPoints,
      })
    }
    await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    assert.equal(await reading(phone), 7)
    await context.close()
  })
})

/** In the page: a second of training without a turn for anybody else. */
async function trainWithoutTurns() {
  // Its address is the page's, not that of this file.
  const address = '/deltaprop/index.js'
  /** @type {unknown} */
  const module = await import(address)
  const { Network, sgd } = /** @type {typeof import('deltaprop')} */ (module)
  const net = new Network([64, 256, 10])
  const [x, y] = [new Float32Array(64 * 64), new Float32Array(64 * 10)]
  const end = performance.now() + 1000
  while (performance.now() < end) net.train(x, y, sgd({ learningRate: 0.01 }))
}
