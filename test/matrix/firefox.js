// @ts-check
/**
 * Debian's Firefox, driven through Marionette, the protocol of its own that geckodriver, which Debian has not, translates WebDriver to
 * (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html).
 *
 * It speaks WebDriver BiDi, too, but in a session of that a worker that starts others stops for good in one `new Worker` of fifty,
 * whatever they run (Firefox 153.7; never in 600 without such a session).
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lastLines, Missing } from './kit.js'
import { TELL, waitUntilTold } from './told.js'

const EXECUTABLE = '/usr/bin/firefox-esr'

/** How long it may take to start, in milliseconds. */
const PATIENCE = 60_000

// What Firefox does of its own accord its driver switches off; port 0 is one that is free, which it writes into its profile.
const PREFERENCES = `
user_pref('marionette.port', 0)
user_pref('browser.shell.checkDefaultBrowser', false)
user_pref('datareporting.policy.dataSubmissionEnabled', false)
`

/**
 * @returns {Promise<import('./told.js').Browser>}
 * @throws Missing if there is no Firefox
 */
export async function openFirefox() {
  if (!existsSync(EXECUTABLE)) throw new Missing(`there is no ${EXECUTABLE}`)
  const profile = mkdtempSync(join(tmpdir(), 'deltaprop-firefox-'))
  writeFileSync(join(profile, 'user.js'), PREFERENCES)
  const options = ['--headless', '--no-remote', '--profile', profile, '--marionette']
  const firefox = spawn(EXECUTABLE, options, { stdio: 'ignore' })
  const exit = new Promise((resolve) => firefox.once('exit', resolve))
  const removeProfile = () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  const killNow = () => {
    firefox.kill('SIGKILL')
    removeProfile()
  }
  process.once('exit', killNow)
  const close = async () => {
    process.off('exit', killNow)
    firefox.kill()
    await exit
    removeProfile()
  }
  try {
    const connection = await Connection.open(await portIn(profile))
    const session = await connection.send('WebDriver:NewSession', {})
    const { capabilities } = /** @type {{ capabilities: { browserVersion: string } }} */ (session)
    return {
      version: capabilities.browserVersion,
      // What the console says there is no command for: a page that does not tell of its own errors is waited for in vain.
      async report(url) {
        try {
          await connection.send('WebDriver:Navigate', { url })
          const script = `const globalThis = window; return ${TELL}`
          return await waitUntilTold(async () => {
            const answer = await connection.send('WebDriver:ExecuteScript', { script, args: [] })
            return /** @type {{ value: unknown }} */ (answer).value
          })
        } catch (error) {
          return { failed: lastLines(error) }
        }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** @param {string} profile @returns {Promise<number>} */
async function portIn(profile) {
  const file = join(profile, 'MarionetteActivePort')
  for (const end = performance.now() + PATIENCE; performance.now() < end;) {
    const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
    if (port > 0) return port
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Firefox did not listen within ${PATIENCE / 1000} s`)
}

/** One command at a time, and its answer: each is the length of a JSON text, a colon, and the text. */
class Connection {
  #socket
  #sent = 0
  #received = Buffer.alloc(0)
  /** @type {((error: Error | null, result?: unknown) => void) | undefined} */
  #settle

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.#socket = socket
    socket.on('data', (data) => this.#receive(data))
    socket.on('close', () => this.#settle?.(new Error('Firefox has closed the connection')))
  }

  /** @param {number} port @returns {Promise<Connection>} */
  static open(port) {
    const socket = connect(port, '127.0.0.1')
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      // It begins with what it is.
      socket.once('data', () => resolve(new Connection(socket)))
    })
  }

  /** @param {string} command @param {object} parameters @returns {Promise<unknown>} */
  send(command, parameters) {
    if (this.#socket.destroyed) return Promise.reject(new Error('Firefox has closed the connection'))
    const text = JSON.stringify([0, ++this.#sent, command, parameters])
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`)
    return new Promise((resolve, reject) => {
      this.#settle = (error, result) => (error === null ? resolve(result) : reject(error))
    })
  }

  /** @param {Buffer} data */
  #receive(data) {
    this.#received = Buffer.concat([this.#received, data])
    const colon = this.#received.indexOf(':')
    const end = colon + 1 + Number(this.#received.subarray(0, colon))
    if (colon < 0 || this.#received.length < end) return
    /** @type {unknown} */
    const answer = JSON.parse(this.#received.subarray(colon + 1, end).toString())
    this.#received = this.#received.subarray(end)
    const [, , error, result] = /** @type {[number, number, { message: string } | null, unknown]} */ (answer)
    this.#settle?.(error && new Error(error.message), result)
  }
}
