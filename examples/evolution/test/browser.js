// @ts-check
import { once } from 'node:events'
import { chromium } from 'playwright-core'
import { server } from '../serve.js'

/** @typedef {import('playwright-core').Page} Page */

/** Debian's. Where there is none the tests fail. */
const executablePath = '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** The page in a browser, and a way to end both. */
export async function serve() {
  // Before the server, which would keep the tests from ending where there is no browser.
  const browser = await chromium.launch({ executablePath, args })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    url: `http://127.0.0.1:${port}/`,
    browser,
    end: async () => {
      await browser.close()
      server.close()
    },
  }
}
