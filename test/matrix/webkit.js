// @ts-check
/** Debian's WebKitGTK, on a screen that nobody sees, driven through WebDriver (https://www.w3.org/TR/webdriver2/). */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { lastLines, Missing } from './kit.js'
import { TELL, waitUntilTold } from './told.js'

const DRIVER = '/usr/bin/WebKitWebDriver'
const SCREEN = '/usr/bin/Xvfb'
// On other machines than PCs the folder has another name.
const MACHINES = ['x86_64', 'aarch64'].map((name) => `/usr/lib/${name}-linux-gnu`)
const BROWSERS = MACHINES.map((folder) => `${folder}/webkit2gtk-4.1/MiniBrowser`)

/**
 * @param {NodeJS.ProcessEnv} [env] of the browser
 * @returns {Promise<import('./told.js').Browser>}
 * @throws Missing if there is no WebKitGTK, or no screen for it
 */
export async function openWebKit(env = {}) {
  const binary = BROWSERS.find((file) => existsSync(file))
  if (binary === undefined) throw new Missing(`there is no ${BROWSERS[0]}`)
  for (const file of [DRIVER, SCREEN]) if (!existsSync(file)) throw new Missing(`there is no ${file}`)
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = []
  const kill = () => {
    process.off('exit', kill)
    for (const child of children.reverse()) child.kill()
  }
  process.once('exit', kill)
  try {
    const screen = spawn(SCREEN, ['-displayfd', '3', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    children.push(screen)
    const display = await firstLine(/** @type {import('node:stream').Readable} */ (screen.stdio[3]))
    const port = await freePort()
    const driver = spawn(DRIVER, [`--port=${port}`], {
      env: { ...process.env, GDK_BACKEND: 'x11', DISPLAY: `:${display}`, ...env },
      stdio: 'ignore',
    })
    children.push(driver)
    /** @param {string} method @param {string} path @param {object} [body] */
    const ask = (method, path, body) => command(`http://127.0.0.1:${port}/session${path}`, method, body)
    const options = { binary, args: ['--automation'] }
    const alwaysMatch = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options }
    const created = await whenListening(() => ask('POST', '', { capabilities: { alwaysMatch } }))
    const { sessionId, capabilities } =
      /** @type {{ sessionId: string, capabilities: { browserVersion: string } }} */ (created)
    return {
      version: capabilities.browserVersion,
      // What the console says there is no command for: a page that does not tell of its own errors is waited for in vain.
      async report(url) {
        try {
          await ask('POST', `/${sessionId}/url`, { url })
          const script = { script: `return ${TELL}`, args: [] }
          return await waitUntilTold(() => ask('POST', `/${sessionId}/execute/sync`, script))
        } catch (error) {
          return { failed: lastLines(error) }
        }
      },
      async close() {
        await ask('DELETE', `/${sessionId}`).finally(kill)
      },
    }
  } catch (error) {
    kill()
    throw error
  }
}

/** @param {string} url @param {string} method @param {object} [body] @returns {Promise<unknown>} */
async function command(url, method, body) {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) })
  /** @type {unknown} */
  const answer = await response.json()
  const { value } = /** @type {{ value: unknown }} */ (answer)
  if (!response.ok) throw new Error(/** @type {{ message: string }} */ (value).message)
  return value
}

/** The driver does not say when it listens. @template T @param {() => Promise<T>} ask @returns {Promise<T>} */
async function whenListening(ask) {
  for (let tries = 100; ; --tries) {
    try {
      return await ask()
    } catch (error) {
      // What fetch throws where nobody listens.
      if (!(error instanceof TypeError) || tries === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** @param {import('node:stream').Readable} stream @returns {Promise<string>} */
function firstLine(stream) {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (data) => {
      text += String(data)
      if (text.endsWith('\n')) resolve(text.trim())
    })
    stream.once('end', () => reject(new Error('Xvfb ended before it had a display')))
  })
}

/** @returns {Promise<number>} */
function freePort() {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })
}
