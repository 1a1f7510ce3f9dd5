// @ts-check
/** Pages in Chromium, for the tests of examples. Each has a playwright of its own. */
import { once } from 'node:events'

/** With Debian's browser. Where there is none the tests fail. */
export const chromiumOptions = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
}

/**
 * A page in a browser, and a way to end both.
 *
 * @template {{ close(): Promise<void> }} Browser
 * @param {{ launch(options: typeof chromiumOptions): Promise<Browser> }} chromium
 * @param {import('node:http').Server} server of the page
 */
export async function openPage(chromium, server) {
  // Before the server, which would keep the tests from ending where there is no browser.
  const browser = await chromium.launch(chromiumOptions)
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
