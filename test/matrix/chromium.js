// @ts-check
/** Debian's Chromium, driven through its own protocol. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { lastLines, Missing } from './kit.js'
import { TELL, waitUntilTold } from './told.js'

const EXECUTABLE = '/usr/bin/chromium'

// The sandbox does not run as root; the rest keeps Chromium from what it does of its own accord.
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @throws Missing if there is no Chromium */
export async function launchChromium() {
  if (!existsSync(EXECUTABLE)) throw new Missing(`there is no ${EXECUTABLE}`)
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS })
}

/**
 * @returns {Promise<import('./told.js').Browser>}
 * @throws Missing if there is no Chromium
 */
export async function openChromium() {
  const browser = await launchChromium()
  return {
    version: browser.version(),
    async report(url, { expected } = {}) {
      const page = await browser.newPage()
      try {
        const failure = failureOf(page, expected)
        await page.goto(url)
        return await waitUntilTold(() => page.evaluate(TELL), { failure })
      } catch (error) {
        return { failed: lastLines(error) }
      } finally {
        await page.close()
      }
    },
    close: () => browser.close(),
  }
}

/**
 * An error that the page does not catch, or that its console says; the favicon that it does not have is none.
 *
 * @param {import('playwright-core').Page} page
 * @param {RegExp} [expected]
 * @returns {Promise<string>}
 */
function failureOf(page, expected) {
  return new Promise((resolve) => {
    page.on('pageerror', (error) => resolve(error.stack ?? error.message))
    page.on('crash', () => resolve('the page crashed'))
    page.on('console', (message) => {
      const text = message.text()
      const { url } = message.location()
      if (message.type() !== 'error' || url.endsWith('/favicon.ico') || expected?.test(text) === true) return
      resolve(`${text} (${url})`)
    })
  })
}
