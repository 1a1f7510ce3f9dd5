// @ts-check
/** Debian's Firefox, which speaks WebDriver BiDi (https://w3c.github.io/webdriver-bidi/) itself, without geckodriver. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { lastLines, Missing } from './kit.js'
import { TELL, waitUntilTold } from './told.js'

const EXECUTABLE = '/usr/bin/firefox-esr'

// What Firefox does of its own accord, its protocol has switched off; these are for its first start.
const PREFERENCES = `
user_pref('browser.aboutwelcome.enabled', false)
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
  const options = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0']
  const firefox = spawn(EXECUTABLE, options, { stdio: ['ignore', 'ignore', 'pipe'] })
  const exit = new Promise((resolve) => firefox.once('exit', resolve))
  const close = async () => {
    firefox.kill()
    await exit
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const connection = await Connection.open(await addressIn(firefox.stderr))
    const { capabilities } = /** @type {{ capabilities: { browserVersion: string } }} */ (
      await connection.send('session.new', { capabilities: {} })
    )
    await connection.send('session.subscribe', { events: ['log.entryAdded'] })
    return {
      version: capabilities.browserVersion,
      report: (url, { expected } = {}) => report(connection, url, expected),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * @param {Connection} connection
 * @param {string} url
 * @param {RegExp} [expected]
 * @returns {Promise<import('./told.js').Cell['outcome']>}
 */
async function report(connection, url, expected) {
  const created = await connection.send('browsingContext.create', { type: 'tab' })
  const { context } = /** @type {{ context: string }} */ (created)
  try {
    const failure = connection.nextError(context, expected)
    await connection.send('browsingContext.navigate', { context, url, wait: 'complete' })
    const ask = async () => {
      const evaluated = await connection.send('script.evaluate', {
        target: { context },
        expression: TELL,
        awaitPromise: false,
      })
      return /** @type {{ result: { value: string } }} */ (evaluated).result.value
    }
    return await waitUntilTold(ask, failure)
  } catch (error) {
    return { failed: lastLines(error) }
  } finally {
    await connection.send('browsingContext.close', { context })
  }
}

/** @param {import('node:stream').Readable} stderr @returns {Promise<string>} */
function addressIn(stderr) {
  return new Promise((resolve, reject) => {
    const lines = createInterface(stderr)
    lines.on('line', (line) => {
      const address = /^WebDriver BiDi listening on (\S+)$/.exec(line)?.[1]
      if (address !== undefined) resolve(address)
    })
    lines.once('close', () => reject(new Error('Firefox ended before it listened')))
  })
}

/**
 * @typedef {{ level: string, text: string, source: { context?: string } }} Entry
 * @typedef {{ type: 'success', id: number, result: unknown } | { type: 'error', id: number, message: string }
 *   | { type: 'event', params: Entry }} Answer
 */

/** Commands, each with its answer, and what the consoles say, over one socket. */
class Connection {
  #socket
  #sent = 0
  /** @type {Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>} */
  #waiting = new Map()
  /** @type {Set<(entry: Entry) => void>} */
  #listeners = new Set()

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.#socket = socket
    socket.on('message', (data) => this.#receive(/** @type {Buffer} */ (data)))
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox has closed the connection'))
    })
  }

  /** @param {string} address @returns {Promise<Connection>} */
  static open(address) {
    const socket = new WebSocket(`${address}/session`)
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new Connection(socket))).once('error', reject)
    })
  }

  /** @param {string} method @param {object} params @returns {Promise<unknown>} */
  send(method, params) {
    const id = ++this.#sent
    this.#socket.send(JSON.stringify({ id, method, params }))
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  /**
   * The first error that is not caught in a page or that its console says.
   *
   * @param {string} context
   * @param {RegExp} [expected] those that are not meant
   * @returns {Promise<string>}
   */
  nextError(context, expected) {
    return new Promise((resolve) => {
      this.#listeners.add(({ level, text, source }) => {
        if (level === 'error' && source.context === context && expected?.test(text) !== true) resolve(text)
      })
    })
  }

  /** @param {Buffer} data */
  #receive(data) {
    /** @type {unknown} */
    const parsed = JSON.parse(data.toString())
    const answer = /** @type {Answer} */ (parsed)
    if (answer.type === 'event') {
      for (const listener of this.#listeners) listener(answer.params)
      return
    }
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (answer.type === 'success') waiting?.resolve(answer.result)
    else waiting?.reject(new Error(answer.message))
  }
}
