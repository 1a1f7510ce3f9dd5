// @ts-check
/** Chromium, and what a page in it reports. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { Missing } from './kit.js'

/**
 * @typedef {import('./report.js').Cell} Cell
 * @typedef {import('./report.js').Report} Report
 * @typedef {{ deltapropReport?: Report, deltapropFailure?: string }} Told what a page leaves in globalThis
 */

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

/** How long a page may take, in milliseconds. */
export const PATIENCE = 120_000

/** @throws Missing if there is no Chromium */
export async function launchChromium() {
  if (!existsSync(EXECUTABLE)) throw new Missing(`there is no ${EXECUTABLE}`)
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS })
}

/**
 * A Chromium whose pages leave what they have found in `globalThis.deltapropReport`, or in `globalThis.deltapropFailure` why there is
 * nothing.
 *
 * @throws Missing if there is no Chromium
 */
export async function openChromium() {
  const browser = await launchChromium()
  return {
    version: browser.version(),
    /**
     * Opens a page, and waits for what it tells. It has failed if it throws, says an error on its console, or tells nothing in 120 s.
     *
     * @param {string} url
     * @returns {Promise<Cell['outcome']>}
     */
    async report(url) {
      const page = await browser.newPage()
      try {
        return await Promise.race([whatFails(page), whatItTells(page, url)])
      } catch (error) {
        return { failed: error instanceof Error ? error.message : String(error) }
      } finally {
        await page.close()
      }
    },
    close: () => browser.close(),
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} url
 * @returns {Promise<Cell['outcome']>}
 */
async function whatItTells(page, url) {
  await page.goto(url, { timeout: PATIENCE })
  const handle = await page.waitForFunction(
    () => {
      const { deltapropReport: report, deltapropFailure: failed } = /** @type {Told} */ (globalThis)
      return report ? { report } : failed === undefined ? undefined : { failed }
    },
    undefined,
    { timeout: PATIENCE, polling: 50 },
  )
  return /** @type {{ report: Report } | { failed: string }} */ (await handle.jsonValue())
}

/**
 * An error that the page does not catch, or that its console says; the favicon that it does not have is none.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{ failed: string }>}
 */
function whatFails(page) {
  return new Promise((resolve) => {
    page.on('pageerror', (error) => resolve({ failed: error.stack ?? error.message }))
    page.on('crash', () => resolve({ failed: 'the page crashed' }))
    page.on('console', (message) => {
      const { url } = message.location()
      if (message.type() === 'error' && !url.endsWith('/favicon.ico')) {
        resolve({ failed: `${message.text()} (${url})` })
      }
    })
  })
}
